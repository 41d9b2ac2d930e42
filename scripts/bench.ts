// `npm run bench -- NAME [options]`: benchmarks, each printing a table and JSON; fails where it found faults.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Benchmark, Values } from "./bench/benchmark.ts";
import { callBenchmark } from "./bench/call-command.ts";
import { notesBenchmark } from "./bench/notes/command.ts";
import { notesOpenBenchmark } from "./bench/notes-open-command.ts";
import { realtimeReportBenchmark, revocationReportBenchmark } from "./bench/realtime-report/command.ts";
import { storeBenchmark } from "./bench/store-command.ts";
import { transcriptsBenchmark } from "./bench/transcripts/command.ts";
import { writeReport } from "./report.ts";

/** Each with its own options; --json FILE and --report belong to all. */
const benchmarks: Record<string, Benchmark> = {
  call: callBenchmark,
  notes: notesBenchmark,
  "notes-open": notesOpenBenchmark,
  "realtime-report": realtimeReportBenchmark,
  "revocation-report": revocationReportBenchmark,
  store: storeBenchmark,
  transcripts: transcriptsBenchmark,
};

if (import.meta.main) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

async function main(args: string[]): Promise<number> {
  const [name = "", ...rest] = args;
  const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
  if (benchmark === undefined) throw new Error(usage());
  const { values } = parseArgs({
    args: rest,
    options: { ...benchmark.options, json: { type: "string" }, report: { type: "boolean", default: false } },
  });
  const { text, result, failed } = await benchmark.run(values as Values, (line) => console.error(line));
  console.log(text);
  if (values["report"] === true)
    await writeReport(`bench-${name}`, { command: `npm run bench -- ${args.join(" ")}`, text });
  const json = JSON.stringify(result, null, 2);
  if (typeof values["json"] === "string") await writeFile(values["json"], `${json}\n`);
  else console.log(json);
  return failed ? 1 : 0;
}

function usage(): string {
  const each = Object.entries(benchmarks).map(([name, { help }]) => `\nnpm run bench -- ${name} ${help}`);
  return `Usage:${each.join("\n")}

  --json FILE  write the figures there instead of printing them
  --report     write the table to docs/reports/bench-NAME.md`;
}
