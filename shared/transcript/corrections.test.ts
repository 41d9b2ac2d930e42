// Corrections and lines cross on their way: whichever comes first, the line ends the same.
import { expect, test } from "vitest";
import { userIdSchema } from "../ids.ts";
import type { Correction } from "../schemas/transcript-corrections.ts";
import { applyCorrection, applyCorrections, type CorrectableLine } from "./corrections.ts";

const person = (digit: string) => userIdSchema.parse(digit.repeat(24));
const [ann, ben, cleo] = [person("a"), person("b"), person("c")];
const line: CorrectableLine = { sequence: 4, speakerId: ann, text: "as it came" };
const common = { at: "2026-01-01T00:00:00.000Z", authorId: ann };
const corrections: Correction[] = [
  { ...common, revision: 1, kind: "text", sequence: 4, text: "one" },
  {
    ...common,
    revision: 2,
    kind: "speaker",
    fromSpeakerId: ann,
    fromLabel: null,
    throughSequence: 9,
    speakerId: ben,
    speakerLabel: null,
  },
  { ...common, revision: 3, kind: "text", sequence: 5, text: "another line" },
  { ...common, revision: 4, kind: "line-speaker", sequence: 4, speakerId: cleo, speakerLabel: null },
  { ...common, revision: 5, kind: "text", sequence: 4, text: "two" },
];

test("[TRANSCRIPT-17] a line read at any revision becomes the same by the corrections heard afterwards", () => {
  const [whole] = applyCorrections([line], corrections);
  expect(whole).toMatchObject({ text: "two", speakerId: cleo, edited: { revision: 5, text: true } });
  for (let read = 0; read <= corrections.length; read += 1) {
    const [then] = applyCorrections([line], corrections.slice(0, read));
    for (let heard = 0; heard <= read; heard += 1) {
      expect(applyCorrections(then === undefined ? [] : [then], corrections.slice(heard))).toEqual([whole]);
    }
  }
});

test("[TRANSCRIPT-17] what a correction does not touch stays the very same object", () => {
  const lines = [line];
  const [, , elsewhere] = corrections;
  if (elsewhere === undefined) throw new Error("no correction");
  expect(applyCorrection(line, elsewhere)).toBe(line);
  expect(applyCorrections(lines, [elsewhere])).toBe(lines);
});
