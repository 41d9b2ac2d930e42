// A series as another parser reads it: the same moments over real zones, and updates that replace what was there.
import fc from "fast-check";
import ICAL from "ical.js";
import { expect, test } from "vitest";
import { seriesRhythms, seriesStarts, type SeriesRule } from "../../../shared/series.ts";
import {
  seriesCallText,
  seriesText,
  type SeriesCallEvent,
  type SeriesEvent,
} from "./meetings.calendar-series.ts";

const stamp = new Date("2026-01-05T09:00:00Z");
const hourMs = 60 * 60_000;

function callsOf(rule: SeriesRule): SeriesCallEvent[] {
  return seriesStarts(rule).map((at, index) => ({
    at,
    start: at,
    title: "Coaching; with, commas\nand lines",
    description: "About goals",
    durationMinutes: 45,
    sequence: 0,
    link: `http://localhost:3000/meetings/${String(index).padStart(24, "0")}`,
  }));
}

function eventOf(rule: SeriesRule, change: Partial<SeriesEvent> = {}): SeriesEvent {
  return {
    rule: { ...rule, id: "0123456789abcdef01234567" },
    calls: callsOf(rule),
    title: "Coaching",
    link: "http://localhost:3000/meetings/0/next",
    sequence: 0,
    organizer: { name: "Coach", email: "connvo@localhost" },
    reader: { name: "Ann", email: "ann@example.org" },
    ...change,
  };
}

interface Shown {
  startsAt: string;
  endsAt: string;
  title: string;
}

/** A calendar program that keeps, of each series and each single call of it, what has the highest sequence. */
function createCalendar() {
  const kept = new Map<string, ICAL.Component>();
  const zones = new Map<string, ICAL.Timezone>();
  return {
    take(text: string): void {
      const calendar = new ICAL.Component(ICAL.parse(text) as never);
      for (const zone of calendar.getAllSubcomponents("vtimezone"))
        zones.set(String(zone.getFirstPropertyValue("tzid")), new ICAL.Timezone(zone));
      for (const component of calendar.getAllSubcomponents("vevent")) {
        const event = new ICAL.Event(component);
        const at = event.isRecurrenceException() ? event.recurrenceId.toJSDate().toISOString() : "all";
        const key = `${event.uid} ${at}`;
        const before = kept.get(key);
        if (before === undefined || new ICAL.Event(before).sequence <= event.sequence)
          kept.set(key, component);
      }
    },
    shown(): Shown[] {
      const found: Shown[] = [];
      const singles = new Map([...kept].filter(([key]) => !key.endsWith(" all")));
      const say = (event: ICAL.Event) => {
        if (event.component.getFirstPropertyValue("status") === "CANCELLED") return;
        found.push({
          startsAt: event.startDate.toJSDate().toISOString(),
          endsAt: event.endDate.toJSDate().toISOString(),
          title: event.summary,
        });
      };
      for (const component of kept.values()) {
        const event = new ICAL.Event(component);
        if (event.isRecurrenceException()) continue;
        if (component.getFirstPropertyValue("status") === "CANCELLED") return [];
        const minutes = event.endDate.toJSDate().getTime() - event.startDate.toJSDate().getTime();
        const all = event.iterator();
        for (let next = all.next() as ICAL.Time | undefined; next !== undefined; next = all.next()) {
          const at = next.toJSDate();
          const key = `${event.uid} ${at.toISOString()}`;
          if (singles.has(key)) continue;
          found.push({
            startsAt: at.toISOString(),
            endsAt: new Date(at.getTime() + minutes).toISOString(),
            title: event.summary,
          });
        }
      }
      for (const component of singles.values()) say(new ICAL.Event(component));
      return found.sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1));
    },
  };
}

const expected = (calls: readonly SeriesCallEvent[]): Shown[] =>
  calls
    .map(({ start, title, durationMinutes }) => ({
      startsAt: start.toISOString(),
      endsAt: new Date(start.getTime() + (durationMinutes ?? 60) * 60_000).toISOString(),
      title,
    }))
    .sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1));

const zone = fc.constantFrom(
  ...["Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Kathmandu"],
  ...["Pacific/Chatham", "Pacific/Kiritimati", "Africa/Casablanca", "America/St_Johns", "UTC"],
);
/** Gaps and overlaps of these zones lie on the nights of this spring and autumn. */
const first = fc
  .tuple(
    fc.constantFrom(
      "2026-03-01",
      "2026-03-22",
      "2026-04-05",
      "2026-09-27",
      "2026-10-25",
      "2026-11-01",
      "2026-01-30",
    ),
    fc.integer({ min: 0, max: 95 }),
  )
  .map(([day, quarter]) => new Date(Date.parse(`${day}T00:00:00Z`) + quarter * 900_000));
const rule = fc.record({
  first,
  timeZone: zone,
  every: fc.constantFrom(...seriesRhythms),
  count: fc.integer({ min: 2, max: 20 }),
});

