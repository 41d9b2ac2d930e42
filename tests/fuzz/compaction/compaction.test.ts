// A few seeds of the fuzz of filing notes, and those that once failed; `npm run fuzz -- compaction` runs as many as one wants.
import { expect, test } from "vitest";
import { sizeOf } from "../../factories/figures.ts";
import { pinnedSeeds } from "./pinned.ts";
import { emptyCompactionTally, runCompactionHistory } from "./run.ts";

const seeds = sizeOf("FUZZ_SEEDS", 20);
const firstSeed = sizeOf("FUZZ_SEED", 1);

test(
  `[JOURNAL-16] [JOURNAL-23] ${seeds} seeds of notes filed by processes that race, sleep and die at every step: nothing leaves the journal before the log holds it, and snapshots hold what they say`,
  { timeout: 120_000 + seeds * 5_000 },
  async () => {
    const tally = emptyCompactionTally();
    for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) await runCompactionHistory(seed, tally);
    // The histories were not empty ones.
    expect(tally.acknowledged).toBeGreaterThan(seeds * 10);
    for (const count of Object.values(tally)) expect(count).toBeGreaterThan(seeds / 20);
  },
);

test.each(pinnedSeeds)("[JOURNAL-16] seed %i, pinned", (seed) =>
  runCompactionHistory(seed, emptyCompactionTally()),
);
