// The emails of a recap, one for each host and participant: the same for sending them and for showing them before.
import { mayBeQuoted, noAnswers } from "../../../shared/consent-rules.ts";
import type { UserId } from "../../../shared/ids.ts";
import type { CitedText } from "../../../shared/schemas/insights.ts";
import { defaultEmailLanguage } from "../../../shared/schemas/languages.ts";
import type { Clock } from "../../platform/clock.ts";
import type { ConsentLedger } from "../consent/index.ts";
import type { MailAttachment } from "../mail/index.ts";
import type { MeetingRecord, MeetingsService } from "../meetings/index.ts";
import type { UsersService } from "../users/index.ts";
import type { InsightsRepository } from "./insights.repository.ts";
import { recapEmail, type EmailContent } from "./recap-email.ts";

export interface RecapLettersOptions {
  repository: Pick<InsightsRepository, "actions" | "insight">;
  clock: Clock;
  meetings: Pick<MeetingsService, "nextTogether" | "calendarFor" | "reached">;
  users: Pick<UsersService, "byIds">;
  consents: Pick<ConsentLedger, "answers">;
  publicUrl: () => string;
}

export interface Letter {
  to: { userId: UserId; email: string; name: string };
  content: EmailContent;
  attachments: MailAttachment[];
}

const usersAtOnce = 200;

type Cited = Pick<CitedText, "citations">;
type Person = Awaited<ReturnType<UsersService["byIds"]>>[number];

export function createRecapLetters(options: RecapLettersOptions) {
  const { repository, clock, meetings, users, consents, publicUrl } = options;

  /** Whether an item may stand in somebody's email: nobody is quoted to others who does not want it. */
  async function quotableIn(record: MeetingRecord, actions: readonly Cited[]) {
    const cited = actions.flatMap(({ citations }) => citations.map(({ speakerId }) => speakerId));
    const speakers = new Set([...cited, ...record.participants.map(({ userId }) => userId)]);
    const answers = await consents.answers(record.id, [...speakers]);
    return ({ citations }: Cited, reader: UserId) =>
      citations.every(
        ({ speakerId }) => speakerId === reader || mayBeQuoted(answers.get(speakerId) ?? noAnswers),
      );
  }

  async function nextCall(
    record: MeetingRecord,
  ): Promise<{ record: MeetingRecord; scheduledAt: Date; calendar: MailAttachment } | null> {
    const next = await meetings.nextTogether(speakersOf(record), record.endedAt ?? clock.now(), record.orgId);
    if (next === null || next.scheduledAt === null) return null;
    return {
      record: next,
      scheduledAt: next.scheduledAt,
      calendar: {
        filename: "next-call.ics",
        contentType: "text/calendar; charset=utf-8; method=PUBLISH",
        content: await meetings.calendarFor(next, "PUBLISH"),
      },
    };
  }

  return {
    /** `unsubscribe`: what each of them carries for stopping these emails. */
    async *of(record: MeetingRecord, unsubscribe: (reader: UserId) => string | null): AsyncIterable<Letter> {
      const meetingId = record.id;
      const reached = await meetings.reached(meetingId);
      const readers = speakersOf(record).filter((reader) => reached.has(reader));
      const people = new Map<UserId, Person>(
        (await users.byIds(readers.slice(0, usersAtOnce))).map((person) => [person.id, person]),
      );
      const names = new Map([...people].map(([id, { displayName }]) => [id, displayName]));
      const actions = await repository.actions(meetingId);
      const quotable = await quotableIn(record, actions);
      const next = await nextCall(record);
      for (const reader of readers) {
        const person = people.get(reader);
        const insight = await repository.insight(meetingId, reader);
        if (person === undefined || insight === null) continue;
        const content = recapEmail({
          reader,
          language: person.language ?? defaultEmailLanguage,
          meetingTitle: record.title,
          startedAt: record.startedAt ?? record.scheduledAt ?? clock.now(),
          timeZone: person.timeZone ?? record.timeZone ?? "UTC",
          outcome: insight.outcome !== null && quotable(insight.outcome, reader) ? insight.outcome : null,
          actions: actions.filter((action) => quotable(action, reader)),
          names,
          link: `${publicUrl()}/meetings/${meetingId}/recap`,
          unsubscribe: unsubscribe(reader),
          next: next === null ? null : { title: next.record.title, scheduledAt: next.scheduledAt },
          generatedBy: insight.generatedBy,
          writtenByModel: insight.generatedBy !== "rules",
        });
        yield {
          to: { userId: reader, email: person.email, name: person.displayName },
          content,
          attachments: next === null ? [] : [next.calendar],
        };
      }
    },
  };
}

/** Hosts and participants: who gets an email, and whose commitments they are. */
export function speakersOf({ participants }: MeetingRecord): UserId[] {
  return participants.filter(({ role }) => role !== "observer").map(({ userId }) => userId);
}
