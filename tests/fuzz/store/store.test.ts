// The short version of `npm run fuzz -- store`, and everything that once failed.
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkCase } from "./against-model.ts";
import { pinnedCases, pinnedRounds } from "./pinned.ts";
import { runRound, runStoreFuzz } from "./run.ts";
import { openFuzzStore, type FuzzStore } from "./store.ts";
import { Tally } from "./tally.ts";

let store: FuzzStore;
beforeAll(async () => {
  store = await openFuzzStore();
});
afterAll(() => store.close());

test(
  "[STORE-120] a short run against the model, the forced scan and the bytes finds no difference",
  { timeout: 600_000 },
  async () => {
    const { tally, checked } = await runStoreFuzz({ operations: 1000, seed: 1 });
    expect(tally.failures).toEqual([]);
    // The run was not empty: operations met and changed something, plans used indexes.
    expect(tally.total).toBeGreaterThanOrEqual(1000);
    expect(tally.sum("model", ["matched", "changed"])).toBeGreaterThan(200);
    expect(tally.sum("types", ["changed"])).toBeGreaterThan(40);
    expect(tally.indexShare).toBeGreaterThan(0.1);
    expect(checked.entries).toBeGreaterThan(checked.documents);
  },
);

test.each(pinnedRounds)("[STORE-121] a round that once failed: $kind $seed", async ({ kind, seed }) => {
  const tally = new Tally();
  await runRound(store, kind, seed, tally);
  expect(tally.failures).toEqual([]);
});

test.each(Object.entries(pinnedCases))("[STORE-122] %s", async (_name, pinned) => {
  expect(await checkCase(store, pinned)).toBeNull();
});
