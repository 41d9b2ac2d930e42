// Minutes of a day as the fields of a page show them.
import { minutesPerDay, type WeekRange } from "../../shared/week.ts";

/** "09:30"; the day's end is "00:00", which ends a range and begins none. */
export function toClock(minute: number): string {
  const within = minute % minutesPerDay;
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
}

/** Null where it is no complete time. `asEnd` reads midnight as the day's end. */
export function fromClock(text: string, { asEnd = false } = {}): number | null {
  const parts = /^([01]\d|2[0-3]):([0-5]\d)/.exec(text);
  if (parts === null) return null;
  const minute = Number(parts[1]) * 60 + Number(parts[2]);
  return asEnd && minute === 0 ? minutesPerDay : minute;
}

/** Monday to Friday, nine to five. */
export const usualWeek: readonly WeekRange[] = [1, 2, 3, 4, 5].map((weekday) => ({
  weekday,
  fromMinute: 9 * 60,
  toMinute: 17 * 60,
}));

/** The weekday of a range that ends before it begins; null where all are right. */
export function wrongDay(week: readonly WeekRange[]): number | null {
  return week.find(({ fromMinute, toMinute }) => fromMinute >= toMinute)?.weekday ?? null;
}

/** Where the next range of a day would stand: an hour after the last one, or in the morning. */
export function nextRange(week: readonly WeekRange[], weekday: number): WeekRange | null {
  const last = Math.max(
    ...week.filter((range) => range.weekday === weekday).map(({ toMinute }) => toMinute),
    0,
  );
  const fromMinute = last === 0 ? 9 * 60 : last + 60;
  if (fromMinute >= minutesPerDay) return null;
  return {
    weekday,
    fromMinute,
    toMinute: Math.min(fromMinute + (last === 0 ? 8 * 60 : 2 * 60), minutesPerDay),
  };
}
