// Where generated cases lie: on changes of clocks, in zones of half hours, at the date line; so that no run is an empty one.
import { expect } from "vitest";
import { zoneOffsetMs } from "../../../shared/zone-offsets.ts";
import type { Interval } from "./intervals.ts";

const hourMs = 60 * 60_000;
const halfHourMs = hourMs / 2;
const quarterMs = hourMs / 4;
const dayMs = 24 * hourMs;

export interface Change {
  timeZone: string;
  /** The one of `starts` that it lies after. */
  start: number;
  at: number;
  /** Forward, or below 0 back. */
  shiftMs: number;
}

/** The changes of the zone's clocks in the four days after each of `starts`, which are whole half hours. */
export function changesOf(timeZone: string, starts: readonly number[]): Change[] {
  return starts.flatMap((start) =>
    shiftsIn(timeZone, { startMs: start, endMs: start + 4 * dayMs }).map((shift) => ({
      ...{ timeZone, start },
      ...shift,
    })),
  );
}

/** When a call is that, so many weeks later by the clock, lies in the hour that is left out or comes twice. */
export function weeksBefore({ timeZone, at, shiftMs }: Change, weeks: number, quarter: number): Date {
  const within = (quarter * quarterMs) % Math.abs(shiftMs);
  const changeMs = at + (shiftMs > 0 ? within : within + shiftMs);
  const beforeMs = changeMs - weeks * 7 * dayMs;
  const [then, now] = [beforeMs, at - 1].map((each) => zoneOffsetMs(each, timeZone));
  return new Date(beforeMs + (now ?? 0) - (then ?? 0));
}

export interface ZoneTally {
  /** One person, or one series, in a zone and time. */
  take(timeZone: string, period: Interval): void;
  /** Prints how many lay where, and fails where one kind was not met at all. */
  tell(what: string): void;
}

export function createZoneTally(): ZoneTally {
  const seen = { all: 0, gaps: 0, overlaps: 0, halfHours: 0, dateLine: 0 };
  return {
    take(timeZone, period) {
      const shifts = shiftsIn(timeZone, period).map(({ shiftMs }) => shiftMs);
      const offsetMs = zoneOffsetMs(period.startMs, timeZone);
      const leavesDayOut = shifts.some((shift) => Math.abs(shift) >= 12 * hourMs);
      seen.all += 1;
      if (shifts.some((shift) => shift > 0 && shift < 12 * hourMs)) seen.gaps += 1;
      if (shifts.some((shift) => shift < 0)) seen.overlaps += 1;
      if (offsetMs % hourMs !== 0) seen.halfHours += 1;
      // Where it is a day of its own, beyond twelve hours from UTC, or where a day was left out.
      if (leavesDayOut || Math.abs(offsetMs) > 12 * hourMs) seen.dateLine += 1;
    },
    tell(what) {
      const { all, gaps, overlaps, halfHours, dateLine } = seen;
      console.log(
        `figures: ${all} cases (${what}): ${gaps} over a gap, ${overlaps} over an overlap, ${halfHours} in zones of half or quarter hours, ${dateLine} at the date line`,
      );
      expect(Math.min(gaps, overlaps, halfHours, dateLine)).toBeGreaterThan(0);
    },
  };
}

function shiftsIn(timeZone: string, { startMs, endMs }: Interval): { at: number; shiftMs: number }[] {
  const shifts = [];
  for (let at = startMs + halfHourMs; at <= endMs; at += halfHourMs) {
    const shiftMs = zoneOffsetMs(at, timeZone) - zoneOffsetMs(at - halfHourMs, timeZone);
    if (shiftMs !== 0) shifts.push({ at, shiftMs });
  }
  return shifts;
}
