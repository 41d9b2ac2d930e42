// When somebody can be met: their week by the clock where they are, days that are different, and what is taken: pure.
import { minutesPerDay, type WeekRange } from "../../../shared/week.ts";
import { evenTimes } from "../../../shared/zone-offsets.ts";
import { intersection, union, without, type Interval } from "./intervals.ts";

const minuteMs = 60_000;
const dayMs = minutesPerDay * minuteMs;

/** A day that is not as its weekday usually is; without ranges the person is away. */
export interface DayException {
  /** `YYYY-MM-DD` by the person's own calendar. */
  date: string;
  ranges: readonly Pick<WeekRange, "fromMinute" | "toMinute">[];
}

export interface Availability {
  timeZone: string;
  week: readonly WeekRange[];
  exceptions: readonly DayException[];
  /** Moments that are taken, in any order. */
  busy: readonly Interval[];
}

/**
 * Every moment at which the person's clock shows one of their hours. Hours that clocks jump over are not there; those
 * that come twice are there twice.
 */
export function openTimes(person: Omit<Availability, "busy">, period: Interval): Interval[] {
  const different = new Map(person.exceptions.map(({ date, ranges }) => [date, ranges]));
  const open: Interval[] = [];
  for (const { startMs, endMs, offsetMs } of evenTimes(period.startMs, period.endMs, person.timeZone)) {
    // On the wall clocks run evenly here, so that a day of theirs is a day.
    const lastDay = Math.floor((endMs - 1 + offsetMs) / dayMs);
    for (let day = Math.floor((startMs + offsetMs) / dayMs); day <= lastDay; day += 1) {
      const midnightMs = day * dayMs - offsetMs;
      for (const { fromMinute, toMinute } of different.get(dateOf(day)) ?? rangesOf(person.week, day)) {
        open.push({
          startMs: Math.max(startMs, midnightMs + fromMinute * minuteMs),
          endMs: Math.min(endMs, midnightMs + toMinute * minuteMs),
        });
      }
    }
  }
  return union(open);
}

export interface SlotSearch {
  people: readonly Availability[];
  period: Interval;
  durationMinutes: number;
  /** Slots begin at whole multiples of so many minutes of an hour in UTC, which all zones share for 15 and less. */
  stepMinutes: number;
  most: number;
}

/** Times in which everybody can be met for the whole of it, the earliest first. */
export function commonSlots({ people, period, durationMinutes, stepMinutes, most }: SlotSearch): Interval[] {
  const free = people.reduce<Interval[]>(
    (shared, person) => without(intersection(shared, openTimes(person, period)), union(person.busy)),
    union([period]),
  );
  const [lengthMs, stepMs] = [durationMinutes * minuteMs, stepMinutes * minuteMs];
  const slots: Interval[] = [];
  for (const { startMs, endMs } of free) {
    for (let at = Math.ceil(startMs / stepMs) * stepMs; at + lengthMs <= endMs; at += stepMs) {
      if (slots.length === most) return slots;
      slots.push({ startMs: at, endMs: at + lengthMs });
    }
  }
  return slots;
}

/** Up to `most` slots that do not overlap, over as many days as there are, in order: a choice, not a list. */
export function spread(slots: readonly Interval[], most: number): Interval[] {
  const days = Map.groupBy(slots, ({ startMs }) => Math.floor(startMs / dayMs));
  const chosen: Interval[] = [];
  for (let added = true; added && chosen.length < most;) {
    added = false;
    for (const slotsOfDay of days.values()) {
      const next = slotsOfDay.find(
        (slot) => !chosen.some((other) => slot.startMs < other.endMs && other.startMs < slot.endMs),
      );
      if (next === undefined || chosen.length === most) continue;
      chosen.push(next);
      added = true;
    }
  }
  return chosen.sort((a, b) => a.startMs - b.startMs);
}

function rangesOf(week: readonly WeekRange[], day: number): readonly WeekRange[] {
  // Day 0 was a Thursday.
  const weekday = ((((day + 3) % 7) + 7) % 7) + 1;
  return week.filter((range) => range.weekday === weekday);
}

function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}
