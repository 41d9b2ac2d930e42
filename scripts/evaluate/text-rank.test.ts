// The baseline ranks what shares words with most others first.
import { expect, test } from "vitest";
import { textRank } from "./text-rank.ts";

test("the sentence in the middle of the others comes first, one without common words last", () => {
  expect(
    textRank(["red apples fall", "entirely unrelated matter", "red apples taste sweet", "sweet wine"])[0],
  ).toBe(2);
  expect(textRank(["red apples fall", "entirely unrelated matter", "red apples taste sweet"]).at(-1)).toBe(1);
  expect(textRank([])).toEqual([]);
});
