// Minutes of a day in fields.
import fc from "fast-check";
import { expect, test } from "vitest";
import { weekSchema } from "../../shared/week.ts";
import { fromClock, nextRange, toClock, usualWeek, wrongDay } from "./clock-minutes.ts";

test("[PEOPLEPAGE-1] a minute is shown and read back, the day's end as midnight", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_440 }), (minute) => {
      expect(fromClock(toClock(minute), { asEnd: true })).toBe(minute);
      expect(fromClock(toClock(minute % 1_440))).toBe(minute % 1_440);
    }),
  );
  expect(["", "9:00", "24:00", "09:6"].map((text) => fromClock(text))).toEqual([null, null, null, null]);
});

test("[PEOPLEPAGE-1] hours that are added come after those of the day, while there is room", () => {
  expect(nextRange([], 3)).toEqual({ weekday: 3, fromMinute: 540, toMinute: 1_020 });
  expect(nextRange(usualWeek, 3)).toEqual({ weekday: 3, fromMinute: 1_080, toMinute: 1_200 });
  expect(nextRange([{ weekday: 3, fromMinute: 0, toMinute: 1_400 }], 3)).toBeNull();
  let week = [...usualWeek];
  for (let next = nextRange(week, 1); next !== null; next = nextRange(week, 1)) week = [...week, next];
  expect(weekSchema.safeParse(week).success).toBe(true);
  expect(wrongDay(week)).toBeNull();
  expect(wrongDay([...week, { weekday: 6, fromMinute: 60, toMinute: 60 }])).toBe(6);
});
