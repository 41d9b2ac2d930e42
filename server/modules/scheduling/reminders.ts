// Reminders of calls: to each person as long before as they want, once for each time that a call is planned for.
import { defaultEmailLanguage } from "../../../shared/schemas/languages.ts";
import { reminderChoices, usualReminders } from "../../../shared/schemas/calendar.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { MailService } from "../mail/index.ts";
import type { MeetingRecord, MeetingsService } from "../meetings/index.ts";
import type { UsersService } from "../users/index.ts";
import type { CalendarsRepository } from "./calendars.repository.mongo.ts";
import { reminderEmail } from "./reminders.emails.ts";

const minuteMs = 60_000;
/** After a longer standstill an old reminder is of no use: the next one is. */
const lateMostMs = 15 * minuteMs;

export interface Reminders {
  /** What has become due since the last time. May be repeated, and by several at once. */
  send(signal: AbortSignal): Promise<void>;
}

/** Until when reminders were sent. */
export interface ReminderMark {
  get(): Promise<Date | null>;
  /** Never goes back. */
  advance(to: Date): Promise<void>;
}

export function createReminders(options: {
  mark: ReminderMark;
  calendars: Pick<CalendarsRepository, "of">;
  meetings: Pick<MeetingsService, "planned" | "record">;
  users: Pick<UsersService, "byIds">;
  mail: Pick<MailService, "queue">;
  clock: Clock;
  metrics: Metrics;
  publicUrl(): string;
}): Reminders {
  const { mark, calendars, meetings, users, mail, clock } = options;
  const sent = options.metrics.counter("call_reminders_total", "Reminders of calls that were queued", [
    "minutes_before",
  ]);

  async function remind(meeting: MeetingRecord, minutes: number): Promise<void> {
    const { scheduledAt } = meeting;
    if (scheduledAt === null) return;
    const ids = meeting.participants.map(({ userId }) => userId);
    const [settings, people] = await Promise.all([calendars.of(ids), users.byIds(ids)]);
    for (const person of people) {
      if (!(settings.get(person.id)?.reminders ?? usualReminders).includes(minutes)) continue;
      if (person.deletedAt !== null || person.erasedAt !== null) continue;
      await mail.queue({
        // What a mail server that is away delays is told in time, or not at all.
        until: new Date(
          Math.min(scheduledAt.getTime() - minutes * minuteMs + lateMostMs, scheduledAt.getTime()),
        ),
        // Of a call that was moved people are reminded anew.
        key: `reminder/${meeting.id}/${person.id}/${scheduledAt.getTime()}/${minutes}`,
        kind: "reminder",
        meetingId: meeting.id,
        to: { userId: person.id, email: person.email, name: person.displayName },
        ...reminderEmail({
          language: person.language ?? defaultEmailLanguage,
          title: meeting.title,
          scheduledAt,
          timeZone: person.timeZone ?? meeting.timeZone ?? "UTC",
          link: `${options.publicUrl()}/meetings/${meeting.id}`,
          settingsLink: `${options.publicUrl()}/calendar/settings`,
        }),
        attachments: [],
      });
      sent.inc({ minutes_before: String(minutes) });
    }
  }

  return {
    async send(signal) {
      const now = clock.now();
      const nowMs = now.getTime();
      const before = (await mark.get())?.getTime() ?? nowMs - minuteMs;
      const sinceMs = Math.max(before, nowMs - lateMostMs);
      for (const minutes of reminderChoices) {
        const ahead = minutes * minuteMs;
        // Of what has begun nobody is reminded.
        const from = new Date(Math.max(sinceMs + ahead, nowMs));
        for await (const meeting of meetings.planned({ from, to: new Date(nowMs + ahead) })) {
          signal.throwIfAborted();
          await remind(meeting, minutes);
        }
      }
      // After all of it: a run that breaks off is made again, and no email goes twice.
      await mark.advance(now);
    },
  };
}
