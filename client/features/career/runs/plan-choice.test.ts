import { expect, test } from "vitest";
import { choiceOf, isChanged, toggled } from "./plan-choice.ts";

const run = { pins: ["a"], bans: ["b"] };

test("[RUNS-6] what is pinned leaves the bans, what is banned leaves the pins, and once more takes it out", () => {
  const start = choiceOf(run);
  expect(toggled(start, "bans", "a")).toEqual({ pins: [], bans: ["b", "a"] });
  expect(toggled(start, "pins", "b")).toEqual({ pins: ["a", "b"], bans: [] });
  expect(toggled(start, "pins", "a")).toEqual({ pins: [], bans: ["b"] });
  expect(run).toEqual({ pins: ["a"], bans: ["b"] });
});

test("[RUNS-6] what is taken back changes nothing, in whatever order", () => {
  const start = choiceOf(run);
  expect(isChanged(start, run)).toBe(false);
  expect(isChanged(toggled(start, "pins", "c"), run)).toBe(true);
  expect(isChanged(toggled(toggled(start, "pins", "c"), "pins", "c"), run)).toBe(false);
  expect(isChanged({ pins: ["y", "x"], bans: [] }, { pins: ["x", "y"], bans: [] })).toBe(false);
});
