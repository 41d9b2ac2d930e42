// Cards that move by keys, and times in the browser's own controls.
import { expect, test } from "vitest";
import { columnByKey } from "./board-moves.ts";
import { fromLocalInput, toLocalInput } from "./local-time.ts";

test("[CAREER-75] an arrow moves a card to the column beside it, and none beyond the ends", () => {
  expect(columnByKey("ArrowRight", "not_applied")).toBe("applied");
  expect(columnByKey("ArrowLeft", "applied")).toBe("not_applied");
  expect(columnByKey("ArrowLeft", "not_applied")).toBeNull();
  expect(columnByKey("ArrowRight", "ghosted")).toBeNull();
  expect(columnByKey("Enter", "applied")).toBeNull();
});

test("[CAREER-75] a time is the same after it was shown and read again", () => {
  const at = "2026-03-29T12:34:00.000Z";
  expect(fromLocalInput(toLocalInput(at))).toBe(at);
  expect([toLocalInput(null), fromLocalInput(""), fromLocalInput("nothing")]).toEqual(["", null, null]);
});
