// Runs what shows the properties of the realtime core, one after the other, and says of each what came out.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { runNotesBenchmark, type NotesShape } from "../notes/notes.ts";
import { round } from "../statistics.ts";
import { describeLimit, judge, readFigures } from "./figures.ts";
import type { BenchmarkEvidence, Property, TestEvidence } from "./properties.ts";

const root = join(import.meta.dirname, "..", "..", "..");

export interface EvidenceRow {
  property: number;
  name: string;
  verdict: "shown" | "partly shown" | "failed" | "not shown";
  figure: string;
  limit: string;
  /** The environment of the tests: sizes and seeds. */
  environment: string;
  command: string;
  seconds: number;
  /** Of the last minute, when it ended: above the number of cores others have worked beside it. */
  loadAverage: number;
  notShown: string;
  /** Day, as each property may be run by itself. */
  measuredOn: string;
}

interface ShowOptions {
  /** The tests run at their short size, and benchmarks for a few seconds. */
  short: boolean;
  progress(line: string): void;
}

interface Outcome {
  met: boolean;
  /** Tests that need something that is not there, e.g. Redis or MONGODB_URI, show nothing and fail nothing. */
  skipped?: boolean;
  figure: string;
  limit: string;
  environment: string;
  command: string;
}

/** Whatever fails is part of the row; never rejects. */
export async function showProperty(property: Property, options: ShowOptions): Promise<EvidenceRow> {
  const outcomes: Outcome[] = [];
  const startedMs = performance.now();
  for (const evidence of property.evidence) {
    const run = evidence.kind === "test" ? runTests(evidence, options) : measure(evidence, options);
    outcomes.push(
      await run.catch((error: unknown): Outcome => {
        const figure = error instanceof Error ? error.message : String(error);
        return { met: false, figure, limit: "", environment: "", command: "" };
      }),
    );
  }
  const failed = outcomes.some(({ met, skipped }) => !met && skipped !== true);
  const skipped = outcomes.filter((outcome) => outcome.skipped === true).length;
  const verdict = (): EvidenceRow["verdict"] => {
    if (failed) return "failed";
    if (skipped === outcomes.length) return "not shown";
    const whole = property.notShown === undefined && skipped === 0 && !options.short;
    return whole ? "shown" : "partly shown";
  };
  const joined = (name: "figure" | "limit" | "environment" | "command") =>
    [...new Set(outcomes.map((outcome) => outcome[name]).filter(Boolean))].join("; ");
  return {
    property: property.number,
    name: property.name,
    verdict: verdict(),
    figure: joined("figure"),
    limit: joined("limit"),
    environment: joined("environment"),
    command: joined("command"),
    seconds: round((performance.now() - startedMs) / 1000, 0),
    loadAverage: round(loadavg()[0] ?? 0, 1),
    notShown: property.notShown ?? "",
    measuredOn: today(),
  };
}

