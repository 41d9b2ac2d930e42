// `npm run fuzz -- TARGET [options]`: seeded fuzzing at full size; short versions run with the tests.
import { emptyCompactionTally, runCompactionHistory } from "../tests/fuzz/compaction/run.ts";
import { emptyTally, runNotesHistory } from "../tests/fuzz/notes/run.ts";
import { describeSchemaFuzz, runSchemaFuzz } from "../tests/fuzz/schemas/run.ts";
import { describeSeeds, runSeeds } from "../tests/fuzz/seeds.ts";
import { runSchedulingCases } from "../tests/fuzz/scheduling/run.ts";
import { describeStoreFuzz, runStoreFuzz } from "../tests/fuzz/store/run.ts";
import { readArguments, runCommand, UsageError, wholeNumber } from "./arguments.ts";
import { writeReport } from "./report.ts";

interface Target {
  /** The report's text and how many differences were found. */
  run(options: {
    operations: number;
    inputs: number;
    seeds: number;
    seed: number;
  }): Promise<{ text: string; failures: number }>;
}

const progress = (line: string) => console.error(line);

const targets: Record<string, Target> = {
  notes: {
    async run({ seed, seeds }) {
      const result = await runSeeds({ seed, seeds, tally: emptyTally(), progress }, runNotesHistory);
      return { text: describeSeeds(result), failures: result.failures.length };
    },
  },
  compaction: {
    async run({ seed, seeds }) {
      const tally = emptyCompactionTally();
      const result = await runSeeds({ seed, seeds, tally, progress }, runCompactionHistory);
      return { text: describeSeeds(result), failures: result.failures.length };
    },
  },
  schemas: {
    async run({ inputs, seed }) {
      const result = await runSchemaFuzz({ inputs, seed, progress });
      return { text: describeSchemaFuzz(result), failures: result.tally.failures.length };
    },
  },
  scheduling: { run: ({ seeds }) => runSchedulingCases(seeds) },
  store: {
    async run(options) {
      const result = await runStoreFuzz({ ...options, progress });
      return { text: describeStoreFuzz(result), failures: result.tally.failures.length };
    },
  },
};

const usage = `Usage: npm run fuzz -- TARGET [--operations 100000] [--inputs 20000] [--seeds 1000] [--seed 1] [--report]
  TARGET        ${Object.keys(targets).join(", ")}
  --operations  of the store: how many, over all kinds
  --inputs      of the schemas: how many requests, events and frames, over all that takes any
  --seeds       of the others: how many histories; of scheduling: how many cases of each property
  --seed        of the first round or history; each has the next one, and a failure names its own
  --report      write the result to docs/reports/fuzz-TARGET.md`;

if (import.meta.main) await runCommand(() => main(process.argv.slice(2)));

async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(usage, {
    args,
    allowPositionals: true,
    options: {
      operations: { type: "string", default: "100000" },
      inputs: { type: "string", default: "20000" },
      seeds: { type: "string", default: "1000" },
      seed: { type: "string", default: "1" },
      report: { type: "boolean", default: false },
    },
  });
  const [name = "", ...more] = positionals;
  const target = Object.hasOwn(targets, name) ? targets[name] : undefined;
  if (target === undefined || more.length > 0) throw new UsageError(usage);
  const { text, failures } = await target.run({
    operations: wholeNumber(usage, "operations", values.operations),
    inputs: wholeNumber(usage, "inputs", values.inputs),
    seeds: wholeNumber(usage, "seeds", values.seeds),
    seed: wholeNumber(usage, "seed", values.seed),
  });
  console.log(text);
  if (values.report)
    await writeReport(`fuzz-${name}`, { command: `npm run fuzz -- ${args.join(" ")}`, text });
  return failures === 0 ? 0 : 1;
}
