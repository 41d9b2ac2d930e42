// A week as hours by the clock on the wall: which moments each cell stands for, and what lies in it.
import { resolveWallTime, wallTimeAt } from "../../ui/wall-time.ts";

const dayMs = 24 * 60 * 60_000;

export interface Cell {
  /** `YYYY-MM-DD` */
  date: string;
  hour: number;
  startMs: number;
  /** Equal to the start where clocks jump over the hour; two hours later where it comes twice. */
  endMs: number;
}

export interface Part {
  /** Of the cell's height, from its top. */
  top: number;
  height: number;
}

/** The Monday of the week that the moment lies in, as `YYYY-MM-DD` in the zone. */
export function mondayOf(instant: Date, timeZone: string): string {
  const { date } = wallTimeAt(instant, timeZone);
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
  return addDays(date, 1 - weekday);
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

export function midnight(date: string, timeZone: string): number {
  return resolveWallTime({ date, time: "00:00", timeZone })?.instant.getTime() ?? Number.NaN;
}

/** Seven days of 24 hours. */
export function weekCells(monday: string, timeZone: string): Cell[][] {
  return Array.from({ length: 7 }, (_, day) => {
    const date = addDays(monday, day);
    const starts = Array.from({ length: 24 }, (_hour, hour) => {
      const time = `${String(hour).padStart(2, "0")}:00`;
      return resolveWallTime({ date, time, timeZone })?.instant.getTime() ?? Number.NaN;
    });
    const ends = [...starts.slice(1), midnight(addDays(date, 1), timeZone)];
    return starts.map((startMs, hour) => ({
      date,
      hour,
      startMs,
      endMs: Math.max(startMs, ends[hour] ?? startMs),
    }));
  });
}

/** Null where the two do not meet. */
export function partIn(cell: Cell, { startsAt, endsAt }: { startsAt: string; endsAt: string }): Part | null {
  const length = cell.endMs - cell.startMs;
  const from = Math.max(cell.startMs, Date.parse(startsAt));
  const to = Math.min(cell.endMs, Date.parse(endsAt));
  return from < to ? { top: (from - cell.startMs) / length, height: (to - from) / length } : null;
}

/** From the cell that it begins in, in heights of a cell; as much as the day has room for. */
export function blockFrom(
  cell: Cell,
  { startsAt, endsAt }: { startsAt: string; endsAt: string },
): Part | null {
  const startMs = Date.parse(startsAt);
  if (startMs < cell.startMs || cell.endMs <= startMs) return null;
  const hourMs = 60 * 60_000;
  const top = (startMs - cell.startMs) / (cell.endMs - cell.startMs);
  const height = (Date.parse(endsAt) - startMs) / hourMs;
  return { top, height: Math.min(height, 24 - cell.hour - top) };
}

export interface Lane {
  /** From the left, 0 first. */
  lane: number;
  /** Side by side with it, itself counted. */
  lanes: number;
}

/** So that what overlaps lies side by side: each in the first lane that is free, of as many as its group needs. */
export function lanesOf<Time extends { startsAt: string; endsAt: string }>(
  times: readonly Time[],
): Map<Time, Lane> {
  const sorted = [...times].sort(
    (a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt) || Date.parse(b.endsAt) - Date.parse(a.endsAt),
  );
  const found = new Map<Time, Lane>();
  let group: { time: Time; lane: number }[] = [];
  let laneEnds: number[] = [];
  const close = () => {
    for (const { time, lane } of group) found.set(time, { lane, lanes: laneEnds.length });
    [group, laneEnds] = [[], []];
  };
  for (const time of sorted) {
    const startMs = Date.parse(time.startsAt);
    if (laneEnds.every((endMs) => endMs <= startMs)) close();
    const free = laneEnds.findIndex((endMs) => endMs <= startMs);
    const lane = free === -1 ? laneEnds.length : free;
    laneEnds[lane] = Date.parse(time.endsAt);
    group.push({ time, lane });
  }
  close();
  return found;
}
