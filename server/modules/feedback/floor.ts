// Who had the floor: talk time, its course over the call, the longest stretch of each, and who began while another spoke.
import type { Moment } from "../../../shared/schemas/reviews.ts";
import { isListening, withoutListening, type SpokenLine, type Turn } from "./turns.ts";

export interface Share {
  speakerId: string;
  talkMs: number;
  /** In each step of the call. */
  steps: number[];
}

/** Time in which each person was talking; lines of one person that lie over each other count once. */
export function sharesOf(
  lines: readonly SpokenLine[],
  { stepMs, steps }: { stepMs: number; steps: number },
): Share[] {
  return [...Map.groupBy(lines, ({ speakerId }) => speakerId)].map(([speakerId, own]) => {
    const counts = Array.from({ length: steps }, () => 0);
    let talkMs = 0;
    let heardUntil = 0;
    for (const { startMs, endMs } of own) {
      const from = Math.max(startMs, heardUntil);
      heardUntil = Math.max(heardUntil, endMs);
      talkMs += Math.max(0, endMs - from);
      for (let at = from; at < endMs;) {
        const step = Math.min(steps - 1, Math.floor(at / stepMs));
        const until = step === steps - 1 ? endMs : Math.min(endMs, (step + 1) * stepMs);
        counts[step] = (counts[step] ?? 0) + until - at;
        at = until;
      }
    }
    return { speakerId, talkMs, steps: counts };
  });
}

/** A pause this long ends a stretch: whoever goes on after it was not held back by anybody. */
const stretchPauseMs = 10_000;

/**
 * Each person's longest stretch of talk, from its first word to its last: listeners' signals do not end it, anything
 * else that somebody says does, and so does a silence of ten seconds.
 */
export function longestOf(turns: readonly Turn[]): Map<string, Moment> {
  const longest = new Map<string, Moment>();
  for (const { speakerId, lines } of withoutListening(turns)) {
    let stretch: Moment | null = null;
    let heardUntil = 0;
    for (const line of lines) {
      if (stretch === null || line.startMs - heardUntil >= stretchPauseMs)
        stretch = { sequence: line.sequence, startMs: line.startMs, lastsMs: 0 };
      heardUntil = Math.max(heardUntil, line.endMs);
      stretch.lastsMs = heardUntil - stretch.startMs;
      if ((stretch.lastsMs ?? 0) > (longest.get(speakerId)?.lastsMs ?? 0))
        longest.set(speakerId, { ...stretch });
    }
  }
  return longest;
}

/** Shorter overlaps are how turns are usually passed on: most are under half a second (Heldner & Edlund 2010, J. Phonetics 38). */
const overlapLeastMs = 500;

export interface Overlap extends Moment {
  /** Who began. */
  speakerId: string;
  /** Who was speaking. */
  overId: string;
  lastsMs: number;
}

/**
 * Where somebody began more than a listener's signal while another was speaking, and both spoke for at least half a
 * second: overlapping onsets in the sense of Schegloff 2000 ("Overlapping talk", Language in Society 29). Whether that
 * was an interruption, an eager answer or a laugh no clock can tell.
 */
export function overlapsOf(lines: readonly SpokenLine[]): Overlap[] {
  const found: Overlap[] = [];
  let speaking: SpokenLine | null = null;
  for (const line of lines) {
    if (speaking !== null && speaking.speakerId !== line.speakerId && !isListening(line)) {
      const lastsMs = Math.min(speaking.endMs, line.endMs) - line.startMs;
      const { sequence, speakerId, startMs } = line;
      if (lastsMs >= overlapLeastMs && startMs > speaking.startMs)
        found.push({ sequence, speakerId, overId: speaking.speakerId, startMs, lastsMs });
    }
    if (speaking === null || line.endMs > speaking.endMs) speaking = line;
  }
  return found;
}
