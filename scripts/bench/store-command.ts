// `npm run bench -- store`: its options, and when it counts as failed.
import { positiveOption, type Benchmark } from "./benchmark.ts";
import { describeStore, runStoreBenchmark } from "./store.ts";

export const storeBenchmark: Benchmark = {
  help: `[--size 1000000] [--seconds 10] [--batch 1000] [--seed 1]
  --size     documents of about 250 bytes that are loaded first
  --seconds  length of each part that is not the load
  --batch    documents of one insertMany
  --seed     of the data and of what is asked for
  MONGODB_URI in the environment: that server instead of an embedded store of its own; its database
  "storebench" is dropped before and after, and its memory and disk are not measured`,
  options: {
    size: { type: "string", default: "1000000" },
    seconds: { type: "string", default: "10" },
    batch: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
  },
  async run(values, progress) {
    const uri = process.env["MONGODB_URI"];
    const result = await runStoreBenchmark({
      size: positiveOption(values, "size"),
      seconds: positiveOption(values, "seconds"),
      batch: positiveOption(values, "batch"),
      seed: positiveOption(values, "seed"),
      ...(uri === undefined || uri === "" ? {} : { uri }),
      progress,
    });
    return { text: describeStore(result), result, failed: result.figures.some(({ met }) => met === false) };
  },
};
