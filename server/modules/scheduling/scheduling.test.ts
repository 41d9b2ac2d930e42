// When people can be met, over real zones: changes of clocks by an hour and half an hour, and the day that Samoa left out.
import fc from "fast-check";
import { expect, test } from "vitest";
import { countUntil, seriesStarts } from "../../../shared/series.ts";
import type { WeekRange } from "../../../shared/week.ts";
import { commonSlots, openTimes, spread, type Availability } from "./availability.ts";
import { union, type Interval } from "./intervals.ts";
import { changesOf, createZoneTally, weeksBefore } from "./testing-zones.ts";

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
const zones = [
  "Europe/Zurich",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Pacific/Chatham",
  "Pacific/Kiritimati",
  "Pacific/Apia",
  "Africa/Casablanca",
  "America/St_Johns",
  "America/Santiago",
  "UTC",
];
/** Each lies just before clocks change somewhere among these zones, or a day is left out. */
const starts = [
  "2026-03-27T00:00:00Z",
  "2026-10-23T00:00:00Z",
  "2026-03-06T00:00:00Z",
  "2026-10-30T00:00:00Z",
  "2026-04-03T00:00:00Z",
  "2026-10-02T00:00:00Z",
  "2026-02-13T00:00:00Z",
  "2011-12-28T00:00:00Z",
  "2026-07-01T00:00:00Z",
].map((start) => Date.parse(start));

const range = fc
  .tuple(fc.integer({ min: 0, max: 95 }), fc.integer({ min: 1, max: 40 }))
  .map(([from, length]) => ({
    fromMinute: from * 15,
    toMinute: Math.min(from * 15 + length * 15, 1_440),
  }));
const week = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 7 }), range).map(([weekday, hours]): WeekRange => ({
    weekday,
    ...hours,
  })),
  { maxLength: 14 },
);
const zone = fc.constantFrom(...zones);
const fiveDaysFrom = (startMs: number): Interval => ({ startMs, endMs: startMs + 5 * dayMs });
/** Two in three are five days in which clocks change in the zone, or a day is left out. */
const place = fc
  .tuple(
    fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom(...zones.flatMap((each) => changesOf(each, starts))) },
      { weight: 1, arbitrary: fc.record({ timeZone: zone, start: fc.constantFrom(...starts) }) },
    ),
    fc.integer({ min: 0, max: 1_440 }),
  )
  .map(([{ timeZone, start }, minutes]) => ({ timeZone, period: fiveDaysFrom(start + minutes * minuteMs) }));
const quarters = fc.integer({ min: 0, max: 95 });
const anySeries = fc.tuple(place, quarters).map(
  ([
    {
      timeZone,
      period: { startMs },
    },
    quarter,
  ]) => {
    const first = new Date(Math.floor(startMs / dayMs) * dayMs + quarter * 15 * minuteMs);
    return { timeZone, first, startMs };
  },
);
/** Weekly, one of its calls lies in the hour that clocks jump over, or that comes twice. */
const seriesIntoChange = fc
  .tuple(
    fc.constantFrom(
      ...zones
        .flatMap((each) => changesOf(each, starts))
        .filter(({ shiftMs }) => Math.abs(shiftMs) < 720 * minuteMs),
    ),
    fc.integer({ min: 1, max: 14 }),
    quarters,
  )
  .map(([change, weeks, quarter]) => ({
    timeZone: change.timeZone,
    first: weeksBefore(change, weeks, quarter),
    startMs: change.start,
  }));
/** Of each property; `npm run fuzz -- scheduling` sets more. */
const casesOf = (usual: number) => Number(process.env["SCHEDULING_CASES"] ?? usual);

const formats = new Map(
  zones.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" }),
  ]),
);

/** Date, weekday and minute on the wall, by another way than the code's own. */
function wall(instantMs: number, timeZone: string) {
  const text = formats.get(timeZone)?.format(instantMs) ?? "";
  const [date = "", clock = ""] = text.split(" ");
  const [hour = 0, minute = 0] = clock.split(":").map(Number);
  return {
    date,
    weekday: new Date(`${date}T12:00:00Z`).getUTCDay() || 7,
    minute: hour * 60 + minute,
  };
}

function isOpen({ timeZone, week: hours, exceptions }: Omit<Availability, "busy">, instantMs: number) {
  const { date, weekday, minute } = wall(instantMs, timeZone);
  const ranges =
    exceptions.find((each) => each.date === date)?.ranges ?? hours.filter((each) => each.weekday === weekday);
  return ranges.some(({ fromMinute, toMinute }) => fromMinute <= minute && minute < toMinute);
}

const covers = (intervals: readonly Interval[], instantMs: number) =>
  intervals.some(({ startMs, endMs }) => startMs <= instantMs && instantMs < endMs);

