// When the calls of a series begin: a rhythm by the clock and the calendar of one zone, whatever clocks do there: pure.
import { instantOfWall, zoneOffsetMs } from "./zone-offsets.ts";

export const seriesRhythms = ["weekly", "fortnightly", "monthly"] as const;
export type SeriesRhythm = (typeof seriesRhythms)[number];

export interface SeriesRule {
  /** The first is the first. */
  first: Date;
  /** IANA name. */
  timeZone: string;
  /** `monthly`: on the same weekday of the same week of the month; of a fifth week on the last such day. */
  every: SeriesRhythm;
  count: number;
}

const dayMs = 24 * 60 * 60_000;

/** In order. An hour that clocks jump over on a day is as much later; of one that comes twice the first counts. */
export function seriesStarts({ first, timeZone, every, count }: SeriesRule): Date[] {
  const wallMs = wallOf(first, timeZone);
  const further = Array.from(
    { length: Math.max(0, count - 1) },
    (_, index) => new Date(instantOfWall(wallAfter(wallMs, every, index + 1), timeZone)),
  );
  return [first, ...further].slice(0, count);
}

/** How many calls begin until the end of that day (`YYYY-MM-DD`) in the zone, at most `most`. */
export function countUntil(rule: Omit<SeriesRule, "count">, until: string, most: number): number {
  const endMs = Date.parse(`${until}T00:00:00Z`) + dayMs;
  return seriesStarts({ ...rule, count: most }).filter((at) => wallOf(at, rule.timeZone) < endMs).length;
}

/** What the clocks show, given as if it were UTC. */
export function wallOf(at: Date, timeZone: string): number {
  return at.getTime() + zoneOffsetMs(at.getTime(), timeZone);
}

/** From which day of a month somebody counts: `week` is 1 to 4, or -1 for the last. */
export function weekInMonth(day: Date): { weekday: number; week: number } {
  const week = Math.ceil(day.getUTCDate() / 7);
  return { weekday: day.getUTCDay(), week: week === 5 ? -1 : week };
}

function wallAfter(wallMs: number, every: SeriesRhythm, steps: number): number {
  if (every !== "monthly") return wallMs + steps * (every === "weekly" ? 7 : 14) * dayMs;
  const day = new Date(wallMs);
  const { weekday, week } = weekInMonth(day);
  const month = { year: day.getUTCFullYear(), month: day.getUTCMonth() + steps };
  return dayOfMonth({ ...month, weekday, week }) + (wallMs - startOfDay(wallMs));
}

function dayOfMonth(wanted: { year: number; month: number; weekday: number; week: number }): number {
  const { year, month, weekday, week } = wanted;
  const edge = Date.UTC(year, week === -1 ? month + 1 : month, week === -1 ? 0 : 1);
  const from = new Date(edge).getUTCDay();
  return week === -1
    ? edge - ((from - weekday + 7) % 7) * dayMs
    : edge + (((weekday - from + 7) % 7) + (week - 1) * 7) * dayMs;
}

function startOfDay(wallMs: number): number {
  return Math.floor(wallMs / dayMs) * dayMs;
}
