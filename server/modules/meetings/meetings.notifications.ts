// Emails around a meeting: everyone is told of the newest state once, also after a crash.
import type { MeetingId } from "../../../shared/ids.ts";
import { defaultEmailLanguage } from "../../../shared/schemas/languages.ts";
import {
  calendarContentType,
  calendarText,
  type CalendarEvent,
  type CalendarMethod,
  type CalendarPerson,
} from "./meetings.calendar.ts";
import { meetingEmail, type MeetingMailKind } from "./meetings.emails.ts";
import { openFor } from "./meetings.isolation.ts";
import { kindFor, nameOf, type NotificationsOptions } from "./meetings.mailing.ts";
import type { People } from "./meetings.presenter.ts";
import { seriesCallText } from "./meetings.calendar-series.ts";
import type { StoredMeeting, StoredParticipant } from "./meetings.repository.ts";
import { createSeriesNotifications } from "./meetings.notifications-series.ts";

export interface Notifications {
  /** Queues what each person has not been told yet; safe to repeat and to run twice at once. */
  sendDue(meetingId: MeetingId): Promise<void>;
  /** Tells a person who was removed from a scheduled meeting, if they had been invited. */
  sendRemoval(meeting: StoredMeeting, place: StoredParticipant): Promise<void>;
  /** The meeting as a calendar file; `reader` is named in it as the attendee. */
  calendarFile(
    meeting: StoredMeeting,
    method: CalendarMethod,
    options: { organizerName: string; reader: CalendarPerson | null },
  ): string;
  calendarEvent(
    meeting: StoredMeeting,
    options: { organizerName: string; reader: CalendarPerson | null },
  ): CalendarEvent;
}

export function createNotifications(options: NotificationsOptions): Notifications {
  const { repository, mail, organizations, loadPeople, clock, publicUrl, from } = options;

  const linkTo = (meetingId: MeetingId) => `${publicUrl()}/meetings/${meetingId}`;

  const calendarEvent: Notifications["calendarEvent"] = (meeting, { organizerName, reader }) => ({
    meetingId: meeting.id,
    title: meeting.title,
    description: meeting.description,
    start: meeting.scheduledAt ?? meeting.startedAt ?? meeting.createdAt,
    durationMinutes: meeting.durationMinutes,
    sequence: meeting.calendarSequence,
    cancelled: meeting.state === "cancelled",
    link: linkTo(meeting.id),
    // The organizer's own address is for hosts alone; answers go where the email came from.
    organizer: { name: organizerName, email: from.address },
    reader,
  });

  const calendarFile: Notifications["calendarFile"] = (meeting, method, people) => {
    const event = calendarEvent(meeting, people);
    const { series } = meeting;
    if (series === null) return calendarText(event, method, clock.now());
    const { organizer, reader, cancelled } = event;
    const single = { rule: series, call: { ...event, at: series.at }, organizer, reader, cancelled };
    return seriesCallText(single, method, clock.now());
  };

  /**
   * Whoever is invited to a call, or taken out of it, hears of the call as it stands: where it belongs to a series, their
   * calendar may know a higher sequence of it, by the series or by how they were invited or taken out before.
   */
  async function sequenceFor(
    { series, calendarSequence }: StoredMeeting,
    { mailedSequence }: StoredParticipant,
  ): Promise<number> {
    const isNews = mailedSequence !== null && mailedSequence !== calendarSequence;
    if (series === null || isNews) return calendarSequence;
    const all = await repository.ofSeries(series.id);
    return Math.max(calendarSequence, ...all.map((other) => other.calendarSequence)) + 1;
  }

  async function send(
    kind: MeetingMailKind,
    meeting: StoredMeeting,
    place: StoredParticipant,
    people: People,
  ): Promise<void> {
    const person = people.get(place.userId);
    if (person === undefined) return;
    const organizerName = nameOf(people.get(meeting.organizerId));
    const method = kind === "cancellation" ? "CANCEL" : "REQUEST";
    const hasCalendarFile = meeting.scheduledAt !== null;
    const { scheduledAt, durationMinutes, timeZone, title, description } = meeting;
    const content = meetingEmail({
      kind,
      language: person.language ?? defaultEmailLanguage,
      title,
      description,
      scheduledAt,
      durationMinutes,
      timeZone: person.timeZone ?? timeZone,
      organizerName,
      role: place.role,
      link: linkTo(meeting.id),
      hasCalendarFile,
    });
    const reader = { name: person.displayName, email: person.email };
    const told = { ...meeting, calendarSequence: await sequenceFor(meeting, place) };
    await mail.queue({
      key: `meeting/${place.placeId}/${meeting.calendarSequence}/${kind}`,
      kind,
      meetingId: meeting.id,
      to: { userId: person.id, email: person.email, name: person.displayName },
      ...content,
      attachments: hasCalendarFile
        ? [
            {
              filename: kind === "cancellation" ? "cancelled.ics" : "invitation.ics",
              contentType: calendarContentType(method),
              content: calendarFile(told, method, { organizerName, reader }),
            },
          ]
        : [],
    });
  }

  async function tell(meeting: StoredMeeting, place: StoredParticipant, people: People): Promise<void> {
    const kind = kindFor(meeting, place);
    if (kind !== null) await send(kind, meeting, place, people);
    await repository.markMailed(place.placeId, meeting.calendarSequence);
  }

  const { sendSeriesDue } = createSeriesNotifications({ ...options, tell });

  return {
    calendarFile,
    calendarEvent,

    async sendDue(meetingId) {
      // Read first: what is announced after this is left for the one who announced it.
      const token = await repository.mailToken(meetingId);
      const meeting = await repository.find(meetingId);
      if (meeting === null) return;
      if (meeting.series !== null) return await sendSeriesDue(meeting.series);
      const places = await openFor(meeting, await repository.participants(meetingId), organizations);
      const due = places.filter(
        (place) => place.userId !== meeting.organizerId && place.mailedSequence !== meeting.calendarSequence,
      );
      const people = await loadPeople([meeting.organizerId, ...due.map(({ userId }) => userId)]);
      await Promise.all(due.map((place) => tell(meeting, place, people)));
      if (token !== null) await repository.clearMailToken(meetingId, token);
    },

    async sendRemoval(meeting, place) {
      if (meeting.state !== "scheduled" || place.mailedSequence === null) return;
      if (place.userId === meeting.organizerId) return;
      if ((await openFor(meeting, [place], organizations)).length === 0) return;
      const people = await loadPeople([meeting.organizerId, place.userId]);
      await send("cancellation", meeting, place, people);
    },
  };
}
