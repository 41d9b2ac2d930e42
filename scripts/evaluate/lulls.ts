// Replays conversations to the lull detector, second by second on their own timeline, and compares its prompts with what followed.
import {
  detectLull,
  lullRules,
  lullThresholdMs,
  type LullMemory,
  type LullRules,
} from "../../server/modules/prompts/lull-detector.ts";
import { addChunk, coachAskedLast, emptyTimeline } from "../../server/modules/prompts/timeline.ts";
import { sentencesOf } from "../../server/platform/text/sentences.ts";
import { userIdSchema, type UserId } from "../../shared/ids.ts";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";

export interface TimedUtterance {
  speaker: string;
  text: string;
  startMs: number;
  endMs: number;
}

export interface TimedConversation {
  name: string;
  /** Who is the coach. */
  coach: string;
  /** In the order in which they were said. */
  utterances: readonly TimedUtterance[];
}

/**
 * How words reach the server: by turns as they begin, with their end known, as a replay sends them; or once they are
 * over, sentence by sentence or turn by turn, as recognisers send them, which takes them about a second.
 */
export const deliveries = ["as it begins", "sentence by sentence", "turn by turn"] as const;
export type Delivery = (typeof deliveries)[number];

/** What a fixed threshold does: ten seconds without words, and the same rest between two cards. */
export const fixedThreshold: LullRules = {
  ...lullRules,
  thinkingMs: lullRules.silenceMs,
  phraseMarginMs: 0,
  phraseMostMs: 0,
  turnFactor: 0,
};

const recognisedAfterMs = 1_000;
const tickMs = 1_000;
/** A card folds by itself after this time; in these replays nobody answers. */
const cardLivesMs = 90_000;
/** Talk that resumes so soon after a prompt resumed by itself: nobody has read the card and acted on it. */
export const resumesWithinMs = 2_000;
export const lullMs = lullRules.silenceMs;

export interface Outcome {
  ms: number;
  prompts: number;
  /** While somebody was speaking. */
  overTalk: number;
  /** Talk resumed by itself. */
  overPause: number;
  /** Silences longer than ten seconds. */
  lulls: number;
  prompted: number;
  /** Lulls left alone by rule: the coach had asked; a card had been shown within three minutes; a phrase might be under way. */
  heldThinking: number;
  heldRest: number;
  heldPhrase: number;
  missed: number;
}

const idOf = (place: number): UserId => userIdSchema.parse(String(place + 1).padStart(24, "0"));

export function replayLulls(
  conversation: TimedConversation,
  { delivery, rules }: { delivery: Delivery; rules: LullRules },
): Outcome {
  const { utterances } = conversation;
  const arrivals = arrivalsOf(conversation, delivery);
  const hostIds = [speakerIds(conversation).get(conversation.coach) ?? idOf(0)];
  const silences = silencesOf(utterances);
  const endMs = Math.max(0, ...utterances.map((one) => one.endMs));
  const prompts: { atMs: number; afterSequence: number }[] = [];
  const heldBy = new Map<Silence, "heldThinking" | "heldRest" | "heldPhrase">();
  const timeline = emptyTimeline();
  let next = 0;
  for (let nowMs = 0; nowMs <= endMs; nowMs += tickMs) {
    for (
      let arrival = arrivals[next];
      arrival !== undefined && arrival.atMs <= nowMs;
      arrival = arrivals[next]
    ) {
      addChunk(timeline, arrival.chunk, arrival.atMs);
      next += 1;
    }
    const last = prompts.at(-1);
    const memory: LullMemory = {
      lastPromptAtMs: last?.atMs ?? null,
      promptedAfterSequence: last?.afterSequence ?? null,
      openPrompt: last !== undefined && nowMs < last.atMs + cardLivesMs,
    };
    const finding = detectLull(timeline, nowMs, { hostIds, memory, rules });
    if (finding?.prompt === true) prompts.push({ atMs: nowMs, afterSequence: timeline.lastSequence });
    const silence = silences.find(({ fromMs, toMs }) => nowMs >= fromMs + lullMs && nowMs <= toMs);
    if (silence === undefined || finding === null || heldBy.has(silence)) continue;
    if (finding.detected) heldBy.set(silence, "heldRest");
    else if (coachAskedLast(timeline, hostIds) && rules.thinkingMs > lullMs)
      heldBy.set(silence, "heldThinking");
    else if (lullThresholdMs(timeline, hostIds, rules) > lullMs) heldBy.set(silence, "heldPhrase");
  }
  const outcome: Outcome = {
    ms: endMs,
    prompts: prompts.length,
    overTalk: 0,
    overPause: 0,
    lulls: silences.length,
    prompted: 0,
    heldThinking: 0,
    heldRest: 0,
    heldPhrase: 0,
    missed: 0,
  };
  for (const { atMs } of prompts) {
    if (utterances.some((one) => one.startMs <= atMs && atMs < one.endMs)) outcome.overTalk += 1;
    else if (utterances.some(({ startMs }) => startMs > atMs && startMs - atMs <= resumesWithinMs))
      outcome.overPause += 1;
  }
  for (const silence of silences) {
    const prompted = prompts.some(({ atMs }) => atMs >= silence.fromMs && atMs <= silence.toMs);
    outcome[prompted ? "prompted" : (heldBy.get(silence) ?? "missed")] += 1;
  }
  return outcome;
}

