// `npm run bench -- notes-open`: its options, and when it counts as failed.
import { positiveOption, type Benchmark } from "./benchmark.ts";
import { describeNotesOpen, runNotesOpenBenchmark } from "./notes-open.ts";

export const notesOpenBenchmark: Benchmark = {
  help: `[--edits 100000] [--megabytes 1] [--samples 9]
  --edits      of the document with a long history
  --megabytes  of text in the large document
  --samples    of each figure; each on modules that have just started and hold nothing in memory
  MONGODB_URI in the environment: a database of its own there instead of an embedded store`,
  options: {
    edits: { type: "string", default: "100000" },
    megabytes: { type: "string", default: "1" },
    samples: { type: "string", default: "9" },
  },
  async run(values, progress) {
    const result = await runNotesOpenBenchmark({
      edits: positiveOption(values, "edits"),
      megabytes: positiveOption(values, "megabytes"),
      samples: positiveOption(values, "samples"),
      progress,
    });
    return {
      text: describeNotesOpen(result),
      result,
      failed: result.figures.some(({ met }) => met === false),
    };
  },
};
