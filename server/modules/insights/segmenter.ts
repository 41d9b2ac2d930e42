// Cuts a transcript into segments: a minute or so of talk, between turns where possible, with its topics.
import { createHash } from "node:crypto";
import { segmentIdSchema, type MeetingId, type SegmentId, type UserId } from "../../../shared/ids.ts";
import type { Segment, TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { contentStems, countWords, wordsOf } from "../../platform/text/words.ts";

/** From this many words on, a change of speaker ends a segment. */
const wordsEnough = 60;
const wordsMost = 150;
const lastsMostMs = 90_000;
/** A pause this long separates by itself. */
const pauseMs = 30_000;
const topicsMost = 3;

interface Draft {
  chunks: TranscriptChunk[];
  words: number;
  startMs: number;
  endMs: number;
}

/**
 * Every chunk is in exactly one segment and stands in its text verbatim. Ids follow from the meeting and the lowest
 * sequence, so that doing it again gives the same segments. `chunks` in the order in which they were said: where some
 * came late, ranges of sequences may overlap.
 */
export function segmentTranscript(
  meetingId: MeetingId,
  chunks: readonly TranscriptChunk[],
  topics: readonly string[],
): Segment[] {
  const drafts: Draft[] = [];
  for (const chunk of chunks) {
    const words = countWords(chunk.text);
    const current = drafts.at(-1);
    if (current === undefined || endsBefore(current, chunk, words)) {
      drafts.push({ chunks: [chunk], words, startMs: chunk.startMs, endMs: chunk.endMs });
      continue;
    }
    current.chunks.push(chunk);
    current.words += words;
    current.startMs = Math.min(current.startMs, chunk.startMs);
    current.endMs = Math.max(current.endMs, chunk.endMs);
  }
  const topicStems = topics.map((topic) => ({ topic, stems: contentStems(wordsOf(topic)) }));
  return drafts.flatMap((draft) => toSegment(meetingId, draft, topicStems));
}

function endsBefore(draft: Draft, next: TranscriptChunk, nextWords: number): boolean {
  if (draft.words + nextWords > wordsMost) return true;
  if (next.endMs - draft.startMs > lastsMostMs) return true;
  if (next.startMs - draft.endMs > pauseMs) return true;
  return draft.words >= wordsEnough && draft.chunks.at(-1)?.speakerId !== next.speakerId;
}

function toSegment(
  meetingId: MeetingId,
  { chunks, startMs, endMs }: Draft,
  topics: readonly { topic: string; stems: string[] }[],
): Segment[] {
  if (chunks.length === 0) return [];
  const sequences = chunks.map(({ sequence }) => sequence);
  const firstSequence = Math.min(...sequences);
  const text = textOf(chunks);
  const stems = new Set(contentStems(wordsOf(text)));
  return [
    {
      id: segmentIdOf(meetingId, firstSequence),
      meetingId,
      startMs,
      endMs,
      firstSequence,
      lastSequence: Math.max(...sequences),
      speakers: [...new Set(chunks.map(({ speakerId }): UserId => speakerId))],
      text,
      topics: topics
        .filter((one) => one.stems.length > 0 && one.stems.every((stem) => stems.has(stem)))
        .slice(0, topicsMost)
        .map(({ topic }) => topic),
      // No provider judges it yet: nothing is better than a guess.
      sentiment: null,
    },
  ];
}

/** One line a turn. */
function textOf(chunks: readonly TranscriptChunk[]): string {
  let text = "";
  chunks.forEach((chunk, index) => {
    const before = chunks[index - 1];
    if (before !== undefined) text += before.speakerId === chunk.speakerId ? " " : "\n";
    text += chunk.text;
  });
  return text;
}

function segmentIdOf(meetingId: MeetingId, firstSequence: number): SegmentId {
  const digest = createHash("sha256").update(`segment/${meetingId}/${firstSequence}`).digest("hex");
  return segmentIdSchema.parse(digest.slice(0, 24));
}
