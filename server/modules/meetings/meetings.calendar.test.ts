// Calendar text: stable identity, UTC times, nothing of the title can become a property of its own.
import ICAL from "ical.js";
import { expect, test } from "vitest";
import { meetingIdSchema } from "../../../shared/ids.ts";
import { calendarContentType, calendarOf, calendarText, type CalendarEvent } from "./meetings.calendar.ts";

const meetingId = meetingIdSchema.parse("0123456789abcdef01234567");
const stamp = new Date("2026-01-05T09:00:00Z");

function event(change: Partial<CalendarEvent> = {}): CalendarEvent {
  return {
    meetingId,
    title: "First call",
    description: null,
    start: new Date("2026-03-12T09:00:00Z"),
    durationMinutes: 45,
    sequence: 0,
    cancelled: false,
    link: `http://localhost:3000/meetings/${meetingId}`,
    organizer: { name: "Coach", email: "connvo@localhost" },
    reader: { name: "Ann", email: "ann@example.org" },
    ...change,
  };
}

/** Logical lines: folded ones are joined again. */
function linesOf(text: string): string[] {
  return text.replace(/\r\n[ \t]/g, "").split("\r\n");
}

test("[MEETINGS-20] the same meeting keeps its UID while its sequence rises", () => {
  const uids = [0, 1, 2].map((sequence) => linesOf(calendarText(event({ sequence }), "REQUEST", stamp)));
  for (const [sequence, lines] of uids.entries()) {
    expect(lines).toContain(`UID:${meetingId}@connvo`);
    expect(lines).toContain(`SEQUENCE:${sequence}`);
  }
});

test("[MEETINGS-21] times are written in UTC and the stamp is the moment of writing", () => {
  const lines = linesOf(calendarText(event(), "REQUEST", stamp));
  expect(lines).toContain("DTSTART:20260312T090000Z");
  expect(lines).toContain("DTEND:20260312T094500Z");
  expect(lines).toContain("DTSTAMP:20260105T090000Z");
  expect(lines.join("\n")).not.toContain("TZID");
});

test("[MEETINGS-21] a call across the change to summer time lasts as long as planned", () => {
  // 00:30 UTC is 01:30 in Zurich, half an hour before clocks go from 02:00 to 03:00.
  const start = new Date("2026-03-29T00:30:00Z");
  const lines = linesOf(calendarText(event({ start, durationMinutes: 60 }), "REQUEST", stamp));
  expect(lines).toContain("DTSTART:20260329T003000Z");
  expect(lines).toContain("DTEND:20260329T013000Z");
});

test("[MEETINGS-22] without a duration an hour is blocked", () => {
  const lines = linesOf(calendarText(event({ durationMinutes: null }), "REQUEST", stamp));
  expect(lines).toContain("DTEND:20260312T100000Z");
});

test("[MEETINGS-23] line breaks in a title or a name start no property", () => {
  const text = calendarText(
    event({
      title: "Call\r\nATTENDEE:mailto:eve@example.org",
      description: "a\nATTACH:http://evil.example",
      organizer: { name: 'Co"ach\r\nX-EVIL:1', email: "connvo@localhost" },
    }),
    "REQUEST",
    stamp,
  );
  const names = linesOf(text).map((line) => line.split(/[:;]/)[0]);
  expect(names.filter((name) => name === "ATTENDEE")).toHaveLength(1);
  expect(names).not.toContain("ATTACH");
  expect(names).not.toContain("X-EVIL");
});

test("[MEETINGS-24] a Unicode title survives folding byte for byte", () => {
  const title = "Zoë’s coaching 🧭 — 目標と現実について話し合うための長い長いタイトル, part 2; really";
  const text = calendarText(event({ title }), "REQUEST", stamp);
  const summary = linesOf(text).find((line) => line.startsWith("SUMMARY:")) ?? "";
  expect(summary.slice("SUMMARY:".length).replace(/\\([,;\\])/g, "$1")).toBe(title);
  for (const line of text.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
});

test("[MEETINGS-25] the reader is the only attendee, and a file for nobody names none", () => {
  const attendees = (text: string) => linesOf(text).filter((line) => line.startsWith("ATTENDEE"));
  expect(attendees(calendarText(event(), "REQUEST", stamp))).toEqual([
    expect.stringContaining("ann@example.org"),
  ]);
  expect(attendees(calendarText(event({ reader: null }), "PUBLISH", stamp))).toEqual([]);
});

test("[MEETINGS-26] a cancellation says so twice: in its method and in its status", () => {
  const lines = linesOf(calendarText(event({ cancelled: true }), "CANCEL", stamp));
  expect(lines).toContain("METHOD:CANCEL");
  expect(lines).toContain("STATUS:CANCELLED");
  expect(calendarContentType("CANCEL")).toBe("text/calendar; charset=utf-8; method=CANCEL");
});

/** A calendar as a mail program keeps it: of one UID the file with the higher sequence, then the later stamp, counts. */
function kept(files: readonly string[]): Map<string, ICAL.Event> {
  const events = new Map<string, ICAL.Event>();
  for (const file of files) {
    const calendar = new ICAL.Component(ICAL.parse(file) as never);
    for (const component of calendar.getAllSubcomponents("vevent")) {
      const next = new ICAL.Event(component);
      const before = events.get(next.uid);
      if (before === undefined || before.sequence <= next.sequence) events.set(next.uid, next);
    }
  }
  return events;
}

test("[MEETINGS-20] [MEETINGS-26] to another parser updates replace the earlier event, in whatever order they come, and a cancellation ends it", () => {
  const files = [
    calendarText(event({ sequence: 0 }), "REQUEST", stamp),
    calendarText(
      event({ sequence: 1, title: "Moved", start: new Date("2026-03-13T09:00:00Z") }),
      "REQUEST",
      stamp,
    ),
    calendarText(event({ sequence: 2, title: "Moved", cancelled: true }), "CANCEL", stamp),
  ];
  const [first = "", second = "", third = ""] = files;
  for (const order of [
    [first, second],
    [second, first],
  ]) {
    const events = [...kept(order).values()];
    expect(events).toHaveLength(1);
    expect(events[0]?.summary).toBe("Moved");
    expect(events[0]?.startDate.toJSDate()).toEqual(new Date("2026-03-13T09:00:00Z"));
    expect(events[0]?.endDate.toJSDate()).toEqual(new Date("2026-03-13T09:45:00Z"));
  }
  const [last] = kept([third, second, first]).values();
  expect(last?.component.getFirstPropertyValue("status")).toBe("CANCELLED");
  expect(last?.attendees).toHaveLength(1);
});

test("[MEETINGS-27] a calendar of several meetings is read by another parser as that many, and is the same text each time", () => {
  const other = meetingIdSchema.parse("fedcba9876543210fedcba98");
  const events = [
    { ...event({ reader: null }), stamp },
    { ...event({ reader: null, meetingId: other, title: "Second; call,\nEND:VEVENT" }), stamp },
  ];
  const text = calendarOf(events, "PUBLISH", "Connvo");
  expect(calendarOf(events, "PUBLISH", "Connvo")).toBe(text);
  expect([...kept([text]).values()].map(({ summary }) => summary)).toEqual([
    "First call",
    "Second; call,\nEND:VEVENT",
  ]);
});
