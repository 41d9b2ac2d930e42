// ROUGE and the stemmer under it, against small cases counted by hand.
import { expect, test } from "vitest";
import { leaveOneOut } from "./meetings-parts.ts";
import { porterStem } from "./porter.ts";
import { rouge } from "./rouge.ts";

test.each([
  ["caresses", "caress"],
  ["ponies", "poni"],
  ["agreed", "agre"],
  ["feed", "feed"],
  ["plastered", "plaster"],
  ["motoring", "motor"],
  ["sing", "sing"],
  ["hopping", "hop"],
  ["filing", "file"],
  ["falling", "fall"],
  ["happy", "happi"],
  ["sky", "sky"],
  ["relational", "relat"],
  ["generalization", "gener"],
  ["hopefulness", "hope"],
  ["adjustment", "adjust"],
  ["adoption", "adopt"],
  ["controlling", "control"],
])("the stem of %s is %s, as in Porter's paper", (word, stem) => {
  expect(porterStem(word)).toBe(stem);
});

test("ROUGE by hand: the cat sat on the mat, the cat was on a mat", () => {
  const { rouge1, rouge2, rougeL } = rouge("The cat sat on the mat.", "the cat was on a mat");
  // In common: the (once), cat, on, mat: 4 of 6 and 6. Pairs: the cat, 1 of 5 and 5. In order: the cat on mat.
  expect(rouge1).toBeCloseTo(4 / 6);
  expect(rouge2).toBeCloseTo(1 / 5);
  expect(rougeL).toBeCloseTo(4 / 6);
  expect(rouge("", "")).toEqual({ rouge1: 0, rouge2: 0, rougeL: 0 });
  expect(rouge("walking dogs", "walks dog")).toEqual({ rouge1: 1, rouge2: 1, rougeL: 1 });
  expect(rouge("b a", "a b")).toEqual({ rouge1: 1, rouge2: 0, rougeL: 0.5 });
});

test("a choice is made from all items but the one it is judged on", () => {
  // The first choice is best on the first item only, by far: it must not be chosen for it.
  expect(
    leaveOneOut([
      [9, 1, 1],
      [2, 2, 2],
    ]),
  ).toEqual([1, 0, 0]);
});
