// How chunks are laid out in pages.
import { expect, test } from "vitest";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import {
  chunkKey,
  fromEntry,
  timeBucketOf,
  toEntry,
  toPages,
  transcriptStream,
  type StoredChunk,
} from "./transcripts.chunks.ts";

const meetingId = "1".repeat(24) as MeetingId;
const authorId = "2".repeat(24) as UserId;

function chunk(sequence: number, at: string, startMs = sequence * 1_000): StoredChunk {
  return {
    sequence,
    authorId,
    speakerId: authorId,
    text: `words ${sequence}`,
    confidence: 1,
    startMs,
    endMs: startMs + 500,
    clientKey: `key-${sequence}`,
    source: "speech",
    createdAt: new Date(at),
  };
}

test("a bucket is the arrival time in UTC, rounded down to five minutes", () => {
  expect(timeBucketOf(meetingId, new Date("2026-03-01T09:59:59.999Z"))).toBe(`${meetingId}_202603010955`);
  expect(timeBucketOf(meetingId, new Date("2026-03-01T10:00:00Z"))).toBe(`${meetingId}_202603011000`);
});

test("a page never crosses its bucket, and spans the times of its chunks", () => {
  const pages = toPages(meetingId, [
    chunk(7, "2026-03-01T09:59:58Z", 9_000),
    chunk(8, "2026-03-01T09:59:59Z", 2_000),
    chunk(9, "2026-03-01T10:00:00Z"),
  ]);
  expect(
    pages.map(({ sequence, lastSequence, startMs, endMs }) => [sequence, lastSequence, startMs, endMs]),
  ).toEqual([
    [7, 8, 2_000, 9_500],
    [9, 9, 9_000, 9_500],
  ]);
});

test("a page is bounded, and no chunk is lost between pages", () => {
  const chunks = Array.from({ length: 1_000 }, (_, index) => chunk(index + 1, "2026-03-01T10:00:00Z"));
  const pages = toPages(meetingId, chunks);
  expect(Math.max(...pages.map((page) => page.chunks.length))).toBeLessThanOrEqual(300);
  expect(pages.flatMap((page) => page.chunks)).toEqual(chunks);
});

test("a chunk comes back from storage as the entry it was", () => {
  const stored = chunk(3, "2026-03-01T10:00:00Z");
  const entry = toEntry(transcriptStream(meetingId), stored);
  expect(entry.key).toBe(chunkKey(authorId, "key-3"));
  expect(fromEntry(entry)).toEqual(stored);
});
