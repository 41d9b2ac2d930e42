// `npm run bench -- NAME [options]`: benchmarks, each printing a table and JSON; fails where anything was lost.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { describeCall, runCallBenchmark } from "./bench/call.ts";
import { writeReport } from "./report.ts";

const usage = `Usage: npm run bench -- call [--meetings 50] [--seconds 60] [--rate 10] [--edits 2] [--warmup 3]
                             [--url URL --data-dir DIR] [--json FILE] [--report]
  --meetings  meetings of two people each
  --rate      transcript chunks a second and meeting
  --edits     notes edits a second and person
  --url       a running server in local mode, with its data directory for tokens; without it one is started
  --report    write the table to docs/reports/bench-call.md`;

if (import.meta.main) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      meetings: { type: "string", default: "50" },
      seconds: { type: "string", default: "60" },
      rate: { type: "string", default: "10" },
      edits: { type: "string", default: "2" },
      warmup: { type: "string", default: "3" },
      url: { type: "string" },
      "data-dir": { type: "string" },
      json: { type: "string" },
      report: { type: "boolean", default: false },
    },
  });
  if (positionals.length !== 1 || positionals[0] !== "call") throw new Error(usage);
  const { url, "data-dir": dataDir } = values;
  if ((url === undefined) !== (dataDir === undefined)) {
    throw new Error("--url and --data-dir belong together: tokens are made with the server's keys.");
  }
  const result = await runCallBenchmark({
    meetings: positive("meetings", values.meetings),
    seconds: positive("seconds", values.seconds),
    chunksPerSecond: positive("rate", values.rate),
    editsPerSecond: positive("edits", values.edits),
    warmupSeconds: Number(values.warmup),
    ...(url === undefined || dataDir === undefined ? {} : { running: { url, dataDir } }),
    progress: (line) => console.error(line),
  });
  console.log(describeCall(result));
  if (values.report) {
    await writeReport("bench-call", {
      command: `npm run bench -- ${args.join(" ")}`,
      text: describeCall(result),
    });
  }
  const json = JSON.stringify(result, null, 2);
  if (values.json === undefined) console.log(json);
  else await writeFile(values.json, `${json}\n`);
  return result.faults === 0 ? 0 : 1;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} must be a positive number.\n${usage}`);
  return value;
}