/** Tests between processes need redis-server; `npm test` finds it in the same way. */
function withRedis(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if ((environment["CONNVO_REDIS"] ?? "") !== "") return environment;
  const places = (environment["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "redis-server"));
  const found = places.find((place) => existsSync(place));
  return found === undefined ? environment : { ...environment, CONNVO_REDIS: found };
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  success: boolean;
  testResults: { assertionResults: { status: string; fullName: string; failureMessages: string[] }[] }[];
}

async function runTests(
  { project, file, titles, environment = {}, limits = [] }: TestEvidence,
  { short, progress }: ShowOptions,
): Promise<Outcome> {
  const directory = await mkdtemp(join(tmpdir(), "connvo-report-"));
  try {
    const output = join(directory, "report.json");
    const recorded = join(directory, "figures");
    const pattern = titles.map((title) => title.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    const args = ["run", "--project", project, file, "-t", pattern, "--testTimeout", "0"];
    const given = short ? {} : environment;
    const startedMs = performance.now();
    await new Promise<void>((resolve, reject) => {
      const child = spawn(process.execPath, [vitest, ...args, "--reporter", "json", "--outputFile", output], {
        cwd: root,
        env: { ...withRedis(process.env), ...given, CONNVO_FIGURES: recorded },
        stdio: ["ignore", "ignore", "inherit"],
      });
      child.once("error", reject);
      child.once("close", () => resolve());
    });
    const report = JSON.parse(await readFile(output, "utf8")) as VitestReport;
    const { numPassedTests: passed, numFailedTests: failures, success } = report;
    for (const { fullName, failureMessages } of report.testResults.flatMap((one) => one.assertionResults))
      for (const message of failureMessages) progress(`${fullName}: ${message}`);
    const seconds = round((performance.now() - startedMs) / 1000, 0);
    const variables = Object.entries(given).map(([name, value]) => `${name}=${value}`);
    const skipped = failures === 0 && passed === 0 && success;
    const figures = await readFigures(recorded);
    // A short run shows that it runs; its figures are not those of the property.
    const judged = skipped || short ? [] : limits.map((limit) => judge(limit, figures));
    const counts = skipped
      ? "skipped: it needs what is not here (Redis, MONGODB_URI)"
      : `${passed} passed${failures > 0 ? `, ${failures} failed` : ""}`;
    return {
      met: success && passed > 0 && judged.every(({ met }) => met),
      skipped,
      figure: [`${titles.join(" ")} ${counts} in ${seconds} s`, ...judged.map(({ text }) => text)].join(", "),
      limit: limits.map(describeLimit).join(", "),
      environment: variables.join(" "),
      command: [...variables, "npx vitest run --project", project, file, "--testTimeout 0"].join(" "),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(
  { load, limit, judge: judgeRun }: BenchmarkEvidence,
  { short, progress }: ShowOptions,
): Promise<Outcome> {
  const crowd = "crowd" in load;
  const shape: NotesShape = {
    name: crowd ? `1 room × ${load.crowd}` : `${load.rooms} rooms × 2`,
    rooms: crowd ? 1 : load.rooms,
    idleRooms: null,
    connectionsPerRoom: crowd ? load.crowd : 2,
    updatesPerSecond: load.updatesPerSecond,
    presencePerSecond: crowd ? 1 : 0,
  };
  const seconds = short ? 3 : 20;
  const { runs } = await runNotesBenchmark({
    shapes: [shape],
    kinds: ["connvo"],
    seconds,
    warmupSeconds: short ? 1 : 5,
    coldLoadMegabytes: 0,
    coldLoadSamples: 1,
    progress,
  });
  const [run] = runs;
  if (run === undefined) throw new Error("The benchmark measured nothing.");
  const rates = crowd
    ? `--rooms= --rates= --crowd ${load.crowd} --crowd-rate ${load.updatesPerSecond}`
    : `--rooms ${load.rooms} --rates ${load.updatesPerSecond} --crowd 0`;
  const { figure, met } = judgeRun(run);
  return {
    met,
    figure,
    limit,
    environment: "",
    command: `npm run bench -- notes --servers connvo ${rates} --seconds ${seconds} --cold-megabytes 0`,
  };
}

export interface Page {
  title: string;
  /** By which it is made. */
  command: string;
  /** Of the properties that there should be. */
  numbers: readonly number[];
}

/** A page in Markdown, a row for each property. */
export function markdownOf(rows: readonly EvidenceRow[], { title, command, numbers }: Page): string {
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const code = (text: string) => (text === "" ? "" : `\`${cell(text)}\``);
  const missing = numbers.filter((number) => !rows.some(({ property }) => property === number));
  return [
    `# ${title}`,
    "",
    `Generated on ${today()} by \`${command}\` with Node ${process.version} on ${cpus().length} cores, which the load shares; do not edit.`,
    "Each property by itself: `--only NUMBER`.",
    ...(missing.length === 0 ? [] : ["", `Not run yet: ${missing.join(", ")}.`]),
    "",
    "| # | property | verdict | figure | limit | sizes and seeds | s | load average | measured | not shown | command |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...rows.map(
      (row) =>
        `| ${row.property} | ${cell(row.name)} | ${row.verdict} | ${cell(row.figure)} | ${cell(row.limit)} | ${code(row.environment)} | ${row.seconds} | ${row.loadAverage} | ${row.measuredOn} | ${cell(row.notShown)} | ${code(row.command)} |`,
    ),
    "",
  ].join("\n");
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
