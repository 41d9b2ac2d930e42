import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { userIdSchema } from "../../../shared/ids.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import type { Correction } from "../../../shared/schemas/transcript-corrections.ts";
import { applyCorrections } from "../../../shared/transcript/corrections.ts";
import {
  correctedTo,
  emptyTranscript,
  mergeChunks,
  mergeCorrection,
  mergePage,
  missesCorrections,
  missingFrom,
} from "./transcript-log.ts";

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

describe("corrections on a page", () => {
  const edit = (revision: number, sequence: number): Correction => ({
    kind: "text",
    revision,
    at: "2026-03-12T13:00:00.000Z",
    authorId: speakerId,
    sequence,
    text: `corrected ${revision}`,
  });

  test("[TRANSCRIPT-17] lines and corrections in any order and with repeats give the lines as the server has them", () => {
    const corrections = [edit(1, 2), edit(2, 3), edit(3, 2)];
    const expected = applyCorrections(lines(1, 2, 3), corrections);
    const steps = [
      ...lines(1, 2, 3).map((one) => ({ one })),
      ...corrections.map((correction) => ({ correction })),
    ];
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...steps, ...steps], { minLength: steps.length * 2 }).filter((order) => {
          // As the server sends them: first times in order of revision.
          const seen = order.flatMap((step) => ("correction" in step ? [step.correction.revision] : []));
          return [...new Set(seen)].join() === "1,2,3";
        }),
        (order) => {
          const log = order.reduce(
            (now, step) =>
              "correction" in step ? mergeCorrection(now, step.correction) : mergeChunks(now, [step.one]),
            correctedTo(emptyTranscript, 0),
          );
          expect(log.chunks).toEqual(expected);
          expect(log.revision).toBe(3);
        },
      ),
    );
  });

  test("[TRANSCRIPT-17] a line that two corrections touch holds both, whichever is heard first", () => {
    const start = correctedTo(mergeChunks(emptyTranscript, lines(1, 2)), 0);
    const rename: Correction = {
      kind: "speaker",
      revision: 2,
      at: "2026-03-12T13:00:00.000Z",
      authorId: speakerId,
      fromSpeakerId: speakerId,
      fromLabel: null,
      throughSequence: 2,
      speakerId: userIdSchema.parse("b".repeat(24)),
      speakerLabel: null,
    };
    const expected = applyCorrections(lines(1, 2), [edit(1, 2), rename]);
    // One's own was answered before another's was told.
    const crossed = mergeCorrection(mergeCorrection(start, rename), edit(1, 2));
    expect(crossed.chunks).toEqual(expected);
    expect(missesCorrections(crossed)).toBe(false);
    // The first was missed, and the lines are read again.
    const page = { fromSequence: 1, chunks: [...expected], nextFromSequence: null, lastSequence: 2 };
    const read = correctedTo(mergePage(mergeCorrection(start, rename), page), 2);
    expect(read.chunks).toEqual(expected);
    // They had been read before the second was made.
    const before = { ...page, chunks: [...applyCorrections(lines(1, 2), [edit(1, 2)])] };
    const readBefore = correctedTo(mergePage(mergeCorrection(start, rename), before), 1);
    expect(readBefore.chunks).toEqual(expected);
    expect(missesCorrections(readBefore)).toBe(false);
  });

  test("[TRANSCRIPT-17] a missed correction is noticed, and reading the lines again makes it good", () => {
    const start = correctedTo(mergeChunks(emptyTranscript, lines(1, 2)), 0);
    const behind = mergeCorrection(start, edit(2, 2));
    expect(missesCorrections(behind)).toBe(true);
    const chunks = [...applyCorrections(lines(1, 2), [edit(1, 1), edit(2, 2)])];
    const page = { fromSequence: 1, chunks, nextFromSequence: null, lastSequence: 2 };
    const read = correctedTo(mergePage(behind, page), 2);
    expect(missesCorrections(read)).toBe(false);
    expect(read.chunks.map(({ text }) => text)).toEqual(["corrected 1", "corrected 2"]);
  });
});
