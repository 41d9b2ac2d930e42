// A few seeds of the notes' fuzz, and those that once failed; `npm run fuzz -- notes` runs as many as one wants.
import { expect, test } from "vitest";
import { sizeOf } from "../../factories/figures.ts";
import { pinnedSeeds } from "./pinned.ts";
import { emptyTally, runNotesHistory } from "./run.ts";

const seeds = sizeOf("FUZZ_SEEDS", 30);
const firstSeed = sizeOf("FUZZ_SEED", 1);

test(
  `[NOTES-1] [NOTES-2] [NOTES-12] ${seeds} seeds of edits, disconnects, failing flushes, lost and overtaken messages and kills: all converge, nothing acknowledged is lost`,
  { timeout: 120_000 + seeds * 5_000 },
  async () => {
    const tally = emptyTally();
    for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) await runNotesHistory(seed, tally);
    // The histories were not empty ones.
    expect(tally.edits).toBeGreaterThan(seeds * 20);
    expect(tally.acknowledged).toBeGreaterThan(seeds * 10);
    for (const count of Object.values(tally)) expect(count).toBeGreaterThan(seeds / 2);
  },
);

test.each(pinnedSeeds)("[NOTES-1] seed %i, which once failed", (seed) => runNotesHistory(seed, emptyTally()));
