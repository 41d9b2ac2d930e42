// The emails around a meeting: what happened, when, where to join; HTML and text, at most 150 words.
import type { EmailLanguage } from "../../../shared/schemas/languages.ts";
import type { MailKind } from "../../../shared/schemas/mail.ts";
import type { MeetingRole } from "../../../shared/schemas/meetings.ts";
import type { SeriesRhythm } from "../../../shared/series.ts";
import { offsetIn, timeIn, weekdayIn } from "../../platform/email/dates.ts";
import {
  buttonPart,
  emailPage,
  escapeHtml,
  footnote,
  paragraph,
  quietPart,
} from "../../platform/email/frame.ts";
import { meetingEmailWords, type MeetingEmailWords } from "./meetings.emails-words.ts";

export type MeetingMailKind = Extract<MailKind, "invitation" | "update" | "cancellation">;

export interface MeetingEmail {
  kind: MeetingMailKind;
  language: EmailLanguage;
  title: string;
  description: string | null;
  scheduledAt: Date | null;
  durationMinutes: number | null;
  /** IANA name, of the reader where it is known; null is shown in UTC. */
  timeZone: string | null;
  organizerName: string;
  role: MeetingRole;
  link: string;
  hasCalendarFile: boolean;
  /** Where it is about a series: how many calls are told of, and when the last one begins. */
  series?: { every: SeriesRhythm; count: number; last: Date | null };
}

export interface EmailContent {
  subject: string;
  html: string;
  text: string;
}

const titleMax = { words: 20, chars: 120 };
const descriptionMax = { words: 45, chars: 400 };
const nameMax = { words: 6, chars: 60 };

export function meetingEmail(email: MeetingEmail): EmailContent {
  const words = meetingEmailWords[email.language];
  const title = shorten(email.title, titleMax);
  const lead = leadOf(email, words);
  const when = [formatWhen(email), ...seriesLines(email, words)].join("\n");
  const about =
    email.description === null || email.kind === "cancellation"
      ? null
      : shorten(email.description, descriptionMax);
  const closing = closingOf(email, words);
  const joins = email.kind !== "cancellation";

  const text = [
    lead,
    `${title}\n${when}`,
    about,
    joins ? `${words.joinText} ${email.link}` : null,
    closing,
    words.why,
  ].filter((part) => part !== null);
  return {
    subject: words.subject[email.kind](title),
    text: `${text.join("\n\n")}\n`,
    html: emailPage({
      language: email.language,
      heading: title,
      blocks: [
        quietPart(when.replaceAll("\n", "; ")),
        paragraph(escapeHtml(lead)),
        about === null ? null : paragraph(escapeHtml(about).replaceAll("\n", "<br>")),
        joins ? buttonPart(words.joinButton, email.link) : null,
        quietPart(closing, { marginPx: 0 }),
        footnote(words.why),
      ],
    }),
  };
}

function leadOf({ kind, organizerName, role }: MeetingEmail, words: MeetingEmailWords): string {
  const organizer = shorten(organizerName, nameMax);
  if (kind === "cancellation") return words.cancelled(organizer);
  if (kind === "update") return words.changed(organizer);
  return role === "observer" ? words.invitedToObserve(organizer) : words.invited(organizer);
}

function closingOf({ kind, hasCalendarFile }: MeetingEmail, words: MeetingEmailWords): string {
  if (kind === "cancellation") return hasCalendarFile ? words.removesFromCalendar : words.nothingToDo;
  return hasCalendarFile ? `${words.lobby} ${words.keepsCalendar}` : words.lobby;
}

function seriesLines({ language, timeZone, series }: MeetingEmail, words: MeetingEmailWords): string[] {
  if (series?.last === undefined || series.last === null) return [];
  const day = weekdayIn(series.last, { language, timeZone: timeZone ?? "UTC" }, { year: true });
  return [words.series(words.every[series.every], series.count, day)];
}

/** Date, time, zone by name and offset, and length: `Thursday, 12 March 2026 at 10:00 (Europe/Zurich, GMT+1), 45 minutes`. */
export function formatWhen(
  meeting: Pick<MeetingEmail, "language" | "scheduledAt" | "durationMinutes" | "timeZone">,
): string {
  const { language, scheduledAt, durationMinutes } = meeting;
  const words = meetingEmailWords[language];
  if (scheduledAt === null) return words.noTime;
  const reading = { language, timeZone: meeting.timeZone ?? "UTC" };
  const day = weekdayIn(scheduledAt, reading, { year: true });
  const offset = offsetIn(scheduledAt, reading.timeZone);
  const zone = offset === null ? reading.timeZone : `${reading.timeZone}, ${offset}`;
  const length = durationMinutes === null ? "" : `, ${words.minutes(durationMinutes)}`;
  return `${words.when(day, timeIn(scheduledAt, reading), zone)}${length}`;
}

/** Cut at a word, with an ellipsis where something is missing; line breaks stay. */
export function shorten(value: string, max: { words: number; chars: number }): string {
  const characters = [...value];
  let short = characters.length <= max.chars ? value : characters.slice(0, max.chars - 1).join("");
  const words = [...short.matchAll(/\S+/g)];
  const last = words[max.words - 1];
  if (words.length > max.words && last !== undefined) short = short.slice(0, last.index + last[0].length);
  return short.length === value.length ? value : `${short.trimEnd()}…`;
}
