// A person who has runs made over the REST API: a résumé, a posting, runs, and their files.
import { createHash } from "node:crypto";
import type { RunSummary, RunView } from "../../../shared/schemas/career/runs.ts";
import type { AddedPosting } from "../../../shared/schemas/career/postings.ts";
import type { Resume } from "../../../shared/schemas/career/resumes.ts";
import { wait } from "../load-process.ts";

export interface Material {
  masterResumeId: string;
  jobId: string;
}

const lookEveryMs = 25;

export class CareerClient {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async material(content: object, text: string): Promise<Material> {
    const resume = await this.#json<Resume>("POST", "/api/v1/career/resumes", { name: "Bench", content });
    const { posting } = await this.#json<AddedPosting>("POST", "/api/v1/career/postings", {
      text,
      company: "Northwind",
    });
    return { masterResumeId: resume.id, jobId: posting.id };
  }

  start(material: Material): Promise<RunSummary> {
    return this.#json<RunSummary>("POST", "/api/v1/career/runs", material);
  }

  /** Looks again until it has ended. */
  async ended(runId: string): Promise<RunView> {
    for (;;) {
      const view = await this.#json<RunView>("GET", `/api/v1/career/runs/${runId}`);
      if (view.status === "success" || view.status === "error") return view;
      await wait(lookEveryMs);
    }
  }

  /** Those that have not ended. */
  async cancelAll(of: ReadonlySet<string>): Promise<void> {
    for (const runId of of) {
      const path = `/api/v1/career/runs/${runId}/cancel`;
      // Refused where it has ended meanwhile.
      await this.#fetch("POST", path).catch((error: unknown) => {
        if (!String(error).includes("answered 409")) throw error;
      });
    }
  }

  async count(status: RunSummary["status"], of: ReadonlySet<string>): Promise<number> {
    let found = 0;
    for (let cursor: string | null = ""; cursor !== null;) {
      const from = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page: { items: RunSummary[]; nextCursor: string | null } = await this.#json(
        "GET",
        `/api/v1/career/runs?status=${status}&limit=50${from}`,
      );
      found += page.items.filter(({ runId }) => of.has(runId)).length;
      cursor = page.nextCursor;
    }
    return found;
  }

  /** SHA-256 of each file by its type. */
  async files({ runId, files }: RunView): Promise<Record<string, string>> {
    const hashes: Record<string, string> = {};
    for (const { artifactType, artifactId } of files) {
      const response = await this.#fetch("GET", `/api/v1/career/runs/${runId}/files/${artifactId}`);
      const bytes = Buffer.from(await response.arrayBuffer());
      hashes[artifactType] = createHash("sha256").update(bytes).digest("hex");
    }
    return hashes;
  }

  async #json<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    return (await (await this.#fetch(method, path, body)).json()) as Answer;
  }

  async #fetch(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response;
  }
}