const availability = fc.record({
  timeZone: zone,
  week,
  exceptions: fc.constant([]),
  busy: fc.array(
    fc
      .tuple(fc.constantFrom(...starts), fc.integer({ min: 0, max: 7_000 }), fc.integer({ min: 1, max: 300 }))
      .map(([start, at, minutes]) => ({
        startMs: start + at * minuteMs,
        endMs: start + (at + minutes) * minuteMs,
      })),
    { maxLength: 4 },
  ),
});

test("[SCHEDULING-1] [SCHEDULING-2] somebody is open exactly while their clock shows one of their hours", () => {
  const seen = createZoneTally();
  fc.assert(
    fc.property(
      place,
      week,
      fc.option(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.array(range, { maxLength: 2 }))),
      fc.array(fc.integer({ min: 0, max: 5 * 1_440 - 1 }), { minLength: 30, maxLength: 30 }),
      ({ timeZone, period: within }, hours, other, minutes) => {
        seen.take(timeZone, within);
        const exceptions =
          other === null
            ? []
            : [{ date: wall(within.startMs + other[0] * dayMs, timeZone).date, ranges: other[1] }];
        const person = { timeZone, week: hours, exceptions };
        const open = openTimes(person, within);
        const instants = minutes.map((minute) => within.startMs + minute * minuteMs);
        expect(instants.map((at) => covers(open, at))).toEqual(instants.map((at) => isOpen(person, at)));
        expect(union(open)).toEqual(open);
      },
    ),
    { numRuns: casesOf(150) },
  );
  seen.tell("hours");
});

test("[SCHEDULING-1] hours at changes of clocks, by known days", () => {
  const hours = (weekday: number, from: number, to: number) => [
    { weekday, fromMinute: from * 60, toMinute: to * 60 },
  ];
  const open = (timeZone: string, day: string, of: WeekRange[]) =>
    openTimes(
      { timeZone, week: of, exceptions: [] },
      { startMs: Date.parse(day) - dayMs, endMs: Date.parse(day) + 2 * dayMs },
    ).map(({ startMs, endMs }) => [new Date(startMs), new Date(endMs)].map((at) => at.toISOString()));
  // Zurich jumps from 2 to 3, and from 3 back to 2.
  expect(open("Europe/Zurich", "2026-03-29", hours(7, 1, 4))).toEqual([
    ["2026-03-29T00:00:00.000Z", "2026-03-29T02:00:00.000Z"],
  ]);
  expect(open("Europe/Zurich", "2026-10-25", hours(7, 2, 3))).toEqual([
    ["2026-10-25T00:00:00.000Z", "2026-10-25T02:00:00.000Z"],
  ]);
  // Samoa had no 30 December 2011, a Friday.
  expect(open("Pacific/Apia", "2011-12-30", hours(5, 0, 24))).toEqual([]);
});

