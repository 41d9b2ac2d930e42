// A local server with Pinecone's paths: what is written becomes visible late, and any request can be answered badly.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fits } from "../../server/vendors/vectors/filter.ts";
import type { Metadata, VectorFilter } from "../../server/vendors/vectors/index.ts";

interface Record_ {
  id: string;
  values: number[];
  metadata?: Metadata;
}

interface Write {
  namespace: string;
  apply(space: Map<string, Record_>): void;
}

export interface PineconeEmulator {
  url: string;
  received: { method: string; path: string; apiKey: string | undefined; body: unknown }[];
  /** From now on writes are acknowledged and not seen, until `settle`. */
  delayVisibility(): void;
  settle(): void;
  /** For the next requests in turn: a status, or silence. */
  next(...answers: (number | { status: number; retryAfter: string } | "silence")[]): void;
  /** Called whenever a request gets no answer. */
  onSilence(run: () => void): void;
  close(): Promise<void>;
}

export async function startPineconeEmulator({ dimension = 4 } = {}): Promise<PineconeEmulator> {
  const received: PineconeEmulator["received"] = [];
  const spaces = new Map<string, Map<string, Record_>>();
  const waiting: Write[] = [];
  const answers: (number | { status: number; retryAfter: string } | "silence")[] = [];
  let delayed = false;
  let silent = () => {};

  function write(one: Write): void {
    if (delayed) waiting.push(one);
    else one.apply(spaceOf(one.namespace));
  }
  function spaceOf(namespace: string): Map<string, Record_> {
    const space = spaces.get(namespace) ?? new Map<string, Record_>();
    spaces.set(namespace, space);
    return space;
  }

  const paths: Record<string, (body: never) => object> = {
    "POST /vectors/upsert"({ vectors, namespace = "" }: { vectors: Record_[]; namespace?: string }) {
      write({
        namespace,
        apply: (space) => {
          for (const each of vectors) space.set(each.id, each);
        },
      });
      return { upsertedCount: vectors.length };
    },
    "POST /query"(body: { vector: number[]; topK: number; namespace?: string; filter?: VectorFilter }) {
      const { vector, topK, namespace = "", filter } = body;
      const matches = [...spaceOf(namespace).values()]
        .filter(({ metadata = {} }) => filter === undefined || fits(metadata, filter))
        .map((each) => ({ ...each, values: [], score: cosine(vector, each.values) }))
        .sort((a, b) => b.score - a.score)
        .slice(0, topK);
      return { matches, namespace, usage: { readUnits: 1 } };
    },
    "POST /vectors/delete"(body: { ids?: string[]; namespace?: string; filter?: VectorFilter }) {
      const { ids, namespace = "", filter } = body;
      write({
        namespace,
        apply: (space) => {
          for (const [id, { metadata = {} }] of space)
            if (ids?.includes(id) === true || (filter !== undefined && fits(metadata, filter)))
              space.delete(id);
        },
      });
      return {};
    },
    "POST /describe_index_stats": () => ({
      dimension,
      indexFullness: 0,
      totalVectorCount: [...spaces.values()].reduce((sum, { size }) => sum + size, 0),
      namespaces: Object.fromEntries([...spaces].map(([name, { size }]) => [name, { vectorCount: size }])),
    }),
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    const body: unknown = text === "" ? {} : JSON.parse(text);
    const path = (request.url ?? "").split("?")[0] ?? "";
    const method = request.method ?? "GET";
    received.push({ method, path, apiKey: request.headers["api-key"]?.toString(), body });
    const answer = answers.shift();
    if (answer === "silence") return silent();
    const send = (status: number, content: object, headers: Record<string, string> = {}) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(content));
    };
    if (typeof answer === "number") return send(answer, { message: "refused" });
    if (answer !== undefined)
      return send(answer.status, { message: "refused" }, { "retry-after": answer.retryAfter });
    if (method === "GET" && path.startsWith("/indexes/")) {
      return send(200, {
        name: path.slice("/indexes/".length),
        metric: "cosine",
        dimension,
        vector_type: "dense",
        host: `http://127.0.0.1:${port()}`,
        spec: { serverless: { cloud: "aws", region: "us-east-1" } },
        status: { ready: true, state: "Ready" },
        deletion_protection: "disabled",
      });
    }
    const handler = paths[`${method} ${path}`];
    if (handler === undefined) return send(404, { message: "no such path" });
    send(200, handler(body as never));
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  const port = () => (server.address() as AddressInfo).port;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${port()}`,
    received,
    delayVisibility: () => void (delayed = true),
    settle() {
      delayed = false;
      for (const one of waiting.splice(0)) one.apply(spaceOf(one.namespace));
    },
    next: (...more) => void answers.push(...more),
    onSilence: (run) => (silent = run),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function cosine(one: number[], other: number[]): number {
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other) || 1);
}
