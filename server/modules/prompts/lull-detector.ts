// Lulls: when a silence is long enough to offer the coach a prompt, and when to keep quiet.
import { coachAskedLast, longestPhraseMs, type Timeline } from "./timeline.ts";

export interface LullRules {
  /** Silence after which a call has stalled. Pauses between turns mostly stay under 3 s, thoughtful ones under 8 s. */
  silenceMs: number;
  /** After a coach's question the other person may be thinking: that silence is left alone for longer. */
  thinkingMs: number;
  /**
   * Added to the longest phrase that was delivered in one piece lately: where words arrive only when they are over, a
   * silent timeline may be somebody speaking. Chosen on 4 hours of real one-to-one talk with estimated ends, and not
   * checked on held-back conversations: false prompts an hour fall from 13.4 to 1.5 where words arrive sentence by
   * sentence, from 20 to 8 where they arrive turn by turn. Only a sign of speech from the microphone could do better.
   */
  phraseMarginMs: number;
  /** Beyond this no phrase delays a lull. */
  phraseMostMs: number;
  /** Time between two prompts, so that a slow call is not filled with cards. */
  coolDownMs: number;
}

export const lullRules: LullRules = {
  silenceMs: 10_000,
  thinkingMs: 20_000,
  phraseMarginMs: 8_000,
  phraseMostMs: 60_000,
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
  const patienceMs = coachAskedLast(timeline, hostIds) ? rules.thinkingMs : rules.silenceMs;
  const phraseMs = Math.min(longestPhraseMs(timeline), rules.phraseMostMs);
  const thresholdMs = Math.max(patienceMs, phraseMs + rules.phraseMarginMs);
  const detected = durationMs >= thresholdMs;
  const rested = memory.lastPromptAtMs === null || nowMs - memory.lastPromptAtMs >= rules.coolDownMs;
  const sameLull = memory.promptedAfterSequence === timeline.lastSequence;
  return {
    detected,
    lastActivityMs,
    durationMs,
    prompt: detected && rested && !sameLull && !memory.openPrompt,
  };
}
