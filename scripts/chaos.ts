// `npm run chaos [-- --rounds 100]`: the kill tests at full size; their short versions run with the tests.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs, stripVTControlCharacters } from "node:util";
import { writeReport } from "./report.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "100" } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error("--rounds must be a whole number above 0.");
  process.exit(1);
}

const vitest = join(import.meta.dirname, "..", "node_modules", "vitest", "vitest.mjs");
const child = spawn(
  process.execPath,
  [vitest, "run", "--project", "integration", "tests/chaos", "--testTimeout", "0", "--reporter", "verbose"],
  {
    env: { ...process.env, CHAOS_ROUNDS: String(rounds) },
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
    .filter((line) => /✓|×|Tests|Duration/.test(line))
    .map((line) => line.trim());
  const file = await writeReport("chaos", {
    command: `npm run chaos -- --rounds ${rounds}`,
    text: lines.join("\n"),
  });
  console.log(`Written to ${file}`);
  process.exit(code);
}
