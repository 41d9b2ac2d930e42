import { expect, test } from "vitest";
import { stepsOf } from "./run-progress.ts";

const statesAt = (
  stage: "rubric_generating" | "selection_complete" | "DONE" | "ERROR",
  failedStage: "tailoring" | null = null,
) => stepsOf({ stage, failedStage, timing: { rubricMs: 12 } }).map(({ state }) => state);

test("what is behind it is done, where it is is now, what is before it is open", () => {
  expect(statesAt("rubric_generating")).toEqual(["now", "open", "open", "open", "open", "open"]);
  expect(statesAt("selection_complete")).toEqual(["done", "done", "now", "open", "open", "open"]);
  expect(statesAt("DONE")).toEqual(["done", "done", "done", "done", "done", "done"]);
  expect(statesAt("ERROR", "tailoring")).toEqual(["done", "done", "done", "failed", "open", "open"]);
  expect(stepsOf({ stage: "DONE", failedStage: null, timing: { rubricMs: 12 } })[0]?.ms).toBe(12);
});
