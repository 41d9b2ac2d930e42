// `npm run bench -- call`: its options, and when it counts as failed.
import { positiveOption, textOption, type Benchmark } from "./benchmark.ts";
import { describeCall, runCallBenchmark } from "./call.ts";

export const callBenchmark: Benchmark = {
  help: `[--meetings 50] [--seconds 60] [--rate 10] [--edits 2] [--warmup 3] [--url URL --data-dir DIR]
  --meetings  meetings of two people each
  --rate      transcript chunks a second and meeting
  --edits     notes edits a second and person
  --url       a running server in local mode, with its data directory for tokens; without it one is started`,
  options: {
    meetings: { type: "string", default: "50" },
    seconds: { type: "string", default: "60" },
    rate: { type: "string", default: "10" },
    edits: { type: "string", default: "2" },
    warmup: { type: "string", default: "3" },
    url: { type: "string" },
    "data-dir": { type: "string" },
  },
  async run(values, progress) {
    const url = textOption(values, "url");
    const dataDir = textOption(values, "data-dir");
    if ((url === undefined) !== (dataDir === undefined))
      throw new Error("--url and --data-dir belong together: tokens are made with the server's keys.");
    const result = await runCallBenchmark({
      meetings: positiveOption(values, "meetings"),
      seconds: positiveOption(values, "seconds"),
      chunksPerSecond: positiveOption(values, "rate"),
      editsPerSecond: positiveOption(values, "edits"),
      warmupSeconds: Number(values["warmup"]),
      ...(url === undefined || dataDir === undefined ? {} : { running: { url, dataDir } }),
      progress,
    });
    return { text: describeCall(result), result, failed: result.faults > 0 };
  },
};
