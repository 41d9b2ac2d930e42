// How long a coach waits after asking: "wait time" (Rowe 1986, "Wait time: slowing down may be a way of speeding up!").
import type { Moment } from "../../../shared/schemas/reviews.ts";
import { isQuestion } from "../../platform/text/sentences.ts";
import type { SpokenLine } from "./turns.ts";

export interface Wait extends Moment {
  /** The silence after the question, 0 where somebody spoke at once. */
  lastsMs: number;
  /** Who broke it was the coach again. */
  coachFirst: boolean;
}

/** From about three seconds on, Rowe found longer and better answers. */
export const longWaitMs = 3_000;

/** A silence this long is no waiting for an answer any more: people were away, or nothing was heard. */
const waitMostMs = 120_000;

/**
 * After each line of the coach that ends in a question: the time until anybody speaks. A question that the coach goes
 * on from without a pause is part of what they say next, and is not counted; nor is one that nothing follows.
 */
export function waitsOf(lines: readonly SpokenLine[], coachId: string): Wait[] {
  const waits: Wait[] = [];
  lines.forEach(({ speakerId, text, sequence, startMs, endMs }, index) => {
    const next = lines[index + 1];
    if (next === undefined || speakerId !== coachId || !isQuestion(text)) return;
    const lastsMs = Math.max(0, next.startMs - endMs);
    const coachFirst = next.speakerId === coachId;
    if (lastsMs > waitMostMs || (coachFirst && lastsMs < 1_000)) return;
    waits.push({ sequence, startMs, lastsMs, coachFirst });
  });
  return waits;
}

export function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? upper) + upper) / 2);
}
