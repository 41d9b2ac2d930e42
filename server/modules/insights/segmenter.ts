// Cuts a transcript into segments: a minute or so of talk, between turns where possible, with what it is about and how it sounds.
import { createHash } from "node:crypto";
import { segmentIdSchema, type MeetingId, type SegmentId, type UserId } from "../../../shared/ids.ts";
import type { Segment, TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { sentimentOf } from "../../platform/text/sentiment.ts";
import { contentStems, countWords, wordsOf } from "../../platform/text/words.ts";
import type { TopicStretch } from "./topics.ts";

/** From this many words on, a change of speaker ends a segment. */
const wordsEnough = 60;
const wordsMost = 150;
const lastsMostMs = 90_000;
/** A pause this long separates by itself. */
const pauseMs = 30_000;
const keyTermsMost = 3;

/** What was made out about the talk as a whole. */
export interface TalkReading {
  /** Terms that the talk keeps coming back to, most telling first. */
  terms: readonly string[];
  /** Over the places of the same chunks; without any, nothing is said of topics. */
  stretches: readonly TopicStretch[];
  /** Whose words are looked at; the others' stand in the text alone. */
  mayRead(chunk: TranscriptChunk): boolean;
  /** The number of the first stretch, where earlier ones lie before these chunks. */
  firstStretch?: number;
}

/** Nothing is made out, the text alone is put together. */
export const unread: TalkReading = { terms: [], stretches: [], mayRead: () => false };

interface Draft {
  /** The place of its stretch. */
  stretch: number | null;
  chunks: TranscriptChunk[];
  words: number;
  startMs: number;
  endMs: number;
}

/**
 * Every chunk is in exactly one segment and stands in its text verbatim; every segment is in one stretch. Ids follow
 * from the meeting and the lowest sequence, so that doing it again gives the same segments. `chunks` in the order in
 * which they were said: where some came late, ranges of sequences may overlap.
 */
export function segmentTranscript(
  meetingId: MeetingId,
  chunks: readonly TranscriptChunk[],
  reading: TalkReading,
): Segment[] {
  const drafts: Draft[] = [];
  let stretch = reading.stretches.length === 0 ? null : 0;
  chunks.forEach((chunk, place) => {
    if (stretch !== null && place > (reading.stretches[stretch]?.last ?? Infinity)) stretch += 1;
    const words = countWords(chunk.text);
    const current = drafts.at(-1);
    if (current === undefined || current.stretch !== stretch || endsBefore(current, chunk, words)) {
      drafts.push({ stretch, chunks: [chunk], words, startMs: chunk.startMs, endMs: chunk.endMs });
      return;
    }
    current.chunks.push(chunk);
    current.words += words;
    current.startMs = Math.min(current.startMs, chunk.startMs);
    current.endMs = Math.max(current.endMs, chunk.endMs);
  });
  const terms = reading.terms.map((term) => ({ term, stems: contentStems(wordsOf(term)) }));
  return drafts.flatMap((draft) => toSegment(meetingId, draft, { reading, terms }));
}

function endsBefore(draft: Draft, next: TranscriptChunk, nextWords: number): boolean {
  if (draft.words + nextWords > wordsMost) return true;
  if (next.endMs - draft.startMs > lastsMostMs) return true;
  if (next.startMs - draft.endMs > pauseMs) return true;
  return draft.words >= wordsEnough && draft.chunks.at(-1)?.speakerId !== next.speakerId;
}

function toSegment(
  meetingId: MeetingId,
  { stretch, chunks, startMs, endMs }: Draft,
  { reading, terms }: { reading: TalkReading; terms: readonly { term: string; stems: string[] }[] },
): Segment[] {
  if (chunks.length === 0) return [];
  const sequences = chunks.map(({ sequence }) => sequence);
  const firstSequence = Math.min(...sequences);
  const read = textOf(chunks.filter(reading.mayRead));
  const stems = new Set(contentStems(wordsOf(read)));
  return [
    {
      id: segmentIdOf(meetingId, firstSequence),
      meetingId,
      startMs,
      endMs,
      firstSequence,
      lastSequence: Math.max(...sequences),
      speakers: [...new Set(chunks.map(({ speakerId }): UserId => speakerId))],
      text: textOf(chunks),
      stretch: stretch === null ? null : stretch + (reading.firstStretch ?? 0),
      topics: stretch === null ? [] : [...(reading.stretches[stretch]?.labels ?? [])],
      keyTerms: terms
        .filter((one) => one.stems.length > 0 && one.stems.every((stem) => stems.has(stem)))
        .slice(0, keyTermsMost)
        .map(({ term }) => term),
      sentiment: sentimentOf(read).score,
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
