// Agreement of judges on grades whose values are known.
import { expect, test } from "vitest";
import { agreementOf, orderedShare } from "./agreement.ts";

test("the same grades agree wholly, one grade for all no more than chance", () => {
  const same = [0, 1, 2, 2].map((grade) => [grade, grade] as const);
  expect(agreementOf(same, 3)).toEqual({ exact: 1, withinOne: 1, kappa: 1 });
  const one = [0, 1, 2, 2].map((grade) => [grade, 0] as const);
  expect(agreementOf(one, 3)).toEqual({ exact: 0.25, withinOne: 0.5, kappa: 0 });
});

test("kappa weighs a miss by two grades four times as much as one", () => {
  const near = agreementOf(
    [
      [0, 0],
      [1, 1],
      [2, 1],
      [2, 2],
    ],
    3,
  );
  const far = agreementOf(
    [
      [0, 0],
      [1, 1],
      [2, 0],
      [2, 2],
    ],
    3,
  );
  expect(near.kappa).toBeCloseTo(0.8);
  expect(far.kappa).toBeLessThan(near.kappa);
});

test("the share of pairs in the right order, where ties count half", () => {
  expect(
    orderedShare([
      { grade: 0, score: 1 },
      { grade: 1, score: 2 },
      { grade: 2, score: 2 },
    ]),
  ).toBeCloseTo(2.5 / 3);
});
