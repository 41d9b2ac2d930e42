// `npm run chaos [-- --rounds 100] [--only store]`: the kill tests at full size; their short versions run with the tests.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { readArguments, runCommand, UsageError, wholeNumber } from "./arguments.ts";
import { writeReport } from "./report.ts";

/** What can be killed, and the test that does it. */
const subjects: Readonly<Record<string, string>> = {
  call: "call.test.ts",
  journal: "journal.test.ts",
  store: "embedded-mongo.test.ts",
  cluster: "cluster.test.ts",
  nodes: "nodes.test.ts",
  readers: "readers.test.ts",
  rolling: "rolling.test.ts",
  pause: "store-pause.test.ts",
  /** The live queue, and the rounds that administrators publish. */
  matching: "matching",
  queue: "matching.test.ts",
  rounds: "matching-rounds.test.ts",
  career: "career.test.ts",
};

const usage = `Usage: npm run chaos [-- --rounds 100] [--only SUBJECT]
  --rounds  kills of each kind
  --only    ${Object.keys(subjects).join(", ")}`;

await runCommand(async () => {
  const { values } = readArguments(usage, {
    options: { rounds: { type: "string", default: "100" }, only: { type: "string" } },
  });
  const rounds = wholeNumber(usage, "rounds", values.rounds);
  const { only } = values;
  if (only !== undefined && !Object.hasOwn(subjects, only))
    throw new UsageError(`--only must be one of ${Object.keys(subjects).join(", ")}.\n${usage}`);
  const { code, output } = await runTests(join("tests", "chaos", subjects[only ?? ""] ?? ""), rounds);
  const file = await writeReport(only === undefined ? "chaos" : `chaos-${only}`, {
    command: `npm run chaos -- --rounds ${rounds}${only === undefined ? "" : ` --only ${only}`}`,
    text: stripVTControlCharacters(output)
      .split("\n")
      .filter((line) => /✓|×|figures:|Tests|Duration/.test(line))
      .map((line) => line.trim())
      .join("\n"),
  });
  console.log(`Written to ${file}`);
  return code;
});

/** What they print is shown meanwhile. */
function runTests(tests: string, rounds: number): Promise<{ code: number; output: string }> {
  const vitest = join(import.meta.dirname, "..", "node_modules", "vitest", "vitest.mjs");
  const child = spawn(
    process.execPath,
    [vitest, "run", "--project", "integration", tests, "--testTimeout", "0", "--reporter", "verbose"],
    {
      env: { ...process.env, CHAOS_ROUNDS: String(rounds), NODES_ROUNDS: String(rounds) },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    process.stdout.write(chunk);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
