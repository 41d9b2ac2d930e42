import { describe, expect, it } from "vitest";
import { userIdSchema } from "../../shared/ids.ts";
import {
  blocksOf,
  findLines,
  markedParts,
  nearestSequence,
  sequenceOfHash,
  type TranscriptLine,
  withLines,
} from "./lines.ts";

describe("lines as they are shown", () => {
  it("every line is in one block, in order, and names open turns across blocks", () => {
    const lines = [line(1, "a"), line(2, "a"), line(3, "a"), line(4, "b"), line(5, "a")];
    const blocks = blocksOf(lines, 2);
    expect(blocks.map((block) => block.map((shown) => shown.line.sequence))).toEqual([[1, 2], [3, 4], [5]]);
    expect(blocks.flatMap((block) => block.map((shown) => shown.opensTurn))).toEqual([
      true,
      false,
      false,
      true,
      true,
    ]);
  });

  it("a page that is read twice doubles nothing", () => {
    const page = [line(1, "a"), line(2, "b")];
    const read = withLines<TranscriptLine>([], page);
    expect(withLines(read, page)).toBe(read);
    expect(withLines(read, [...page, line(3, "a")]).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  it("[TRANSCRIPT-12] a line that is read again after a correction replaces the one before, and not the other way round", () => {
    const corrected: TranscriptLine = {
      ...line(1, "a", "corrected"),
      edited: { revision: 2, at: "2026-01-01T00:00:00.000Z", text: true, speaker: false },
    };
    const read = withLines([line(1, "a"), line(2, "b")], [corrected, line(2, "b")]);
    expect(read.map(({ text }) => text)).toEqual(["corrected", "line 2"]);
    expect(withLines(read, [line(1, "a"), line(2, "b")])).toBe(read);
  });

  it("[TRANSCRIPT-17] a correction of somebody else that one's own has overtaken comes with the next reading", () => {
    const at = "2026-01-01T00:00:00.000Z";
    const mine = { ...line(1, "b"), edited: { revision: 2, at, text: false, speaker: true } };
    const both = {
      ...line(1, "b", "corrected"),
      edited: { revision: 2, at, text: true, speaker: true },
    };
    const read = withLines<TranscriptLine>([mine, line(2, "b")], [both, line(2, "b")]);
    expect(read.map(({ text }) => text)).toEqual(["corrected", "line 2"]);
    expect(withLines(read, [{ ...both }, line(2, "b")])).toBe(read);
  });

  it("a search disregards case and accents and finds no empty words", () => {
    const lines = [line(1, "a", "Das Café am See"), line(2, "a", "STRASSE"), line(3, "a", "cafe")];
    expect(findLines(lines, "cafe")).toEqual([1, 3]);
    expect(findLines(lines, "Straße")).toEqual([]);
    expect(findLines(lines, "St")).toEqual([]);
    expect(findLines(lines, "  ")).toEqual([]);
  });

  it("what was found is marked in its own letters", () => {
    expect(markedParts("Ein Café, ein café", "cafe")).toEqual([
      { text: "Ein ", found: false },
      { text: "Café", found: true },
      { text: ", ein ", found: false },
      { text: "café", found: true },
    ]);
  });

  it("an address leads to its line, or to the last one before it", () => {
    expect([sequenceOfHash("#t-12"), sequenceOfHash("#x"), sequenceOfHash("#t-1x")]).toEqual([
      12,
      null,
      null,
    ]);
    const lines = [line(2, "a"), line(5, "a")];
    expect([1, 2, 4, 9].map((wanted) => nearestSequence(lines, wanted))).toEqual([2, 2, 2, 5]);
    expect(nearestSequence([], 3)).toBeNull();
  });
});

function line(sequence: number, speaker: string, text = `line ${sequence}`): TranscriptLine {
  return {
    sequence,
    speakerId: userIdSchema.parse(speaker.repeat(24)),
    text,
    startMs: sequence * 1000,
    endMs: sequence * 1000 + 900,
    source: "speech",
  };
}
