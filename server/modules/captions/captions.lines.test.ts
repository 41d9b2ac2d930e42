// What of an answer becomes which lines.
import { expect, test } from "vitest";
import type { SpokenText } from "../../vendors/speech/index.ts";
import { linesOf } from "./captions.lines.ts";

const piece = { key: "p1", startMs: 60_000, durationMs: 4_000 };
const said = (text: string, segments: SpokenText["segments"] = []) =>
  linesOf(piece, { text, language: null, segments });

test("[CAPTIONS-4] segments are lines in order, with their times within the piece", () => {
  const lines = said("Good morning. How are you?", [
    { startMs: 200, endMs: 1_500, text: "Good morning.", confidence: 0.9 },
    { startMs: 1_700, endMs: 9_000, text: " How are you? " },
  ]);
  expect(lines).toEqual([
    {
      clientKey: "p1/0",
      text: "Good morning.",
      confidence: 0.9,
      startMs: 60_200,
      endMs: 61_500,
      source: "speech",
    },
    {
      clientKey: "p1/1",
      text: "How are you?",
      confidence: 0.5,
      startMs: 61_700,
      endMs: 64_000,
      source: "speech",
    },
  ]);
});

test("[CAPTIONS-4] without segments the piece is one line, and without words none", () => {
  expect(said("Good morning.")).toMatchObject([{ text: "Good morning.", startMs: 60_000, endMs: 64_000 }]);
  for (const nothing of ["", "  ", "…", "♪ ♪", "..."]) expect(said(nothing)).toEqual([]);
  expect(said("x", [{ startMs: 0, endMs: 1, text: "♪" }])).toEqual([]);
});
