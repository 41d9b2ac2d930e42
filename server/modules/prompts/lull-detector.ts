// Lulls: when a silence is long enough to offer the coach a prompt, and when to keep quiet.
import {
  arrivesInPieces,
  coachAskedLast,
  longestPhraseMs,
  longestTurnMs,
  type Timeline,
} from "./timeline.ts";

export interface LullRules {
  /** Silence after which a call has stalled. Pauses between turns mostly stay under 3 s, thoughtful ones under 8 s. */
  silenceMs: number;
  /** After a coach's question the other person may be thinking: that silence is left alone for longer. */
  thinkingMs: number;
  /**
   * Added to the longest phrase that was delivered in one piece lately: where words arrive only when they are over, a
   * silent timeline may be somebody speaking. Chosen on AnnoMI's development part, on each half of it by itself
   * (`docs/reports/evaluate-lulls.md`); what it costs are lulls that end before they can be told from a long phrase.
   * Only a sign of speech from the microphone could do better.
   */
  phraseMarginMs: number;
  /** Beyond this no phrase delays a lull; so long is waited at least where whole turns may be kept back until they are over. */
  phraseMostMs: number;
  /**
   * A turn that is kept back may be so many times as long as the longest one of lately. On each half of QMSum's meetings
   * by itself every factor from 1.5 on leaves less than one false prompt an hour, where 60 s alone leave three to four.
   */
  turnFactor: number;
  /** Time between two prompts, so that a slow call is not filled with cards. */
  coolDownMs: number;
}

export const lullRules: LullRules = {
  silenceMs: 10_000,
  thinkingMs: 20_000,
  phraseMarginMs: 15_000,
  phraseMostMs: 60_000,
  turnFactor: 2,
  coolDownMs: 180_000,
};

/** What was shown before in this meeting, in milliseconds since its start. */
export interface LullMemory {
  lastPromptAtMs: number | null;
  /** Sequence of the last words before the lull that was answered with a prompt. */
  promptedAfterSequence: number | null;
  /** A card is on the coach's screen: not answered and not yet expired. */
  openPrompt: boolean;
}

export interface LullFinding {
  detected: boolean;
  lastActivityMs: number;
  durationMs: number;
  /** True where a prompt should appear now. */
  prompt: boolean;
}

/** How long nothing must be heard, as this call is and as it stands now, to be a lull. */
export function lullThresholdMs(
  timeline: Timeline,
  hostIds: readonly string[],
  rules: LullRules = lullRules,
): number {
  const patienceMs = coachAskedLast(timeline, hostIds) ? rules.thinkingMs : rules.silenceMs;
  const longestMs = longestPhraseMs(timeline);
  // Of a turn that is kept back until it is over nobody knows how long it will be.
  const phraseMs =
    longestMs === 0 || arrivesInPieces(timeline)
      ? Math.min(longestMs, rules.phraseMostMs)
      : Math.max(rules.phraseMostMs, longestTurnMs(timeline) * rules.turnFactor);
  return phraseMs === 0 ? patienceMs : Math.max(patienceMs, phraseMs + rules.phraseMarginMs);
}

/** Null before the first words: people who have not begun are not stuck. */
export function detectLull(
  timeline: Timeline,
  nowMs: number,
  context: { hostIds: readonly string[]; memory: LullMemory; rules?: LullRules },
): LullFinding | null {
  const { hostIds, memory, rules = lullRules } = context;
  const { lastActivityMs } = timeline;
  if (lastActivityMs === null) return null;
  const durationMs = Math.max(0, nowMs - lastActivityMs);
  // No threshold is below it: while people talk there is nothing to work out.
  const quiet = durationMs >= Math.min(rules.silenceMs, rules.thinkingMs);
  const detected = quiet && durationMs >= lullThresholdMs(timeline, hostIds, rules);
  const rested = memory.lastPromptAtMs === null || nowMs - memory.lastPromptAtMs >= rules.coolDownMs;
  const sameLull = memory.promptedAfterSequence === timeline.lastSequence;
  return {
    detected,
    lastActivityMs,
    durationMs,
    prompt: detected && rested && !sameLull && !memory.openPrompt,
  };
}
