// Weeks and blocks of four weeks, in UTC and always the same ones. Pure.

const dayMs = 24 * 60 * 60 * 1_000;
const weekMs = 7 * dayMs;
/** A Monday. */
const firstMondayMs = Date.UTC(1970, 0, 5);
const blockWeeks = 4;
/** Ratings can be changed for seven days after a meeting's end, which may come a day after its week's. */
const countedAfterMs = 8 * dayMs;

export type PeriodKind = "week" | "block";

export interface Period {
  kind: PeriodKind;
  from: Date;
  to: Date;
}

/** The number of the first week that is not complete and settled at `now`. */
function openWeek(now: Date): number {
  return Math.floor((now.getTime() - countedAfterMs - firstMondayMs) / weekMs);
}

function startOf(week: number): Date {
  return new Date(firstMondayMs + week * weekMs);
}

/** The last `weeks` weeks that can be counted at `now`, oldest first, and the blocks that lie within them. */
export function countablePeriods(now: Date, weeks: number): Period[] {
  const end = openWeek(now);
  const begin = end - weeks;
  const found: Period[] = [];
  for (let week = begin; week < end; week += 1) {
    found.push({ kind: "week", from: startOf(week), to: startOf(week + 1) });
  }
  const firstBlock = Math.ceil(begin / blockWeeks) * blockWeeks;
  for (let week = firstBlock; week + blockWeeks <= end; week += blockWeeks) {
    found.push({ kind: "block", from: startOf(week), to: startOf(week + blockWeeks) });
  }
  return found;
}

/** From when on nothing in a period that ends at `to` can be changed any more. */
export function settledAt(to: Date): Date {
  return new Date(to.getTime() + countedAfterMs);
}

/** Up to when everything is counted at `now`, and when the next week is. */
export function countedUntil(now: Date): { until: Date; nextAt: Date } {
  const week = openWeek(now);
  return { until: startOf(week), nextAt: settledAt(startOf(week + 1)) };
}
