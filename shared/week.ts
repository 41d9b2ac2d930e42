// A week by the clock on the wall: when somebody can usually be met, in minutes of each day.
import { z } from "zod";

export const minutesPerDay = 24 * 60;
export const weekRangesMost = 28;

/** Monday is 1, Sunday 7, as ISO 8601 counts. `toMinute` 1 440 is the day's end; what goes on after midnight is a second range. */
export const weekRangeSchema = z
  .object({
    weekday: z.number().int().min(1).max(7),
    fromMinute: z
      .number()
      .int()
      .min(0)
      .max(minutesPerDay - 1),
    toMinute: z.number().int().min(1).max(minutesPerDay),
  })
  .refine(({ fromMinute, toMinute }) => fromMinute < toMinute, "must end after it begins");
export type WeekRange = z.infer<typeof weekRangeSchema>;

/** Sorted, and what overlaps or touches is one. */
export const weekSchema = z.array(weekRangeSchema).max(weekRangesMost).transform(joinedRanges);

export function joinedRanges(ranges: readonly WeekRange[]): WeekRange[] {
  const sorted = [...ranges].sort((a, b) => a.weekday - b.weekday || a.fromMinute - b.fromMinute);
  const joined: WeekRange[] = [];
  for (const range of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && last.weekday === range.weekday && range.fromMinute <= last.toMinute) {
      joined[joined.length - 1] = { ...last, toMinute: Math.max(last.toMinute, range.toMinute) };
    } else joined.push(range);
  }
  return joined;
}
