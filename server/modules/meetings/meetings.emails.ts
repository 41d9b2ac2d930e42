// The emails around a meeting: what happened, when, where to join; HTML and text, at most 150 words.
import type { MailKind } from "../../../shared/schemas/mail.ts";
import type { MeetingRole } from "../../../shared/schemas/meetings.ts";

export interface MeetingEmail {
  kind: Exclude<MailKind, "recap" | "organization-invitation">;
  title: string;
  description: string | null;
  scheduledAt: Date | null;
  durationMinutes: number | null;
  /** IANA name; null is shown in UTC. */
  timeZone: string | null;
  organizerName: string;
  role: MeetingRole;
  link: string;
  hasCalendarFile: boolean;
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
  const title = shorten(email.title, titleMax);
  const lead = leadOf(email);
  const when = formatWhen(email);
  const about =
    email.description === null || email.kind === "cancellation"
      ? null
      : shorten(email.description, descriptionMax);
  const closing = closingOf(email);
  const joins = email.kind !== "cancellation";

  const text = [lead, `${title}\n${when}`, about, joins ? `Join: ${email.link}` : null, closing].filter(
    (part) => part !== null,
  );
  const html = [
    `<p>${escapeHtml(lead)}</p>`,
    `<h1 style="font-size:20px;margin:16px 0 4px">${escapeHtml(title)}</h1>`,
    `<p style="margin:0 0 16px">${escapeHtml(when)}</p>`,
    about === null ? null : `<p style="white-space:pre-line">${escapeHtml(about)}</p>`,
    joins
      ? `<p><a href="${escapeHtml(email.link)}" style="display:inline-block;padding:10px 18px;border-radius:8px;background:#1d4ed8;color:#ffffff;text-decoration:none">Join the call</a></p>`
      : null,
    `<p style="color:#4b5563">${escapeHtml(closing)}</p>`,
  ].filter((part) => part !== null);
  return {
    subject: `${subjectPrefix[email.kind]}: ${title}`,
    text: `${text.join("\n\n")}\n`,
    html: page(title, html.join("\n")),
  };
}

const subjectPrefix = { invitation: "Invitation", update: "Changed", cancellation: "Cancelled" } as const;

function leadOf({ kind, organizerName, role }: MeetingEmail): string {
  const organizer = shorten(organizerName, nameMax);
  if (kind === "cancellation")
    return `The call with ${organizer} does not take place, or no longer with you.`;
  if (kind === "update") return `${organizer} has changed your call. This is how it stands now:`;
  return role === "observer"
    ? `${organizer} invites you to observe a call.`
    : `${organizer} invites you to a call.`;
}

function closingOf({ kind, hasCalendarFile }: MeetingEmail): string {
  if (kind === "cancellation") {
    return hasCalendarFile
      ? "The attached file removes it from your calendar."
      : "There is nothing you need to do.";
  }
  const lobby = "You can open the lobby beforehand and try your camera and microphone.";
  return hasCalendarFile ? `${lobby} The attached file keeps your calendar up to date.` : lobby;
}

/** Date, time, zone by name and offset, and length: `Thursday, 12 March 2026 at 10:00 (Europe/Zurich, GMT+1), 45 minutes`. */
export function formatWhen(
  meeting: Pick<MeetingEmail, "scheduledAt" | "durationMinutes" | "timeZone">,
): string {
  const { scheduledAt, durationMinutes, timeZone } = meeting;
  if (scheduledAt === null) return "No time is set: the call opens when it is started.";
  const zone = timeZone ?? "UTC";
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
  const day = part({ weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(scheduledAt);
  const time = part({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(scheduledAt);
  const offset = part({ timeZoneName: "shortOffset" })
    .formatToParts(scheduledAt)
    .find(({ type }) => type === "timeZoneName")?.value;
  const zoneName = zone === "UTC" || offset === undefined ? zone : `${zone}, ${offset}`;
  const length = durationMinutes === null ? "" : `, ${durationMinutes} minutes`;
  return `${day} at ${time} (${zoneName})${length}`;
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

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title></head>
<body style="font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;color:#111827;max-width:560px;margin:24px auto;padding:0 16px">
${body}
</body>
</html>
`;
}

function escapeHtml(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