test("[SCHEDULING-3] [SCHEDULING-4] all times that suit everybody are proposed, and no other", () => {
  const seen = createZoneTally();
  let proposed = 0;
  fc.assert(
    fc.property(
      place,
      fc.array(availability, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(15, 30, 45, 60),
      ({ timeZone, period: within }, others, durationMinutes) => {
        const people = others.map((person, index) => (index === 0 ? { ...person, timeZone } : person));
        for (const person of people) seen.take(person.timeZone, within);
        const search = { period: within, durationMinutes, stepMinutes: 15, most: 10_000 };
        const slots = commonSlots({ ...search, people });
        const suits = (startMs: number) => {
          for (let minute = 0; minute < durationMinutes; minute += 15) {
            const at = startMs + minute * minuteMs;
            if (at < within.startMs || !people.every((person) => isOpen(person, at))) return false;
          }
          const endMs = startMs + durationMinutes * minuteMs;
          return (
            endMs <= within.endMs &&
            !people.some(({ busy }) => busy.some((taken) => taken.startMs < endMs && startMs < taken.endMs))
          );
        };
        const expected: number[] = [];
        const step = 15 * minuteMs;
        for (let at = Math.ceil(within.startMs / step) * step; at < within.endMs; at += step)
          if (suits(at)) expected.push(at);
        expect(slots.map(({ startMs }) => startMs)).toEqual(expected);
        proposed += slots.length;
        expect(commonSlots({ ...search, people: people.toReversed() })).toEqual(slots);
        expect(commonSlots({ ...search, people, most: 3 })).toEqual(slots.slice(0, 3));
      },
    ),
    { numRuns: casesOf(60) },
  );
  seen.tell(`${proposed} times proposed, of people`);
  expect(proposed).toBeGreaterThan(0);
});

test("[SCHEDULING-5] a choice of times does not overlap and takes days before hours of one day", () => {
  const slots = commonSlots({
    people: [
      {
        timeZone: "UTC",
        week: [1, 2, 3].map((weekday) => ({ weekday, fromMinute: 540, toMinute: 720 })),
        exceptions: [],
        busy: [],
      },
    ],
    period: { startMs: Date.parse("2026-07-06T00:00Z"), endMs: Date.parse("2026-07-12T00:00Z") },
    durationMinutes: 60,
    stepMinutes: 15,
    most: 1_000,
  });
  const times = (most: number) =>
    spread(slots, most).map(({ startMs }) => new Date(startMs).toISOString().slice(8, 16));
  expect(times(3)).toEqual(["06T09:00", "07T09:00", "08T09:00"]);
  expect(times(5)).toEqual(["06T09:00", "06T10:00", "07T09:00", "07T10:00", "08T09:00"]);
  expect(times(100)).toHaveLength(9);
  expect(spread([], 5)).toEqual([]);
});

test("[SCHEDULING-6] a series keeps its hour by the clock of its zone", () => {
  const seen = createZoneTally();
  const calls = { kept: 0, moved: 0, firstOfTwo: 0 };
  fc.assert(
    fc.property(
      fc.oneof(anySeries, seriesIntoChange),
      fc.constantFrom("weekly", "fortnightly", "monthly"),
      ({ timeZone, first, startMs }, every) => {
        seen.take(timeZone, fiveDaysFrom(startMs));
        const series = seriesStarts({ first, timeZone, every, count: 30 });
        expect(series).toHaveLength(30);
        expect(series[0]).toEqual(first);
        const wanted = wall(first.getTime(), timeZone);
        series.forEach((at, index) => {
          const shows = wall(at.getTime(), timeZone);
          const day = dayOf(wanted.date, every, index);
          if (shows.minute === wanted.minute && shows.date === day) {
            calls.kept += 1;
            const again = [30, 60].some((minutes) => {
              const later = wall(at.getTime() + minutes * minuteMs, timeZone);
              return later.date === shows.date && later.minute === shows.minute;
            });
            if (again) calls.firstOfTwo += 1;
            // Never the second of two.
            for (const minutes of [30, 60]) {
              const earlier = wall(at.getTime() - minutes * minuteMs, timeZone);
              if (index > 0) expect([earlier.date, earlier.minute]).not.toEqual([shows.date, shows.minute]);
            }
            return;
          }
          // Only where no clock of that day shows the hour.
          calls.moved += 1;
          const shown = Array.from({ length: 3 * 96 }, (_, quarters) =>
            wall(Date.parse(`${day}T00:00:00Z`) - dayMs + quarters * 15 * minuteMs, timeZone),
          );
          expect(shown.some(({ date, minute }) => date === day && minute === wanted.minute)).toBe(false);
        });
      },
    ),
    { numRuns: casesOf(90) },
  );
  seen.tell(
    `${calls.kept} calls at their hour, ${calls.firstOfTwo} of them the first of two, ${calls.moved} in a gap, of series`,
  );
  expect(Math.min(calls.kept, calls.moved, calls.firstOfTwo)).toBeGreaterThan(0);
});

/** By the calendar alone: of a fifth week the last such weekday of each month. */
function dayOf(first: string, every: "weekly" | "fortnightly" | "monthly", index: number): string {
  const from = new Date(`${first}T00:00:00Z`);
  if (every !== "monthly")
    return iso(new Date(from.getTime() + index * (every === "weekly" ? 7 : 14) * dayMs));
  const [year, month] = [from.getUTCFullYear(), from.getUTCMonth() + index];
  const days = Array.from({ length: 31 }, (_, day) => new Date(Date.UTC(year, month, day + 1))).filter(
    (day) => day.getUTCMonth() === ((month % 12) + 12) % 12 && day.getUTCDay() === from.getUTCDay(),
  );
  const week = Math.ceil(from.getUTCDate() / 7);
  return iso((week === 5 ? days.at(-1) : days[week - 1]) ?? new Date(Number.NaN));
}
const iso = (day: Date) => day.toISOString().slice(0, 10);

test("[SCHEDULING-18] a series ends with the last call on or before a day of its zone", () => {
  const rule = { first: new Date("2026-01-31T23:30:00Z"), timeZone: "Asia/Tokyo", every: "weekly" } as const;
  // In Tokyo it is the first of February already.
  expect(countUntil(rule, "2026-01-31", 52)).toBe(0);
  expect(countUntil(rule, "2026-02-01", 52)).toBe(1);
  expect(countUntil(rule, "2026-03-01", 52)).toBe(5);
  expect(countUntil(rule, "2030-01-01", 52)).toBe(52);
});