test("[MEETINGS-28] another parser reads a series as its calls, in any zone, with those that are left out or were moved", () => {
  fc.assert(
    fc.property(rule, fc.infiniteStream(fc.nat(9)), (made, chances) => {
      const calls = callsOf(made).flatMap((call) => {
        const chance = chances.next().value;
        if (chance === 0) return [];
        if (chance === 1) return [{ ...call, start: new Date(call.at.getTime() + 26 * hourMs), sequence: 1 }];
        return [chance === 2 ? { ...call, title: "Another title", durationMinutes: 30 } : call];
      });
      fc.pre(calls.length > 0);
      const calendar = createCalendar();
      calendar.take(seriesText(eventOf(made, { calls, sequence: 1 }), stamp));
      expect(calendar.shown()).toEqual(expected(calls));
    }),
    { numRuns: Number(process.env["SCHEDULING_CASES"] ?? 100) },
  );
});

test("[MEETINGS-28] a call that was moved far out of its series is read at its time, whatever clocks did in between", () => {
  const made: SeriesRule = {
    first: new Date("2026-11-03T09:00:00Z"),
    timeZone: "Europe/Zurich",
    every: "weekly",
    count: 4,
  };
  for (const start of ["2026-10-13T08:00:00Z", "2026-02-10T09:00:00Z", "2028-07-04T08:00:00Z"]) {
    const moved = callsOf(made).map((call, index) =>
      index === 1 ? { ...call, start: new Date(start), sequence: 1 } : call,
    );
    const calendar = createCalendar();
    calendar.take(seriesText(eventOf(made, { calls: moved, sequence: 1 }), stamp));
    expect(calendar.shown()).toEqual(expected(moved));
    const { rule: stored, organizer, reader } = eventOf(made);
    const [, call] = moved;
    if (call === undefined) throw new Error("no such call");
    const alone = createCalendar();
    const single = { rule: stored, organizer, reader, call, cancelled: false };
    alone.take(seriesCallText(single, "REQUEST", stamp));
    expect(alone.shown()).toEqual(expected([call]));
  }
});

test("[MEETINGS-28] a series says its rule, by the clock of its zone", () => {
  const made = {
    first: new Date("2026-03-10T09:00:00Z"),
    timeZone: "Europe/Zurich",
    every: "fortnightly",
    count: 6,
  } as const;
  const text = seriesText(eventOf(made), stamp);
  expect(text).toContain("DTSTART;TZID=Europe/Zurich:20260310T100000\r\n");
  expect(text).toContain("RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=6\r\n");
  expect(text).toContain("BEGIN:VTIMEZONE\r\nTZID:Europe/Zurich\r\n");
  expect(text).toContain("METHOD:REQUEST\r\n");
  expect(seriesText(eventOf({ ...made, every: "monthly" }), stamp)).toContain(
    "FREQ=MONTHLY;BYDAY=2TU;COUNT=6",
  );
});

test("[MEETINGS-29] updates of one call, of all that follow, and a cancellation each replace what the calendar had", () => {
  const made: SeriesRule = {
    first: new Date("2026-03-10T09:00:00Z"),
    timeZone: "Europe/Zurich",
    every: "weekly",
    count: 6,
  };
  let calls = callsOf(made);
  const calendar = createCalendar();
  calendar.take(seriesText(eventOf(made), stamp));
  expect(calendar.shown()).toEqual(expected(calls));
  const { rule: stored, organizer, reader } = eventOf(made);
  const one = (index: number, change: Partial<SeriesCallEvent>) => {
    calls = calls.map((call, at) => (at === index ? { ...call, ...change } : call));
    const call = calls[index];
    if (call === undefined) throw new Error("no such call");
    return { rule: stored, organizer, reader, call };
  };

  const moved = one(1, { start: new Date("2026-03-19T15:00:00Z"), sequence: 1 });
  calendar.take(seriesCallText({ ...moved, cancelled: false }, "REQUEST", stamp));
  expect(calendar.shown()).toEqual(expected(calls));

  const dropped = one(2, { sequence: 2 });
  const cancellation = seriesCallText({ ...dropped, cancelled: true }, "CANCEL", stamp);
  expect(cancellation).toContain("METHOD:CANCEL");
  calendar.take(cancellation);
  expect(calendar.shown()).toEqual(expected(calls.filter((_, index) => index !== 2)));

  // All from the fourth on an hour later; what was dropped stays away.
  calls = calls.map((call, index) =>
    index < 3 ? call : { ...call, start: new Date(call.at.getTime() + hourMs), sequence: 3 },
  );
  const living = calls.filter((_, index) => index !== 2);
  calendar.take(seriesText(eventOf(made, { calls: living, sequence: 3 }), stamp));
  expect(calendar.shown()).toEqual(expected(living));

  // An old file that comes late changes nothing.
  calendar.take(seriesCallText({ ...moved, cancelled: false }, "REQUEST", stamp));
  calendar.take(seriesText(eventOf(made), stamp));
  expect(calendar.shown()).toEqual(expected(living));

  const end = seriesText(eventOf(made, { calls: [], sequence: 4 }), stamp);
  expect(end).toContain("METHOD:CANCEL");
  calendar.take(end);
  expect(calendar.shown()).toEqual([]);
});
