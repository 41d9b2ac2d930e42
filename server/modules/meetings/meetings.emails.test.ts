// Invitation emails: short, the time with its zone, nothing of the title turned into markup.
import { describe, expect, test } from "vitest";
import { limits } from "../../../shared/limits.ts";
import { emailLanguageSchema } from "../../../shared/schemas/languages.ts";
import { formatWhen, meetingEmail, shorten, type MeetingEmail } from "./meetings.emails.ts";

function email(change: Partial<MeetingEmail> = {}): MeetingEmail {
  return {
    kind: "invitation",
    language: "en",
    title: "First call",
    description: "What we want to reach",
    scheduledAt: new Date("2026-03-12T09:00:00Z"),
    durationMinutes: 45,
    timeZone: "Europe/Zurich",
    organizerName: "Coach",
    role: "participant",
    link: "http://localhost:3000/meetings/0123456789abcdef01234567",
    hasCalendarFile: true,
    ...change,
  };
}

describe("[MEETINGS-30] times are shown in the given zone, named with its offset on that day", () => {
  test.each([
    ["2026-03-12T09:00:00Z", "Europe/Zurich", "Thursday, 12 March 2026 at 10:00 (Europe/Zurich, GMT+1)"],
    ["2026-03-29T00:30:00Z", "Europe/Zurich", "Sunday, 29 March 2026 at 01:30 (Europe/Zurich, GMT+1)"],
    ["2026-03-29T01:30:00Z", "Europe/Zurich", "Sunday, 29 March 2026 at 03:30 (Europe/Zurich, GMT+2)"],
    ["2026-10-25T00:30:00Z", "Europe/Zurich", "Sunday, 25 October 2026 at 02:30 (Europe/Zurich, GMT+2)"],
    ["2026-10-25T01:30:00Z", "Europe/Zurich", "Sunday, 25 October 2026 at 02:30 (Europe/Zurich, GMT+1)"],
    ["2026-03-12T20:00:00Z", "Asia/Kolkata", "Friday, 13 March 2026 at 01:30 (Asia/Kolkata, GMT+5:30)"],
    ["2026-03-12T09:00:00Z", null, "Thursday, 12 March 2026 at 09:00 (UTC)"],
  ])("%s in %s", (at, timeZone, shown) => {
    const scheduledAt = new Date(at);
    const language = "en";
    expect(formatWhen({ language, scheduledAt, timeZone, durationMinutes: null })).toBe(shown);
    expect(formatWhen({ language, scheduledAt, timeZone, durationMinutes: 45 })).toMatch(/, 45 minutes$/);
  });
});

test("[MEETINGS-31] an email has at most 150 words, whatever people write", () => {
  const words = "word ".repeat(limits.descriptionMaxChars / 5);
  for (const kind of ["invitation", "update", "cancellation"] as const) {
    const { text } = meetingEmail(
      email({
        kind,
        title: "a ".repeat(limits.titleMaxChars / 2).trim(),
        description: words.trim(),
        organizerName: "n ".repeat(60).trim(),
        role: "observer",
      }),
    );
    expect(text.trim().split(/\s+/).length).toBeLessThanOrEqual(150);
  }
});

test("[MEETINGS-32] the text and the HTML part carry the link, a cancellation does not", () => {
  const invitation = meetingEmail(email());
  expect(invitation.text).toContain(`Join: ${email().link}`);
  expect(invitation.html).toContain(`href="${email().link}"`);
  const cancellation = meetingEmail(email({ kind: "cancellation" }));
  expect(cancellation.text + cancellation.html).not.toContain(email().link);
});

test("[MEETINGS-33] markup in a title is shown, not obeyed", () => {
  const { html } = meetingEmail(
    email({ title: `<img src=x onerror="alert(1)">`, description: "<b>x</b>", organizerName: "<i>y</i>" }),
  );
  expect(html).not.toMatch(/<img|<b>|<i>/);
  expect(html).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
});

test("[MEETINGS-34] the subject says what happened", () => {
  const subjects = (["invitation", "update", "cancellation"] as const).map(
    (kind) => meetingEmail(email({ kind })).subject,
  );
  expect(subjects).toEqual(["Invitation: First call", "Changed: First call", "Cancelled: First call"]);
});

test("[MEETINGS-34] an observer is told that they observe", () => {
  expect(meetingEmail(email({ role: "observer" })).text).toContain("observe");
  expect(meetingEmail(email()).text).not.toContain("observe");
});

test("[MEETINGS-31] shortening cuts at a word and marks the cut", () => {
  expect(shorten("one two three", { words: 2, chars: 50 })).toBe("one two…");
  expect(shorten("one two", { words: 2, chars: 50 })).toBe("one two");
  expect([...shorten("🧭".repeat(30), { words: 5, chars: 10 })]).toHaveLength(10);
});

test.each([
  ["de", "Abgesagt: First call", "Das Gespräch mit Coach findet nicht statt"],
  ["fr", "Annulé : First call", "L’appel avec Coach n’a pas lieu"],
  ["es", "Cancelada: First call", "La llamada con Coach no tiene lugar"],
] as const)("[MEETINGS-35] in the reader's language: %s", (language, subject, lead) => {
  const cancelled = meetingEmail(email({ language, kind: "cancellation" }));
  expect(cancelled.subject).toBe(subject);
  expect(cancelled.text).toContain(lead);
  expect(cancelled.html).toContain(`<html lang="${language}">`);
  const when = {
    de: "Donnerstag, 12. März 2026 um 10:00 Uhr",
    fr: "jeudi 12 mars 2026 à 10:00",
    es: "jueves, 12 de marzo de 2026 a las 10:00",
  };
  expect(cancelled.text).toContain(when[language]);
});

test("[MEETINGS-31] [MEETINGS-35] at most 150 words in every language", () => {
  const words = "word ".repeat(limits.descriptionMaxChars / 5).trim();
  for (const language of emailLanguageSchema.options) {
    const { text } = meetingEmail(
      email({
        language,
        title: words.slice(0, limits.titleMaxChars),
        description: words,
        organizerName: words.slice(0, 60),
      }),
    );
    expect(text.trim().split(/\s+/).length).toBeLessThanOrEqual(150);
  }
});
