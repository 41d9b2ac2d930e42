// `npm run bench -- transcripts`: its options, and when it counts as failed.
import { positiveOption, textOption, type Benchmark } from "../benchmark.ts";
import { describeTranscripts, runTranscriptsBenchmark } from "./transcripts.ts";

export const transcriptsBenchmark: Benchmark = {
  help: `[--meetings 1000] [--rate 10] [--seconds 60] [--warmup 5] [--find-limit] [--profile DIR]
  --meetings    of two people who both listen
  --rate        chunks a second and meeting
  --find-limit  raises the rate by half until the delivery's p95 is over 150 ms
  --profile     leaves processor profiles of our server there
  MONGODB_URI in the environment: a database of its own there as well, beside the embedded store`,
  options: {
    meetings: { type: "string", default: "1000" },
    rate: { type: "string", default: "10" },
    seconds: { type: "string", default: "60" },
    warmup: { type: "string", default: "5" },
    "find-limit": { type: "boolean", default: false },
    profile: { type: "string" },
  },
  async run(values, progress) {
    const result = await runTranscriptsBenchmark({
      meetings: positiveOption(values, "meetings"),
      chunksPerSecond: positiveOption(values, "rate"),
      seconds: positiveOption(values, "seconds"),
      warmupSeconds: Number(values["warmup"]),
      findLimit: values["find-limit"] === true,
      profileDir: textOption(values, "profile"),
      progress,
    });
    return { text: describeTranscripts(result), result, failed: result.faults > 0 };
  },
};
