// When a group's rounds are: at the same hour by the clock of a zone, once or every so many weeks; pure.
import type { PairingSchedule } from "../../../../shared/schemas/matching-rounds.ts";
import { instantOfWall } from "../../../../shared/zone-offsets.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const weekMs = 7 * 24 * hourMs;

export interface RoundTimes {
  startsAt: Date;
  /** When its pairs are fixed. */
  publishAt: Date;
  /** When people are told of it, so that they can stay out. */
  remindAt: Date;
}

/** The first whose pairs are not to be fixed yet, so that everybody can still stay out; null where there is none. */
export function nextRoundTimes(schedule: PairingSchedule, now: Date): RoundTimes | null {
  const firstWallMs = Date.parse(`${schedule.firstDay}T00:00:00Z`) + schedule.atMinute * minuteMs;
  const stepMs = schedule.everyWeeks * weekMs;
  const timesOf = (index: number) =>
    timesAt(schedule, instantOfWall(firstWallMs + index * stepMs, schedule.timeZone));
  if (stepMs === 0) {
    const only = timesOf(0);
    return only.publishAt > now ? only : null;
  }
  // Clocks move a round by less than a step: the search ends within three.
  const passed = (now.getTime() + schedule.publishHours * hourMs - firstWallMs) / stepMs;
  for (let index = Math.max(0, Math.floor(passed) - 1); ; index += 1) {
    const times = timesOf(index);
    if (times.publishAt > now) return times;
  }
}

export function timesAt(
  { publishHours, remindHours }: Pick<PairingSchedule, "publishHours" | "remindHours">,
  startsMs: number,
): RoundTimes {
  const publishMs = startsMs - publishHours * hourMs;
  return {
    startsAt: new Date(startsMs),
    publishAt: new Date(publishMs),
    remindAt: new Date(publishMs - remindHours * hourMs),
  };
}

/** In which the pairs of a round meet. */
export function meetingPeriod(
  { withinDays, durationMinutes }: Pick<PairingSchedule, "withinDays" | "durationMinutes">,
  startsAt: Date,
): { from: number; to: number } {
  const from = startsAt.getTime();
  return { from, to: withinDays === 0 ? from + durationMinutes * minuteMs : from + withinDays * 24 * hourMs };
}
