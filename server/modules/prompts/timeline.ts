// The running timeline of a call: who spoke how long, when somebody was last heard, and what was said lately.
import type { SpeakingStat } from "../../../shared/schemas/meetings.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { isQuestion } from "../../platform/text/sentences.ts";
import { countWords } from "../../platform/text/words.ts";

export interface Utterance {
  sequence: number;
  speakerId: string;
  text: string;
  startMs: number;
  endMs: number;
  /** It arrived when it was over, as from a recogniser, not while it was being said, as from a replay. */
  afterwards: boolean;
  /** What rules have found in its words, once they have looked. */
  facts?: UtteranceFacts;
  /** Whether it is a closed question, once somebody has asked. */
  closed?: boolean;
}

export interface UtteranceFacts {
  words: number;
  asks: boolean;
  /** Somebody says that they will do something. */
  promises: boolean;
  /** It holds a word about a time. */
  dated: boolean;
  stems: ReadonlySet<string>;
}

/** Times are milliseconds since the meeting's start. */
export interface Timeline {
  lastSequence: number;
  /** Null until the first words. */
  lastActivityMs: number | null;
  speakers: Map<string, Omit<SpeakingStat, "speakerId">>;
  words: number;
  /** The newest utterances, oldest first, at most `recentMax`. */
  recent: Utterance[];
}

/** How many of the newest utterances tell how this call's words are delivered. */
const phraseMemory = 30;

/** Enough to know what the last minutes were about, in a bounded memory a meeting. */
export const recentMax = 80;

export function emptyTimeline(): Timeline {
  return { lastSequence: 0, lastActivityMs: null, speakers: new Map(), words: 0, recent: [] };
}

/** A line may end so much later than it has come. */
const aheadMostMs = 10 * 60_000;

/**
 * Adds a chunk that arrived at `arrivedAtMs`. An arrival is activity too: a recogniser delivers a phrase when it is
 * over, and a client's clock may lag. A chunk that is known already changes nothing. In place: a thousand calls have a
 * thousand lines a second, and a copy of what was said lately for each of them is most of what a server throws away.
 */
export function addChunk(timeline: Timeline, chunk: TranscriptChunk, arrivedAtMs: number): void {
  const { sequence, speakerId, text, startMs } = chunk;
  if (sequence <= timeline.lastSequence) return;
  // Nobody knows how far a clock goes wrong: one absurd end must not count as talk for the rest of the call.
  const endMs = Math.min(chunk.endMs, Math.max(startMs, arrivedAtMs) + aheadMostMs);
  const words = countWords(text);
  let stat = timeline.speakers.get(speakerId);
  if (stat === undefined) {
    stat = { talkMs: 0, words: 0, turns: 0 };
    timeline.speakers.set(speakerId, stat);
  }
  stat.talkMs += Math.max(0, endMs - startMs);
  stat.words += words;
  if (timeline.recent.at(-1)?.speakerId !== speakerId) stat.turns += 1;
  timeline.lastSequence = sequence;
  timeline.lastActivityMs = Math.max(timeline.lastActivityMs ?? 0, endMs, arrivedAtMs);
  timeline.words += words;
  timeline.recent.push({ sequence, speakerId, text, startMs, endMs, afterwards: arrivedAtMs >= endMs });
  if (timeline.recent.length > recentMax) timeline.recent.shift();
}

/** The same utterance without its words, and without what was found in them. */
export function withoutWords(utterance: Utterance): Utterance {
  const { sequence, speakerId, startMs, endMs, afterwards } = utterance;
  return { sequence, speakerId, text: "", startMs, endMs, afterwards };
}

/** Most talk first. */
export function speakingStats(timeline: Timeline): SpeakingStat[] {
  return [...timeline.speakers]
    .map(([speakerId, stat]) => ({ speakerId, ...stat }))
    .sort((a, b) => b.talkMs - a.talkMs || b.words - a.words);
}

/**
 * The longest stretch of talk that came as one piece, at its end, lately: so long nothing may be heard in this call
 * although somebody is speaking.
 */
export function longestPhraseMs(timeline: Timeline): number {
  return Math.max(
    0,
    ...timeline.recent
      .slice(-phraseMemory)
      .filter(({ afterwards }) => afterwards)
      .map(({ startMs, endMs }) => endMs - startMs),
  );
}

/** The same, as far back as this timeline reaches: how long turns are shows slowly. */
export function longestTurnMs({ recent }: Timeline): number {
  let longest = 0;
  for (const { afterwards, startMs, endMs } of recent)
    if (afterwards) longest = Math.max(longest, endMs - startMs);
  return longest;
}

/** Pauses within a turn mostly stay below it. */
const withinTurnMs = 3_000;
/** One could be somebody who begins anew. */
const piecesSeen = 2;

/**
 * Whether words arrive while a turn goes on: lately one speaker's words came in pieces, one right after the other. Where
 * they do not, the recogniser may keep a whole turn back until it is over, and so long nothing is heard of it.
 */
export function arrivesInPieces(timeline: Timeline): boolean {
  const recent = timeline.recent.slice(-phraseMemory);
  const followers = recent.filter(({ speakerId, startMs }, index) => {
    const before = recent[index - 1];
    return before?.speakerId === speakerId && startMs - before.endMs <= withinTurnMs;
  });
  return followers.length >= piecesSeen;
}

/** Whether the last words were a question by one of the hosts: then the silence belongs to who thinks about it. */
export function coachAskedLast(timeline: Timeline, hostIds: readonly string[]): boolean {
  const last = timeline.recent.at(-1);
  return last !== undefined && hostIds.includes(last.speakerId) && isQuestion(last.text);
}
