// A series keeps its hour by the clock where it was planned, also when clocks change: pure.
import { instantOfWall, zoneOffsetMs } from "../../../shared/zone-offsets.ts";

const dayMs = 24 * 60 * 60 * 1_000;

export interface Series {
  first: Date;
  timeZone: string;
  everyDays: number;
  count: number;
}

/** The first is the first. An hour that clocks jump over on a day is as much later; of one that comes twice the first counts. */
export function seriesStarts({ first, timeZone, everyDays, count }: Series): Date[] {
  const wallMs = first.getTime() + zoneOffsetMs(first.getTime(), timeZone);
  return [
    first,
    ...Array.from(
      { length: Math.max(0, count - 1) },
      (_, index) => new Date(instantOfWall(wallMs + (index + 1) * everyDays * dayMs, timeZone)),
    ),
  ].slice(0, count);
}
