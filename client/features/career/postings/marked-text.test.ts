// Quotes in a text: every letter once, marked where it is quoted.
import { expect, test } from "vitest";
import { piecesOf } from "./marked-text.ts";

const requirement = (reqId: string, type: "must" | "nice", ...places: [number, number][]) => ({
  reqId,
  type,
  weight: 3,
  requirement: reqId,
  category: "other",
  jdEvidence: places.map(() => "x"),
  jdOffsets: places.map(([start, end]) => ({ start, end })),
});

test("[CAREER-58] quotes are marked in place, and the pieces are the text again", () => {
  const text = "You know Go. You know R, too.";
  const pieces = piecesOf(text, [
    requirement("R2", "nice", [13, 29]),
    requirement("R1", "must", [0, 12], [9, 20]),
    requirement("R3", "must", [5, 5], [20, 900]),
  ]);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  expect(pieces.map(({ reqId, text: own }) => [reqId, own])).toEqual([
    ["R1", "You know Go."],
    [null, " "],
    ["R2", "You know R, too."],
  ]);
  expect(piecesOf("", [])).toEqual([]);
});
