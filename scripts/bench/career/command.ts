// `npm run bench -- career`: from a résumé and a posting to all files by rules alone, stage by stage, and the same again.
import { availableParallelism, loadavg } from "node:os";
import { contentHash } from "../../../server/modules/career/resume/hash.ts";
import type { RunView } from "../../../shared/schemas/career/runs.ts";
import { mintLocalToken } from "../../token.ts";
import { positiveOption, type Benchmark } from "../benchmark.ts";
import { startServerProcess } from "../server-process.ts";
import { latencyOf, round, table } from "../statistics.ts";
import { CareerClient } from "./client.ts";
import { benchPosting, benchResume } from "./data.ts";

const targetMs = 5_000;
const stages = [
  ["rubricMs", "reading the posting"],
  ["embeddingMs", "comparing by numbers"],
  ["selectionMs", "choosing bullets"],
  ["tailorMs", "tailoring"],
  ["latexMs", "LaTeX, Word and JSON"],
  ["pdfMs", "PDF"],
] as const;

interface Round {
  /** From the résumé's sending to the last file's arrival. */
  wholeMs: number;
  runMs: number;
  timing: RunView["timing"];
  /** Of the plan, of the tailored page, and of each file. */
  hashes: Record<string, string>;
}

export const careerBenchmark: Benchmark = {
  help: `[--bullets 60] [--runs 10]
  --bullets  of the résumé
  --runs     one after the other, each by another person who brings the same résumé and posting; the first finds nothing loaded`,
  options: { bullets: { type: "string", default: "60" }, runs: { type: "string", default: "10" } },
  async run(values, progress) {
    const bullets = positiveOption(values, "bullets");
    const server = await startServerProcess();
    const rounds: Round[] = [];
    try {
      for (let at = 0; at < positiveOption(values, "runs"); at += 1) {
        progress(`Run ${at + 1} …`);
        const email = `career-${at}@bench.example`;
        const token = await mintLocalToken({ dataDir: server.dataDir, email, name: `Person ${at}` });
        rounds.push(await oneRound(new CareerClient(server.url, token), bullets));
      }
    } finally {
      await server.stop();
    }
    const differing = differingHashes(rounds);
    const slowestMs = Math.max(...rounds.map(({ wholeMs }) => wholeMs));
    return {
      text: describe(rounds, { bullets, differing }),
      result: { bullets, rounds, differing },
      failed: differing.length > 0 || slowestMs > targetMs,
    };
  },
};

async function oneRound(client: CareerClient, bullets: number): Promise<Round> {
  const startMs = performance.now();
  const material = await client.material(benchResume(bullets), benchPosting);
  const runStartMs = performance.now();
  const { runId } = await client.start(material);
  const view = await client.ended(runId);
  const runMs = performance.now() - runStartMs;
  if (view.status === "error") throw new Error(`The run stopped: ${view.errorMessage}`);
  const files = await client.files(view);
  return {
    wholeMs: performance.now() - startMs,
    runMs,
    timing: view.timing,
    hashes: {
      plan: contentHash(view.plan),
      page: view.tailored.map(({ tailoredHash }) => tailoredHash).join(" "),
      ...files,
    },
  };
}

function differingHashes(rounds: readonly Round[]): string[] {
  const names = new Set(rounds.flatMap(({ hashes }) => Object.keys(hashes)));
  return [...names].filter((name) => new Set(rounds.map(({ hashes }) => hashes[name])).size > 1);
}

function describe(rounds: readonly Round[], of: { bullets: number; differing: string[] }): string {
  const row = (name: string, values: readonly number[]) => {
    const { p50, max } = latencyOf([...values]);
    const [first = Number.NaN, ...others] = values;
    const mean = others.reduce((sum, value) => sum + value, 0) / Math.max(1, others.length);
    return [name, ...[round(first), round(mean), p50, max].map(String)];
  };
  const [first, last] = [rounds[0], rounds.at(-1)];
  const hashes = Object.keys(first?.hashes ?? {}).map((name) => [
    name,
    (first?.hashes[name] ?? "").slice(0, 16),
    (last?.hashes[name] ?? "").slice(0, 16),
    of.differing.includes(name) ? "differs" : "the same in all",
  ]);
  return [
    `${of.bullets} bullets, ${rounds.length} runs, no model; ${availableParallelism()} cores with a load average of ${round(loadavg()[0] ?? 0)}`,
    "",
    table([
      ["milliseconds", "first", "mean of the others", "median of all", "slowest"],
      ...stages.map(([field, name]) =>
        row(
          name,
          rounds.map(({ timing }) => timing[field] ?? 0),
        ),
      ),
      row(
        "run, queued to ended",
        rounds.map(({ runMs }) => runMs),
      ),
      row(
        "résumé sent to last file read",
        rounds.map(({ wholeMs }) => wholeMs),
      ),
    ]),
    "",
    table([["SHA-256 of", "first run", "last run", ""], ...hashes]),
    "",
    `The first run finds nothing loaded: solver and typesetter are compiled in it. Wanted: each below ${targetMs} ms, and all hashes the same.`,
  ].join("\n");
}
