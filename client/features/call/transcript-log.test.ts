import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { userIdSchema } from "../../../shared/ids.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { emptyTranscript, mergeChunks, mergePage, missingFrom } from "./transcript-log.ts";

const speakerId = userIdSchema.parse("a".repeat(24));

function line(sequence: number): TranscriptChunk {
  return {
    sequence,
    clientKey: `key-${sequence}`,
    speakerId,
    text: `line ${sequence}`,
    confidence: 1,
    startMs: sequence * 1_000,
    endMs: sequence * 1_000,
    source: "typed",
    createdAt: "2026-03-12T13:00:00.000Z",
  };
}
const lines = (...sequences: number[]) => sequences.map(line);

describe("the transcript on a page", () => {
  test("any order and any repeats give each line once, in order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 6 }), { maxLength: 12 }),
        (batches) => {
          const log = batches.reduce((now, batch) => mergeChunks(now, lines(...batch)), emptyTranscript);
          const expected = [...new Set(batches.flat())].sort((one, other) => one - other);
          expect(log.chunks.map((chunk) => chunk.sequence)).toEqual(expected);
          let complete = 0;
          while (expected[complete] === complete + 1) complete += 1;
          expect(log.completeTo).toBe(complete);
        },
      ),
    );
  });

  test("a gap is noticed, and read from its first missing line", () => {
    const log = mergeChunks(emptyTranscript, lines(1, 2, 5));
    expect(missingFrom(log)).toBe(3);
    expect(missingFrom(mergeChunks(log, lines(4, 3)))).toBeNull();
  });

  test("a page that reaches the end completes the log, even where a number was never used", () => {
    const log = mergePage(mergeChunks(emptyTranscript, lines(1, 4)), {
      fromSequence: 2,
      chunks: lines(2, 4),
      nextFromSequence: null,
      lastSequence: 4,
    });
    expect(log.completeTo).toBe(4);
    expect(missingFrom(log)).toBeNull();
  });

  test("a page beyond a gap does not hide the gap", () => {
    const log = mergePage(emptyTranscript, {
      fromSequence: 11,
      chunks: lines(11, 12),
      nextFromSequence: null,
      lastSequence: 12,
    });
    expect(missingFrom(log)).toBe(1);
  });

  test("a first page of many says where to read on", () => {
    const log = mergePage(emptyTranscript, {
      fromSequence: 1,
      chunks: lines(1, 2, 3),
      nextFromSequence: 4,
      lastSequence: 900,
    });
    expect(missingFrom(log)).toBe(4);
  });

  test("lines that are known already change nothing, so nothing is drawn again", () => {
    const log = mergeChunks(emptyTranscript, lines(1, 2));
    expect(mergeChunks(log, lines(2, 1))).toBe(log);
  });
});
