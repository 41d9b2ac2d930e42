// Busy times of another calendar: its text read by ical.js, with series, zones and exceptions; titles are not kept.
import ICAL from "ical.js";
import { AppError } from "../../../shared/errors.ts";
import { instantOfWall } from "../../../shared/zone-offsets.ts";
import { union, type Interval } from "./intervals.ts";

export const importBounds = {
  maxBytes: 4 * 1024 * 1024,
  eventsMost: 10_000,
  /** Of all series together, also those that lie outside the period. */
  stepsMost: 50_000,
  timesMost: 5_000,
} as const;

const dayMs = 24 * 60 * 60_000;

/**
 * When the calendar says that its owner is busy, within the period. What is cancelled or marked as free does not count,
 * nor does a day as such that is not marked as busy. A time without a zone is one of the owner's own. Throws
 * VALIDATION_ERROR, in words for the person, where the text is no calendar or goes beyond the bounds.
 */
export function busyTimes(text: string, period: Interval, ownZone: string): Interval[] {
  const calendars = parse(text);
  const events = calendars.flatMap((calendar) => calendar.getAllSubcomponents("vevent"));
  if (events.length > importBounds.eventsMost) throw unusable("It holds too many events.");
  const found: Interval[] = [];
  let stepsLeft: number = importBounds.stepsMost;
  const add = (interval: Interval) => {
    const startMs = Math.max(interval.startMs, period.startMs);
    const endMs = Math.min(interval.endMs, period.endMs);
    if (startMs < endMs) found.push({ startMs, endMs });
    if (found.length > importBounds.timesMost * 2) throw unusable("It holds too many busy times.");
  };

  for (const [uid, same] of Map.groupBy(events, (event) => text1(event, "uid") ?? "")) {
    const changed = same.filter((event) => event.hasProperty("recurrence-id"));
    const mains = same.filter((event) => !event.hasProperty("recurrence-id"));
    const replaced = new Set(
      uid === "" ? [] : changed.map((event) => instantOfProperty(event, "recurrence-id", ownZone)),
    );
    for (const event of changed) if (isBusy(event)) add(intervalOf(event, startOf(event), ownZone));
    for (const event of mains) {
      if (!isBusy(event) || !event.hasProperty("dtstart")) continue;
      const start = startOf(event);
      if (!event.hasProperty("rrule") && !event.hasProperty("rdate")) {
        add(intervalOf(event, start, ownZone));
        continue;
      }
      // With as much again as clocks differ from UTC, and its end may stand in another zone.
      const lengthMost = lengthOf(event) + 2 * dayMs;
      const expansion = new ICAL.RecurExpansion({ component: event, dtstart: start });
      for (let next = expansion.next(); next; next = expansion.next()) {
        stepsLeft -= 1;
        if (stepsLeft < 0) throw unusable("Its series go on for too long.");
        // Most of a series is long over, which is seen without asking what clocks showed.
        if (wallMs(next) + lengthMost < period.startMs) continue;
        const interval = intervalOf(event, next, ownZone);
        if (interval.startMs >= period.endMs) break;
        if (!replaced.has(interval.startMs)) add(interval);
      }
    }
  }
  const busy = union(found);
  if (busy.length > importBounds.timesMost) throw unusable("It holds too many busy times.");
  return busy;
}

function parse(text: string): ICAL.Component[] {
  try {
    const parsed = ICAL.parse(text) as unknown[];
    // Several calendars one after another come as a list of them.
    const trees = Array.isArray(parsed[0]) ? parsed : [parsed];
    const calendars = trees.map((tree) => new ICAL.Component(tree as never));
    if (calendars.some(({ name }) => name !== "vcalendar")) throw unusable("It is not a calendar.");
    return calendars;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unusable("It is not a calendar in the .ics format.", error);
  }
}

function isBusy(event: ICAL.Component): boolean {
  if (text1(event, "status")?.toUpperCase() === "CANCELLED") return false;
  const shown = text1(event, "transp")?.toUpperCase();
  if (shown !== undefined) return shown !== "TRANSPARENT";
  // A birthday is not an appointment.
  return !startOf(event).isDate;
}

function startOf(event: ICAL.Component): ICAL.Time {
  const start = event.getFirstPropertyValue("dtstart");
  if (!(start instanceof ICAL.Time)) throw unusable("It holds an event without a beginning.");
  return start;
}

function intervalOf(event: ICAL.Component, start: ICAL.Time, ownZone: string): Interval {
  const first = startOf(event);
  const zone = zoneOf(event, "dtstart");
  const startMs = instant(start, zone, ownZone);
  const end = event.getFirstPropertyValue("dtend");
  const duration = event.getFirstPropertyValue("duration");
  if (end instanceof ICAL.Time) {
    const length = first.isDate
      ? wallMs(end) - wallMs(first)
      : instant(end, zoneOf(event, "dtend"), ownZone) - instant(first, zone, ownZone);
    if (!first.isDate) return { startMs, endMs: startMs + Math.max(0, length) };
    // Days last as long as the clocks there make them.
    return { startMs, endMs: instantOfWall(wallMs(start) + Math.max(0, length), zone ?? ownZone) };
  }
  if (duration instanceof ICAL.Duration)
    return { startMs, endMs: startMs + Math.max(0, duration.toSeconds() * 1_000) };
  return {
    startMs,
    endMs: first.isDate ? instantOfWall(wallMs(start) + dayMs, zone ?? ownZone) : startMs,
  };
}

function lengthOf(event: ICAL.Component): number {
  const end = event.getFirstPropertyValue("dtend");
  const duration = event.getFirstPropertyValue("duration");
  if (end instanceof ICAL.Time) return Math.max(0, wallMs(end) - wallMs(startOf(event))) + dayMs;
  return duration instanceof ICAL.Duration ? Math.max(0, duration.toSeconds() * 1_000) : dayMs;
}

function instantOfProperty(event: ICAL.Component, name: string, ownZone: string): number | null {
  const value = event.getFirstPropertyValue(name);
  return value instanceof ICAL.Time ? instant(value, zoneOf(event, name), ownZone) : null;
}

/** By the platform's own table where it knows the zone, else by the calendar's own rules. */
function instant(time: ICAL.Time, zone: string | null, ownZone: string): number {
  if (time.zone === ICAL.Timezone.utcTimezone) return wallMs(time);
  if (zone !== null && known(zone)) return instantOfWall(wallMs(time), zone);
  if (zone !== null && time.zone !== undefined && time.zone !== ICAL.Timezone.localTimezone)
    return time.toUnixTime() * 1_000;
  return instantOfWall(wallMs(time), ownZone);
}

function wallMs({ year, month, day, hour, minute, second }: ICAL.Time): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function zoneOf(event: ICAL.Component, property: string): string | null {
  const zone = event.getFirstProperty(property)?.getFirstParameter("tzid");
  return typeof zone === "string" && zone !== "" ? zone : null;
}

const knownZones = new Map<string, boolean>();

function known(zone: string): boolean {
  const before = knownZones.get(zone);
  if (before !== undefined) return before;
  let answer = true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
  } catch {
    answer = false;
  }
  // Names come from anywhere.
  if (knownZones.size > 2_000) knownZones.clear();
  knownZones.set(zone, answer);
  return answer;
}

function text1(event: ICAL.Component, name: string): string | undefined {
  const value = event.getFirstPropertyValue(name);
  return typeof value === "string" ? value : undefined;
}

function unusable(message: string, cause?: unknown): AppError {
  return new AppError("VALIDATION_ERROR", `This calendar could not be used: ${message}`, {
    ...(cause === undefined ? {} : { cause }),
  });
}
