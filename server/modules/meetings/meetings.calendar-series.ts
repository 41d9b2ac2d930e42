// A series as calendars know it (RFC 5545): one rule by the clock of its zone, what is left out of it, and calls that were moved.
import ical, {
  ICalAttendeeRole,
  ICalCalendarMethod,
  ICalEventStatus,
  type ICalCalendar,
  type ICalLuxonDateTimeStub,
} from "ical-generator";
import { seriesStarts, wallOf, weekInMonth, type SeriesRule } from "../../../shared/series.ts";
import { evenTimes, zoneOffsetMs } from "../../../shared/zone-offsets.ts";
import { defaultDurationMinutes, type CalendarMethod, type CalendarPerson } from "./meetings.calendar.ts";
import type { StoredSeries } from "./meetings.repository.ts";

/** A call as it stands; `at` is where the rule has it. */
export interface SeriesCallEvent {
  at: Date;
  title: string;
  description: string | null;
  start: Date;
  durationMinutes: number | null;
  sequence: number;
  link: string;
}

export interface SeriesEvent {
  rule: Omit<StoredSeries, "at">;
  /** Those that take place, in the order of the rule. */
  calls: readonly SeriesCallEvent[];
  /** What it was called, where none takes place any more. */
  title: string;
  /** Where its next call is found, at any time. */
  link: string;
  /** Of the series: at least that of each call. */
  sequence: number;
  organizer: CalendarPerson;
  reader: CalendarPerson | null;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;

export function seriesUid(seriesId: string): string {
  return `series-${seriesId}@connvo`;
}

/** The whole of it, as it replaces all that calendars had of it. Without calls it is cancelled. */
export function seriesText(event: SeriesEvent, stamp: Date): string {
  const last = event.calls.at(-1);
  const method: CalendarMethod = last === undefined ? "CANCEL" : "REQUEST";
  const { rule, organizer, reader, sequence } = event;
  const calendar = emptyCalendar(method, rule, event.calls);
  const shared = { id: seriesUid(rule.id), stamp, organizer };
  // What changes from one call on lasts until the end: so the last one is what is usual, and others are told apart.
  const usual = last ?? null;
  const minutes = usual?.durationMinutes ?? defaultDurationMinutes;
  const zone = zoneFor(rule, minutes);
  const shown = (at: Date) => moment(at, zone);
  // Where calls are listed by their moments, the first that takes place is the first of all.
  const first = zone === null && rule.timeZone !== "UTC" ? (event.calls[0]?.at ?? rule.first) : rule.first;
  const entry = calendar.createEvent({
    ...shared,
    sequence,
    timezone: zone,
    start: shown(first),
    end: shown(endOf(first, minutes)),
    summary: usual?.title ?? event.title,
    ...wordsOf({ description: usual?.description ?? null, link: event.link }),
    status: usual === null ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  });
  invite(entry, reader, usual !== null);
  if (usual === null) return calendar.toString();
  entry.repeating(recurrenceOf(rule, event.calls, zone));
  for (const call of event.calls) {
    if (isUsual(call, usual)) continue;
    const single = calendar.createEvent({
      ...shared,
      ...singleOf(call, zone),
      status: ICalEventStatus.CONFIRMED,
    });
    invite(single, reader, true);
  }
  return calendar.toString();
}

/** One call alone, of a series that calendars know, or where the reader takes part in no other one. */
export function seriesCallText(
  event: { rule: Omit<StoredSeries, "at">; call: SeriesCallEvent; cancelled: boolean } & Pick<
    SeriesEvent,
    "organizer" | "reader"
  >,
  method: CalendarMethod,
  stamp: Date,
): string {
  const { rule, call, organizer, reader } = event;
  const cancelled = event.cancelled || method === "CANCEL";
  const calendar = emptyCalendar(method, rule, [call]);
  const single = calendar.createEvent({
    id: seriesUid(rule.id),
    stamp,
    organizer,
    ...singleOf(call, zoneFor(rule, call.durationMinutes ?? defaultDurationMinutes)),
    status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  });
  invite(single, reader, !cancelled);
  return calendar.toString();
}

function emptyCalendar(
  method: CalendarMethod,
  rule: SeriesRule,
  calls: readonly SeriesCallEvent[],
): ICalCalendar {
  const calendar = ical({
    prodId: { company: "Connvo", product: "Connvo", language: "EN" },
    method: ICalCalendarMethod[method],
  });
  calendar.timezone({ name: null, generator: (zone) => zoneText(zone, rule, calls) });
  return calendar;
}

function singleOf(call: SeriesCallEvent, ruleZone: string | null) {
  const minutes = call.durationMinutes ?? defaultDurationMinutes;
  // What the clock shows twice is written in UTC.
  const end = endOf(call.start, minutes);
  const zone =
    ruleZone !== null && [call.start, end].every((at) => isOnlyOneOnItsClock(at, ruleZone)) ? ruleZone : null;
  return {
    sequence: call.sequence,
    timezone: zone,
    recurrenceId: moment(call.at, zone),
    start: moment(call.start, zone),
    end: moment(end, zone),
    summary: call.title,
    ...wordsOf(call),
  };
}

function wordsOf({ description, link }: Pick<SeriesCallEvent, "description" | "link">) {
  return {
    description: [description, `Join: ${link}`].filter((part) => part !== null).join("\n\n"),
    location: link,
    url: link,
  };
}

function invite(
  entry: ReturnType<ICalCalendar["createEvent"]>,
  reader: CalendarPerson | null,
  rsvp: boolean,
): void {
  if (reader !== null) entry.createAttendee({ ...reader, rsvp, role: ICalAttendeeRole.REQ });
}

function isUsual(call: SeriesCallEvent, usual: SeriesCallEvent): boolean {
  return (
    call.start.getTime() === call.at.getTime() &&
    call.title === usual.title &&
    call.description === usual.description &&
    call.durationMinutes === usual.durationMinutes
  );
}

/** Null where calendars, by the clock of the zone, would not read each start as it is meant. */
function zoneFor(rule: SeriesRule, minutes: number): string | null {
  const { timeZone } = rule;
  const regular = seriesStarts(rule).every(
    (at) =>
      [at, endOf(at, minutes)].every((edge) => isOnlyOneOnItsClock(edge, timeZone)) &&
      timeOfDay(at, timeZone) === timeOfDay(rule.first, timeZone),
  );
  return regular && timeZone !== "UTC" ? timeZone : null;
}

function recurrenceOf(rule: SeriesRule, calls: readonly SeriesCallEvent[], zone: string | null): string {
  // By their moments: no rule leads to them.
  if (zone === null && rule.timeZone !== "UTC") {
    // The first one, too: not all programs take the start for one of them. Of one line alone the writer makes a rule; that
    // calls take up time goes without saying.
    return `TRANSP:OPAQUE\r\nRDATE:${calls.map(({ at }) => dateTime(at, null)).join(",")}`;
  }
  const starts = seriesStarts(rule);
  const living = new Set(calls.map(({ at }) => at.getTime()));
  const lastIndex = starts.findLastIndex((at) => living.has(at.getTime()));
  const within = starts.slice(0, lastIndex + 1);
  const left = within.filter((at) => !living.has(at.getTime())).map((at) => dateTime(at, zone));
  return [
    `RRULE:${frequencyOf(rule)};COUNT=${within.length}`,
    ...(left.length === 0 ? [] : [`EXDATE${zone === null ? "" : `;TZID=${zone}`}:${left.join(",")}`]),
  ].join("\r\n");
}

function frequencyOf({ first, timeZone, every }: SeriesRule): string {
  const wall = new Date(wallOf(first, timeZone));
  if (every !== "monthly") return `FREQ=WEEKLY${every === "weekly" ? "" : ";INTERVAL=2"}`;
  const { weekday, week } = weekInMonth(wall);
  return `FREQ=MONTHLY;BYDAY=${week}${weekdays[weekday] ?? "MO"}`;
}

/** RFC 5545's VTIMEZONE for as long as the series and what was moved out of it last: what clocks show then, not why. */
function zoneText(zone: string, rule: SeriesRule, calls: readonly SeriesCallEvent[]): string {
  const times = [rule.first, ...seriesStarts(rule), ...calls.map(({ start }) => start)].map(Number);
  const pieces = evenTimes(Math.min(...times) - 8 * dayMs, Math.max(...times) + 366 * dayMs, zone);
  const standard = Math.min(...pieces.map(({ offsetMs }) => offsetMs));
  return [
    "BEGIN:VTIMEZONE",
    `TZID:${zone}`,
    ...pieces.flatMap(({ startMs, offsetMs }, index) => {
      const before = pieces[index - 1]?.offsetMs ?? offsetMs;
      const name = offsetMs > standard ? "DAYLIGHT" : "STANDARD";
      return [
        `BEGIN:${name}`,
        `DTSTART:${index === 0 ? "19700101T000000" : dateTime(new Date(startMs + before), null).slice(0, -1)}`,
        `TZOFFSETFROM:${offsetText(before)}`,
        `TZOFFSETTO:${offsetText(offsetMs)}`,
        `END:${name}`,
      ];
    }),
    "END:VTIMEZONE",
  ].join("\r\n");
}

function offsetText(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / minuteMs);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${offsetMs < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}

function endOf(start: Date, minutes: number): Date {
  return new Date(start.getTime() + minutes * minuteMs);
}

/** Of a time that comes twice programs read one or the other, whatever RFC 5545 says. */
function isOnlyOneOnItsClock(at: Date, zone: string): boolean {
  const wall = wallOf(at, zone);
  const offsets = [-dayMs, dayMs].map((ms) => zoneOffsetMs(at.getTime() + ms, zone));
  return offsets.every((offset) => {
    const other = new Date(wall - offset);
    return other.getTime() === at.getTime() || wallOf(other, zone) !== wall;
  });
}

function timeOfDay(at: Date, zone: string): number {
  const wall = wallOf(at, zone);
  return wall - Math.floor(wall / dayMs) * dayMs;
}

/** `20260312T100000` in the zone, or with `Z` in UTC. */
function dateTime(at: Date, zone: string | null): string {
  const shown = new Date(zone === null ? at.getTime() : wallOf(at, zone)).toISOString();
  return `${shown.slice(0, 19).replace(/[-:]/g, "")}${zone === null ? "Z" : ""}`;
}

/** A moment that its writer shows by the clock of its zone, in the formats that it asks for. */
function moment(at: Date, zone: string | null): Date | ICalLuxonDateTimeStub {
  if (zone === null) return at;
  const [date = "", time = ""] = dateTime(at, zone).split("T");
  const shown: ICalLuxonDateTimeStub = {
    isValid: true,
    zone: { type: "iana" },
    setZone: () => shown,
    toFormat: (format) => (format === "HHmmss" ? time : date),
    toJSDate: () => at,
    toJSON: () => at.toISOString(),
  };
  return shown;
}
