// The store benchmark itself, small: real driver, real store. Its figures are not judged, its counts are.
import { expect, test } from "vitest";
import { describeStore, runStoreBenchmark } from "../../scripts/bench/store.ts";

test("[BENCH-2] a short store benchmark measures every part and reads back what it wrote", async () => {
  const result = await runStoreBenchmark({
    size: 2500,
    seconds: 0.5,
    batch: 1000,
    seed: 7,
    progress: () => undefined,
  });
  const { counted, figures, load } = result;
  expect(counted.expected).toBeGreaterThan(2500);
  expect(counted.streamed, describeStore(result)).toBe(counted.expected);
  expect(counted.scanned).toBeGreaterThanOrEqual(2500);
  expect(load.documentBytes).toBeGreaterThan(200);
  const parts = figures.map(({ name }) => name);
  expect(parts).toEqual([
    "insertMany of 1000",
    "insertOne, 64 at once",
    "findOne by index, 16 at once",
    "100 by compound index, 16 at once",
    "findOne p99 during full scans",
    "findOne p99 during sustained writes",
    "documents through a cursor",
    "resident memory, peak during scans",
    "on disk",
  ]);
  for (const { name, value } of figures) expect(value, name).toBeGreaterThan(0);
  expect(figures.filter(({ target, met }) => (target === null) !== (met === null))).toEqual([]);
});
