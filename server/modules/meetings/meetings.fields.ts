// What may be said of a planned meeting, from a request to what is stored, and what of it calendars must hear of.
import type { UpdateMeeting } from "../../../shared/schemas/meetings.ts";
import type { MeetingFields, StoredMeeting } from "./meetings.repository.ts";

const calendarFields = ["title", "description", "scheduledAt", "durationMinutes", "timeZone"] as const;

export function isForCalendars(fields: Partial<MeetingFields>): boolean {
  return calendarFields.some((name) => name in fields);
}

/** Only what was given; a missing field means "as it is". */
export function fieldsOf(input: UpdateMeeting): Partial<MeetingFields> {
  const { title, description, scheduledAt, durationMinutes, timeZone, template, recapDelivery } = input;
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description: description === "" ? null : description }),
    ...(scheduledAt === undefined ? {} : { scheduledAt: new Date(scheduledAt) }),
    ...(durationMinutes === undefined ? {} : { durationMinutes }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(template === undefined ? {} : { template }),
    ...(recapDelivery === undefined ? {} : { recapDelivery }),
  };
}

export function differences(before: StoredMeeting, fields: Partial<MeetingFields>): Partial<MeetingFields> {
  const same = (a: unknown, b: unknown) =>
    a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b;
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => !same(before[name as keyof MeetingFields], value)),
  );
}
