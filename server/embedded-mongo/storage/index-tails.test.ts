// Tails of indexes: keys that rise are told from keys at random places, also where they come a little out of order.
import { expect, test } from "vitest";
import { IndexTails } from "./index-tails.ts";

const range = { lower: Buffer.from([0, 0, 0, 1]), upper: Buffer.from([0, 0, 0, 2]) };
const other = { lower: Buffer.from([0, 0, 0, 2]), upper: Buffer.from([0, 0, 0, 3]) };
const keyOf = (n: number, of = range) => Buffer.concat([of.lower, Buffer.from(String(n).padStart(8, "0"))]);

test("[STORE-58] keys that rise follow the others, a little out of order or not", () => {
  const tails = new IndexTails(() => keyOf(1000));
  // Pairs the wrong way round.
  for (let n = 1001; n < 3000; n += 2) {
    expect(tails.follows(range, keyOf(n + 1))).toBe(true);
    expect(tails.follows(range, keyOf(n))).toBe(true);
  }
});

test("[STORE-58] keys below the others do not follow, and those that were the last long ago neither", () => {
  const tails = new IndexTails(({ lower }) => (lower === range.lower ? keyOf(1000) : other.lower));
  expect(tails.follows(range, keyOf(999))).toBe(false);
  expect(tails.follows(other, keyOf(999, other))).toBe(true);
  for (let n = 1000; n < 2000; n += 1) tails.follows(range, keyOf(n));
  expect(tails.follows(range, keyOf(1001))).toBe(false);
  expect(tails.follows(range, keyOf(1990))).toBe(true);
});