export function together(outcomes: readonly Outcome[]): Outcome {
  const [first, ...rest] = outcomes;
  if (first === undefined) throw new Error("there is no conversation");
  return rest.reduce(
    (sum, one) =>
      Object.fromEntries(
        Object.entries(sum).map(([name, value]) => [name, value + one[name as keyof Outcome]]),
      ) as unknown as Outcome,
    first,
  );
}

export function falseAnHour({ overTalk, overPause, ms }: Outcome): number {
  return ms === 0 ? 0 : ((overTalk + overPause) * 3_600_000) / ms;
}

interface Silence {
  fromMs: number;
  toMs: number;
}

/** Longer than ten seconds, between two utterances. */
function silencesOf(utterances: readonly TimedUtterance[]): Silence[] {
  const silences: Silence[] = [];
  let heardUntil: number | null = null;
  for (const { startMs, endMs } of utterances) {
    if (heardUntil !== null && startMs - heardUntil > lullMs)
      silences.push({ fromMs: heardUntil, toMs: startMs });
    heardUntil = Math.max(heardUntil ?? 0, endMs);
  }
  return silences;
}

function speakerIds({ utterances }: TimedConversation): Map<string, UserId> {
  const speakers = [...new Set(utterances.map(({ speaker }) => speaker))];
  return new Map(speakers.map((speaker, place) => [speaker, idOf(place)]));
}

export function arrivalsOf(
  conversation: TimedConversation,
  delivery: Delivery,
): { chunk: TranscriptChunk; atMs: number }[] {
  const ids = speakerIds(conversation);
  const pieces = conversation.utterances.flatMap((one) =>
    delivery === "sentence by sentence" ? sentencePieces(one) : [one],
  );
  return pieces
    .map((piece) => ({
      piece,
      atMs: delivery === "as it begins" ? piece.startMs : piece.endMs + recognisedAfterMs,
    }))
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ piece, atMs }, index) => ({
      atMs,
      chunk: {
        sequence: index + 1,
        clientKey: String(index),
        speakerId: ids.get(piece.speaker) ?? idOf(0),
        text: piece.text,
        confidence: 1,
        startMs: piece.startMs,
        endMs: piece.endMs,
        source: "speech",
        createdAt: "2026-01-01T00:00:00.000Z",
      },
    }));
}

/** Each sentence has its share of the utterance's time, by words. */
function sentencePieces(utterance: TimedUtterance): TimedUtterance[] {
  const sentences = sentencesOf(utterance.text);
  const words = sentences.reduce((sum, one) => sum + one.words.length, 0);
  if (words === 0) return [utterance];
  const lasts = utterance.endMs - utterance.startMs;
  let before = 0;
  return sentences.map((sentence) => {
    const startMs = utterance.startMs + Math.round((before / words) * lasts);
    before += sentence.words.length;
    return {
      ...utterance,
      text: sentence.text,
      startMs,
      endMs: utterance.startMs + Math.round((before / words) * lasts),
    };
  });
}
