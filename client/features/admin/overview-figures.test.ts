// What the overview's charts show is what the server tells, and what is not told apart stays one piece.
import { expect, test } from "vitest";
import { shareOf, sizesOf, wholePercent, type PeriodSplit } from "./overview-figures.ts";

const order = ["held", "cancelled"] as const;
const period = (split: PeriodSplit<"held" | "cancelled">["split"]): PeriodSplit<"held" | "cancelled"> => ({
  from: "2026-01-05T00:00:00.000Z",
  state: split === null ? "too-few" : "shown",
  split,
});

test("[OVERVIEW-11] a bar has the parts that are told, and the others in one piece", () => {
  expect(sizesOf({ total: 9, parts: { held: 6, cancelled: null }, together: 3 }, order)).toEqual([6, 0, 3]);
});

test("[OVERVIEW-15] a share is summed up over the periods that tell it, and over no others", () => {
  const periods = [
    period({ total: 10, parts: { held: 8, cancelled: 2 }, together: 0 }),
    period({ total: 7, parts: { held: null, cancelled: null }, together: 7 }),
    period(null),
    period({ total: 5, parts: { held: 5, cancelled: 0 }, together: 0 }),
  ];
  expect(shareOf(periods, "held")).toEqual({ some: 13, all: 15 });
  expect(shareOf(periods.slice(1, 3), "held")).toBeNull();
});

test("[OVERVIEW-15] a share is told in whole percent, and as all only where it is all", () => {
  expect([0, 282 / 407, 0.999, 1].map(wholePercent)).toEqual(["0 %", "69 %", "99 %", "100 %"]);
});
