// A meeting as calendar text (RFC 5545): one event in UTC, the same UID for its whole life, a rising sequence.
import ical, { ICalAttendeeRole, ICalCalendarMethod, ICalEventStatus } from "ical-generator";
import type { MeetingId } from "../../../shared/ids.ts";

export type CalendarMethod = "REQUEST" | "CANCEL" | "PUBLISH";

export interface CalendarPerson {
  name: string;
  email: string;
}

export interface CalendarEvent {
  meetingId: MeetingId;
  title: string;
  description: string | null;
  start: Date;
  durationMinutes: number | null;
  sequence: number;
  cancelled: boolean;
  /** Where the meeting is joined. */
  link: string;
  organizer: CalendarPerson;
  /** The only attendee that is named: nobody learns another's address from a file. */
  reader: CalendarPerson | null;
}

/** What a calendar blocks where nobody said how long the call takes. */
export const defaultDurationMinutes = 60;

const minuteMs = 60_000;

/** `stamp` is the moment of writing; with the sequence it tells calendars which of two files is newer. */
export function calendarText(event: CalendarEvent, method: CalendarMethod, stamp: Date): string {
  return calendarOf([{ ...event, stamp }], method);
}

/** Several are for PUBLISH alone: a request is about one event. `stamp` is when each last changed. */
export function calendarOf(
  events: readonly (CalendarEvent & { stamp: Date })[],
  method: CalendarMethod,
  name?: string,
): string {
  const calendar = ical({
    prodId: { company: "Connvo", product: "Connvo", language: "EN" },
    method: ICalCalendarMethod[method],
    ...(name === undefined ? {} : { name }),
  });
  for (const event of events) {
    const cancelled = event.cancelled || method === "CANCEL";
    const entry = calendar.createEvent({
      id: `${event.meetingId}@connvo`,
      sequence: event.sequence,
      stamp: event.stamp,
      start: event.start,
      end: new Date(event.start.getTime() + (event.durationMinutes ?? defaultDurationMinutes) * minuteMs),
      summary: event.title,
      description: [event.description, `Join: ${event.link}`].filter((part) => part !== null).join("\n\n"),
      location: event.link,
      url: event.link,
      organizer: event.organizer,
      status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    });
    if (event.reader !== null)
      entry.createAttendee({ ...event.reader, rsvp: !cancelled, role: ICalAttendeeRole.REQ });
  }
  return calendar.toString();
}

/** The content type that lets mail programs offer to accept or to remove the event. */
export function calendarContentType(method: CalendarMethod): string {
  return `text/calendar; charset=utf-8; method=${method}`;
}
