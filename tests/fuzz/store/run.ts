// A whole run: rounds of all three kinds with seeds of one sequence, several collections at a time.
import { inspectStore } from "../../factories/store-integrity.ts";
import { runModelRound } from "./against-model.ts";
import { runPlanRound } from "./against-scan.ts";
import { runTypeRound } from "./type-preservation.ts";
import { openFuzzStore, type FuzzStore } from "./store.ts";
import { Tally } from "./tally.ts";

export type RoundKind = "model" | "plan" | "types";

type RunRound = (store: FuzzStore, seed: number, budget: number, tally: Tally) => Promise<number>;

const kinds: Record<RoundKind, { share: number; run: RunRound }> = {
  model: { share: 0.6, run: runModelRound },
  plan: { share: 0.3, run: runPlanRound },
  types: { share: 0.1, run: runTypeRound },
};

/** Rounds that run at once: their writes share commits. */
const lanes = 6;

export interface StoreFuzzResult {
  tally: Tally;
  seconds: number;
  /** Documents and index entries compared at the end, past the server. */
  checked: { documents: number; entries: number };
}

/** Each kind gets its share of the operations; the seeds of its rounds count up from `seed`. */
export async function runStoreFuzz(options: {
  operations: number;
  seed: number;
  progress?: (line: string) => void;
}): Promise<StoreFuzzResult> {
  const started = performance.now();
  const tally = new Tally();
  const store = await openFuzzStore();
  try {
    for (const [kind, { share, run }] of Object.entries(kinds)) {
      let left = Math.ceil(options.operations * share);
      let seed = options.seed;
      const lane = async () => {
        while (left > 0) {
          const budget = Math.min(left, 50);
          left -= budget;
          seed += 1;
          const ran = await run(store, seed - 1, budget, tally);
          left += budget - ran;
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
      options.progress?.(
        `${kind}: done after ${((performance.now() - started) / 1000).toFixed(0)} s, ${tally.failures.length} failures`,
      );
    }
    const contents = inspectStore(store.dataDir);
    for (const problem of contents.problems) tally.fail({ title: "index entries", details: [problem] });
    return {
      tally,
      seconds: (performance.now() - started) / 1000,
      checked: { documents: contents.documents, entries: contents.entries },
    };
  } finally {
    await store.close();
  }
}

/** One round again, alone. */
export async function runRound(store: FuzzStore, kind: RoundKind, seed: number, tally: Tally): Promise<void> {
  await kinds[kind].run(store, seed, 50, tally);
  for (const problem of inspectStore(store.dataDir).problems)
    tally.fail({ title: "index entries", details: [problem] });
}

export function describeStoreFuzz({ tally, seconds, checked }: StoreFuzzResult): string {
  const failures = tally.failures.map(({ title, details }) => [title, ...details].join("\n  "));
  return [
    tally.table(),
    "",
    `${tally.total} operations in ${seconds.toFixed(0)} s, ${tally.failures.length} failures`,
    `plans with an index: ${(tally.indexShare * 100).toFixed(1)} % of the finds among random indexes`,
    `index entries compared with their documents at the end: ${checked.entries} of ${checked.documents} documents`,
    ...failures,
  ].join("\n");
}
