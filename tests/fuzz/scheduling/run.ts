// Scheduling's properties with as many generated cases as wanted, and its races for one time at their only size.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

const files = [
  "server/modules/scheduling/scheduling.test.ts",
  "server/modules/scheduling/busy-import.test.ts",
  "server/modules/meetings/meetings.calendar-series.test.ts",
  "server/modules/meetings/meetings.calendar.test.ts",
  "tests/integration/scheduling.test.ts",
];

/** What each test did, and how many failed; a run that could not begin counts as one. */
export async function runSchedulingCases(cases: number): Promise<{ text: string; failures: number }> {
  const root = join(import.meta.dirname, "..", "..", "..");
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const projects = ["--project", "unit", "--project", "integration"];
  const child = spawn(
    process.execPath,
    [vitest, "run", ...projects, ...files, "--testTimeout", "0", "--reporter", "verbose"],
    {
      cwd: root,
      env: { ...process.env, SCHEDULING_CASES: String(cases) },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number>((resolve) => child.once("close", (ended) => resolve(ended ?? 1)));
  const lines = stripVTControlCharacters(output)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^(✓|×|figures:|Tests)/.test(line) || (code !== 0 && line !== ""));
  const failed = lines.filter((line) => line.startsWith("×")).length;
  return { text: lines.join("\n"), failures: code === 0 ? 0 : Math.max(1, failed) };
}
