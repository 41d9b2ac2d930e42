// Emails around a series: one for all that has changed of it, with the whole of it as the reader's calendar is to have it.
import type { UserId } from "../../../shared/ids.ts";
import { defaultEmailLanguage } from "../../../shared/schemas/languages.ts";
import { calendarContentType } from "./meetings.calendar.ts";
import { seriesText } from "./meetings.calendar-series.ts";
import { meetingEmail, type MeetingMailKind } from "./meetings.emails.ts";
import { openFor } from "./meetings.isolation.ts";
import { kindFor, nameOf, type NotificationsOptions } from "./meetings.mailing.ts";
import type { People } from "./meetings.presenter.ts";
import type { StoredMeeting, StoredParticipant, StoredSeries } from "./meetings.repository.ts";

interface Call {
  meeting: StoredMeeting;
  place: StoredParticipant;
}

export function createSeriesNotifications(
  options: NotificationsOptions & {
    /** Of one call alone. */
    tell(meeting: StoredMeeting, place: StoredParticipant, people: People): Promise<void>;
  },
) {
  const { repository, mail, organizations, loadPeople, clock, publicUrl, from, tell } = options;

  async function send(kind: MeetingMailKind, series: StoredSeries, theirs: Call[], people: People) {
    const [first, last] = [theirs[0], theirs.at(-1)];
    const person = first === undefined ? undefined : people.get(first.place.userId);
    if (first === undefined || last === undefined || person === undefined) return;
    const living = theirs.filter(({ meeting }) => meeting.state !== "cancelled");
    const ahead = living.find(({ meeting }) => meeting.state === "scheduled") ?? living.at(-1) ?? first;
    const sequence = Math.max(...theirs.map(({ meeting }) => meeting.calendarSequence));
    const organizerName = nameOf(people.get(first.meeting.organizerId));
    const linkTo = ({ meeting }: Call) => `${publicUrl()}/meetings/${meeting.id}`;
    const link = `${linkTo(living.at(-1) ?? last)}/next`;
    const { title, description, scheduledAt, durationMinutes } = ahead.meeting;
    const timeZone = person.timeZone ?? series.timeZone;
    const coming = living.filter(({ meeting }) => meeting.state === "scheduled");
    const content = meetingEmail({
      kind,
      language: person.language ?? defaultEmailLanguage,
      title,
      description,
      scheduledAt,
      durationMinutes,
      timeZone,
      organizerName,
      role: ahead.place.role,
      link,
      hasCalendarFile: true,
      series: {
        every: series.every,
        count: kind === "cancellation" ? theirs.length : coming.length,
        last: (kind === "cancellation" ? last : (coming.at(-1) ?? last)).meeting.scheduledAt,
      },
    });
    const file = seriesText(
      {
        rule: series,
        calls: living.flatMap((call) => {
          const { meeting } = call;
          const { scheduledAt: start, series: at } = meeting;
          if (start === null || at === null) return [];
          const shown = { title: meeting.title, description: meeting.description, link: linkTo(call) };
          const { durationMinutes: minutes, calendarSequence } = meeting;
          return [{ at: at.at, start, durationMinutes: minutes, sequence: calendarSequence, ...shown }];
        }),
        title,
        link,
        sequence,
        organizer: { name: organizerName, email: from.address },
        reader: { name: person.displayName, email: person.email },
      },
      clock.now(),
    );
    await mail.queue({
      key: `series/${first.place.placeId}/${sequence}/${theirs.length}/${kind}`,
      kind,
      meetingId: ahead.meeting.id,
      to: { userId: person.id, email: person.email, name: person.displayName },
      ...content,
      attachments: [
        {
          filename: kind === "cancellation" ? "cancelled.ics" : "invitation.ics",
          contentType: calendarContentType(living.length === 0 ? "CANCEL" : "REQUEST"),
          content: file,
        },
      ],
    });
  }

  async function tellOne(series: StoredSeries, theirs: Call[], people: People): Promise<void> {
    const due = theirs.filter(({ meeting, place }) => place.mailedSequence !== meeting.calendarSequence);
    const news = due.filter(({ meeting, place }) => kindFor(meeting, place) !== null);
    const told = theirs.filter(({ place }) => place.mailedSequence !== null);
    const [only, ...others] = news;
    if (only !== undefined && others.length === 0 && (told.length > 0 || theirs.length === 1))
      await tell(only.meeting, only.place, people);
    else if (only !== undefined) {
      const cancelled = theirs.every(({ meeting }) => meeting.state === "cancelled");
      await send(
        cancelled ? "cancellation" : told.length === 0 ? "invitation" : "update",
        series,
        theirs,
        people,
      );
    }
    for (const { meeting, place } of due)
      await repository.markMailed(place.placeId, meeting.calendarSequence);
  }

  return {
    /** As `sendDue` for all calls of a series: may be repeated, and run twice at once. */
    async sendSeriesDue(series: StoredSeries): Promise<void> {
      // Read first: what is announced after this is left for the one who announced it.
      const tokens = await repository.seriesMailTokens(series.id);
      const meetings = await repository.ofSeries(series.id);
      // All calls of a series belong where its organizer made it.
      const orgId = meetings[0]?.orgId ?? null;
      const all = await repository.participantsOf(meetings.map(({ id }) => id));
      const places = await openFor({ orgId }, all, organizations);
      const byMeeting = new Map(meetings.map((meeting) => [meeting.id, meeting]));
      const byPerson = new Map<UserId, Call[]>();
      for (const place of places) {
        const meeting = byMeeting.get(place.meetingId);
        if (meeting === undefined || place.userId === meeting.organizerId) continue;
        byPerson.set(place.userId, [...(byPerson.get(place.userId) ?? []), { meeting, place }]);
      }
      const people = await loadPeople([
        ...byPerson.keys(),
        ...meetings.map(({ organizerId }) => organizerId),
      ]);
      for (const theirs of byPerson.values()) {
        const inOrder = theirs.sort((a, b) => ruleTime(a) - ruleTime(b));
        await tellOne(series, inOrder, people);
      }
      for (const { meetingId, token } of tokens) await repository.clearMailToken(meetingId, token);
    },
  };
}

function ruleTime({ meeting }: Call): number {
  return meeting.series?.at.getTime() ?? 0;
}
