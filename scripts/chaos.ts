// `npm run chaos [-- --rounds 100] [--only store]`: the kill tests at full size; their short versions run with the tests.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs, stripVTControlCharacters } from "node:util";
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

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "100" }, only: { type: "string" } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error("--rounds must be a whole number above 0.");
  process.exit(1);
}
const only = values.only === undefined ? undefined : subjects[values.only];
if (values.only !== undefined && only === undefined) {
  console.error(`--only must be one of ${Object.keys(subjects).join(", ")}.`);
  process.exit(1);
}
const tests = join("tests", "chaos", only ?? "");

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
child.once("close", (code) => void finish(code ?? 1));

async function finish(code: number): Promise<void> {
  const lines = stripVTControlCharacters(output)
    .split("\n")
    .filter((line) => /✓|×|figures:|Tests|Duration/.test(line))
    .map((line) => line.trim());
  const { only: name } = values;
  const file = await writeReport(name === undefined ? "chaos" : `chaos-${name}`, {
    command: `npm run chaos -- --rounds ${rounds}${name === undefined ? "" : ` --only ${name}`}`,
    text: lines.join("\n"),
  });
  console.log(`Written to ${file}`);
  process.exit(code);
}
