// From what a clock on a wall somewhere shows to a moment in time, right also when clocks change.

import { zoneOffsetMs } from "../../shared/zone-offsets.ts";

/** A date and time as one reads them off a calendar and a clock in a time zone. */
export interface WallTime {
  /** `YYYY-MM-DD` */
  date: string;
  /** `HH:MM` */
  time: string;
  /** IANA name. */
  timeZone: string;
}

export interface ResolvedTime {
  instant: Date;
  /**
   * `skipped`: clocks jump over that time, the instant lies as much later as they jump. `ambiguous`: the time comes
   * twice, the instant is the first of them.
   */
  kind: "exact" | "skipped" | "ambiguous";
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Null where date or time is not complete or does not exist in any calendar. */
export function resolveWallTime({ date, time, timeZone }: WallTime): ResolvedTime | null {
  const asUtc = parseAsUtc(date, time);
  if (asUtc === null) return null;
  // No zone changes its clocks twice within two days, so these are all the offsets in question.
  const before = offsetMinutes(new Date(asUtc - dayMs), timeZone);
  const after = offsetMinutes(new Date(asUtc + dayMs), timeZone);
  const matches = [...new Set([before, after])]
    .map((offset) => ({ offset, instant: new Date(asUtc - offset * minuteMs) }))
    .filter(({ offset, instant }) => offsetMinutes(instant, timeZone) === offset)
    .sort((left, right) => left.instant.getTime() - right.instant.getTime());
  const [first, second] = matches;
  if (first === undefined) return { instant: new Date(asUtc - before * minuteMs), kind: "skipped" };
  return { instant: first.instant, kind: second === undefined ? "exact" : "ambiguous" };
}

/** What calendar and clock show in the zone at that moment. */
export function wallTimeAt(instant: Date, timeZone: string): WallTime {
  const shifted = new Date(instant.getTime() + offsetMinutes(instant, timeZone) * minuteMs).toISOString();
  return { date: shifted.slice(0, 10), time: shifted.slice(11, 16), timeZone };
}

/** Minutes that the zone's clocks are ahead of UTC at that moment. */
export function offsetMinutes(instant: Date, timeZone: string): number {
  return Math.round(zoneOffsetMs(instant.getTime(), timeZone) / minuteMs);
}

/** "UTC+1", "UTC−3:30", "UTC". */
export function formatOffset(minutes: number): string {
  if (minutes === 0) return "UTC";
  const sign = minutes < 0 ? "−" : "+";
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `UTC${sign}${hours}${rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`}`;
}

/** The next half hour that is at least ten minutes away: a start that people can still make. */
export function suggestedStart(now: Date): Date {
  const halfHour = 30 * minuteMs;
  return new Date(Math.ceil((now.getTime() + 10 * minuteMs) / halfHour) * halfHour);
}

function parseAsUtc(date: string, time: string): number | null {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  const clock = /^(\d{2}):(\d{2})/.exec(time);
  if (day === null || clock === null) return null;
  const [year = 0, month = 0, dayOfMonth = 0] = day.slice(1).map(Number);
  const [hour = 0, minute = 0] = clock.slice(1).map(Number);
  if (hour > 23 || minute > 59) return null;
  const asUtc = Date.UTC(year, month - 1, dayOfMonth, hour, minute);
  // 30 February would silently become 2 March.
  return new Date(asUtc).toISOString().startsWith(date) ? asUtc : null;
}
