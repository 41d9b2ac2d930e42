import { expect, test } from "vitest";
import { barsOf, budgetLeft, percent } from "./objectives-figures.ts";

test("a share is never rounded up to all", () => {
  expect([percent(1), percent(0.99996), percent(0.9), percent(0)]).toEqual([
    "100 %",
    "99.99 %",
    "90 %",
    "0 %",
  ]);
});

test("the room for failures runs out, and not below nothing", () => {
  const target = 0.99;
  expect(budgetLeft({ target, good: 0, total: 0 })).toBe(null);
  expect(budgetLeft({ target, good: 100, total: 100 })).toBe(1);
  expect(budgetLeft({ target, good: 995, total: 1_000 })).toBeCloseTo(0.5);
  expect(budgetLeft({ target, good: 900, total: 1_000 })).toBe(0);
});

test("bars stand where they belong in the period, and tell kept from missed", () => {
  const [from, to] = [new Date("2026-01-05T09:00:00Z"), new Date("2026-01-05T10:00:00Z")];
  const steps = [
    { at: "2026-01-05T09:00:00.000Z", good: 10, total: 10 },
    { at: "2026-01-05T09:30:00.000Z", good: 5, total: 10 },
  ];
  expect(barsOf({ name: "api-latency", target: 0.99, good: 15, total: 20, steps }, from, to)).toEqual([
    { at: 0, share: 1, kept: true },
    { at: 0.5, share: 0.5, kept: false },
  ]);
});
