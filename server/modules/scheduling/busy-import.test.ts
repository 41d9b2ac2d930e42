// Busy times of calendars as programs write them: zones, series, exceptions, what does not count, and bounds.
import { expect, test } from "vitest";
import { busyTimes, importBounds } from "./busy-import.ts";

const period = { startMs: Date.parse("2026-03-01T00:00Z"), endMs: Date.parse("2026-06-01T00:00Z") };

function calendar(...events: string[]): string {
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Other//EN"];
  for (const event of events)
    lines.push("BEGIN:VEVENT", "DTSTAMP:20260101T000000Z", ...event.split("\n"), "END:VEVENT");
  return `${[...lines, "END:VCALENDAR"].join("\r\n")}\r\n`;
}

function read(text: string, zone = "Europe/Zurich"): string[] {
  return busyTimes(text, period, zone).map(
    ({ startMs, endMs }) =>
      `${new Date(startMs).toISOString().slice(0, 16)}/${new Date(endMs).toISOString().slice(0, 16)}`,
  );
}

test("[SCHEDULING-15] times in UTC, in a zone, and without one are read as they are meant", () => {
  expect(
    read(
      calendar(
        "UID:1\nDTSTART:20260310T090000Z\nDTEND:20260310T100000Z\nSUMMARY:Secret",
        "UID:2\nDTSTART;TZID=America/New_York:20260311T090000\nDURATION:PT30M",
        "UID:3\nDTSTART:20260312T090000\nDTEND:20260312T093000",
      ),
    ),
  ).toEqual([
    "2026-03-10T09:00/2026-03-10T10:00",
    "2026-03-11T13:00/2026-03-11T13:30",
    "2026-03-12T08:00/2026-03-12T08:30",
  ]);
});

test("[SCHEDULING-15] a series keeps its local hour over a change of clocks; left out and moved dates are where they are", () => {
  const series = [
    "UID:weekly\nDTSTART;TZID=Europe/Zurich:20260320T100000\nDTEND;TZID=Europe/Zurich:20260320T110000",
    "RRULE:FREQ=WEEKLY;COUNT=4",
    "EXDATE;TZID=Europe/Zurich:20260403T100000",
  ].join("\n");
  const moved =
    "UID:weekly\nRECURRENCE-ID;TZID=Europe/Zurich:20260410T100000\nDTSTART;TZID=Europe/Zurich:20260411T150000\nDTEND;TZID=Europe/Zurich:20260411T160000";
  expect(read(calendar(series, moved))).toEqual([
    "2026-03-20T09:00/2026-03-20T10:00",
    "2026-03-27T09:00/2026-03-27T10:00",
    "2026-04-11T13:00/2026-04-11T14:00",
  ]);
});

test("[SCHEDULING-15] a zone that only the calendar describes is read by its rules", () => {
  const zone = [
    "BEGIN:VTIMEZONE",
    "TZID:Own/Zone",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0300",
    "TZOFFSETTO:+0300",
    "END:STANDARD",
    "END:VTIMEZONE",
    "BEGIN:VEVENT",
  ].join("\r\n");
  const text = calendar("UID:1\nDTSTART;TZID=Own/Zone:20260310T090000\nDURATION:PT1H").replace(
    "BEGIN:VEVENT",
    zone,
  );
  expect(read(text)).toEqual(["2026-03-10T06:00/2026-03-10T07:00"]);
});

test("[SCHEDULING-15] what is cancelled, free, or a day as such does not count; a day marked as busy does, as long as clocks make it", () => {
  expect(
    read(
      calendar(
        "UID:1\nDTSTART:20260310T090000Z\nDTEND:20260310T100000Z\nSTATUS:CANCELLED",
        "UID:2\nDTSTART:20260311T090000Z\nDTEND:20260311T100000Z\nTRANSP:TRANSPARENT",
        "UID:3\nDTSTART;VALUE=DATE:20260312\nSUMMARY:Birthday",
        "UID:4\nDTSTART;VALUE=DATE:20260329\nDTEND;VALUE=DATE:20260330\nTRANSP:OPAQUE",
      ),
    ),
  ).toEqual(["2026-03-28T23:00/2026-03-29T22:00"]);
});

test("[SCHEDULING-15] what is no calendar, or too much of one, is refused in words", () => {
  const refused = (text: string) => () => read(text);
  const words = { code: "VALIDATION_ERROR", message: expect.stringMatching(/could not be used/) as string };
  expect(refused("<html>Sign in</html>")).toThrow(expect.objectContaining(words));
  expect(refused("")).toThrow(expect.objectContaining(words));
  expect(refused("BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n")).toThrow(expect.objectContaining(words));
  // For ever, from long before, every second: broken off.
  const endless = "UID:1\nDTSTART:20000101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY";
  expect(refused(calendar(endless))).toThrow(expect.objectContaining(words));
  const many = Array.from({ length: importBounds.eventsMost + 1 }, () => "DTSTART:20260310T090000Z");
  expect(refused(calendar(...many))).toThrow(expect.objectContaining(words));
});

test("[SCHEDULING-15] nothing but moments is kept, within the period", () => {
  const found = busyTimes(
    calendar("UID:1\nDTSTART:20260228T230000Z\nDTEND:20260301T010000Z\nSUMMARY:Secret"),
    period,
    "UTC",
  );
  expect(found).toEqual([{ startMs: period.startMs, endMs: Date.parse("2026-03-01T01:00Z") }]);
});
