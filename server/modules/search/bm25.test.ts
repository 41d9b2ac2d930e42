// The ranking by words on passages small enough to reckon by hand.
import { expect, test } from "vitest";
import { bm25Options, createWordIndex } from "./bm25.ts";

const alone = { ...bm25Options, neighbours: 0 };
const passages = [
  "The budget for the garden.",
  "A garden, and another garden.",
  "Nothing of that kind.",
  "The budget and the roses of the garden.",
];

test("[SEARCH-1] more and rarer words come first, and what has none is not found", () => {
  const { search } = createWordIndex(passages, alone);
  expect(search("roses in the garden", 10).map(({ index }) => index)).toEqual([3, 1, 0]);
  expect(search("budgets", 10).map(({ index }) => index)).toEqual([0, 3]);
  expect(search("roses in the garden", 1)).toHaveLength(1);
  expect(search("submarine", 10)).toEqual([]);
  expect(search("the of and", 10)).toEqual([]);
  expect(createWordIndex([]).search("garden", 10)).toEqual([]);
});

test("[SEARCH-1] a score by hand", () => {
  // Two passages of one word each: rarity ln(1 + 1.5 / 1.5), one mention at mean length: 2.2 / 2.2.
  const [match] = createWordIndex(["garden", "kitchen"], alone).search("garden", 5);
  expect(match?.score).toBeCloseTo(Math.log(2));
});

test("[SEARCH-2] an answer is found by the words around it, the nearer the better", () => {
  const talk = ["What about the budget?", "Twelve.", "Mm.", "Fine.", "Lunch."];
  const { search } = createWordIndex(talk, { ...bm25Options, lengthShare: 0, neighbours: 2 });
  expect(search("budget", 10).map(({ index }) => index)).toEqual([0, 1, 2]);
});
