// The recap email: order, length, escaping, dates; looked at as a person would get it.
import { describe, expect, test } from "vitest";
import { emailLanguageSchema } from "../../../shared/schemas/languages.ts";
import type { ActionItemId, SegmentId, UserId } from "../../../shared/ids.ts";
import type { Citation } from "../../../shared/schemas/insights.ts";
import { emailWordsMost, recapEmail, type RecapEmail } from "./recap-email.ts";

const [coach, coachee] = ["a".repeat(24) as UserId, "b".repeat(24) as UserId];
const link = "http://localhost:3000/meetings/dddddddddddddddddddddddd/recap";

const citation = (speakerId: UserId, quote: string): Citation => ({
  segmentId: "c".repeat(24) as SegmentId,
  sequence: 1,
  startMs: 0,
  speakerId,
  quote,
});

function action(ownerId: UserId | null, text: string, dueText: string | null = null) {
  const id = "f".repeat(24) as ActionItemId;
  return { id, text, ownerId, dueText, citations: [citation(ownerId ?? coach, text)] };
}

const email = (change: Partial<RecapEmail> = {}) =>
  recapEmail({
    reader: coachee,
    language: "en",
    unsubscribe: null,
    meetingTitle: "Back to sport",
    startedAt: new Date("2026-03-12T23:30:00Z"),
    timeZone: "UTC",
    outcome: null,
    actions: [
      action(coach, "Send the training plan", "tomorrow"),
      action(coachee, "Call the clinic", "by Friday"),
      action(coachee, "Walk to work on Mondays", "on Mondays"),
    ],
    names: new Map([
      [coach, "Ann"],
      [coachee, "Ben"],
    ]),
    link,
    next: null,
    generatedBy: "rules",
    writtenByModel: false,
    ...change,
  });

const wordsIn = (text: string) => text.split(/\s+/).filter((word) => /\w/.test(word)).length;
const visible = (html: string) =>
  html
    .replace(/<style>.*?<\/style>|<title>.*?<\/title>/gs, " ")
    .replace(/<[^>]+>/g, " ")
    .replace(/&[a-z#0-9]+;/g, "'");

test("[INSIGHTS-21] own actions come first, then what others said, then the way to the recap", () => {
  const { subject, text } = email();
  expect(subject).toBe("Your 2 actions from 12 March");
  expect(text).toBe(`From “Back to sport”, 12 March:

1. Call the clinic (by Friday)
2. Walk to work on Mondays

Also said:
- Ann: Send the training plan (tomorrow)

The recap, with the moment behind every line:
${link}

Extracted from the transcript by rules, not written by a person.
`);
});

test.each([
  [1, "Your 1 action from 12 March"],
  [0, "Recap of your call on 12 March"],
])("the subject counts: %i", (count, subject) => {
  const actions = Array.from({ length: count }, (_, n) => action(coachee, `Call number ${n}`));
  expect(email({ actions }).subject).toBe(subject);
});

test("[INSIGHTS-24] the date is the reader's: an evening in London is the next day in Sydney", () => {
  expect(email({ timeZone: "Australia/Sydney" }).subject).toBe("Your 2 actions from 13 March");
});

test("[INSIGHTS-24] it says by what it was made", () => {
  expect(visible(email().html)).toContain("Extracted from the transcript by rules, not written by a person.");
  const model = email({ generatedBy: "small-model", writtenByModel: true });
  expect(model.text).toContain("Written from the transcript by small-model, not by a person.");
});

describe("[INSIGHTS-21] at most 150 words in either part", () => {
  const long =
    "very long words of a commitment that goes on and on without ever coming to an end at all ".repeat(3);
  test.each([
    ["many long actions", Array.from({ length: 40 }, (_, n) => action(n % 2 === 0 ? coachee : coach, long))],
    ["only others'", Array.from({ length: 40 }, () => action(coach, long))],
    ["one endless word", [action(coachee, "x".repeat(5_000))]],
  ])("%s", (_title, actions) => {
    const { text, html } = email({
      actions,
      meetingTitle: long,
      outcome: { text: long, citations: [citation(coach, long)] },
      next: { title: long, scheduledAt: new Date("2026-03-19T10:00:00Z") },
      names: new Map([[coach, long]]),
    });
    expect(wordsIn(text.replace(link, ""))).toBeLessThanOrEqual(emailWordsMost);
    expect(wordsIn(visible(html))).toBeLessThanOrEqual(emailWordsMost);
    expect(text).toContain(link);
    expect(html).toContain(link);
  });

  test("what is left out of the reader's own actions is counted", () => {
    const actions = Array.from({ length: 8 }, (_, n) => action(coachee, `Call number ${n}`));
    expect(email({ actions }).text).toContain("… and 3 more in the recap.");
  });
});

test("[INSIGHTS-22] markup in names, titles and words is shown, not obeyed", () => {
  const evil = `<img src=x onerror="alert('1')">&`;
  const { html } = email({
    meetingTitle: evil,
    actions: [action(coachee, evil, evil), action(coach, evil)],
    outcome: { text: evil, citations: [citation(coach, evil)] },
    names: new Map([[coach, evil]]),
    link: `${link}?"><script>`,
  });
  expect(html).not.toContain("<img");
  expect(html).not.toContain("<script");
  expect(html).toContain("&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;");
});

test("[INSIGHTS-23] the next call is named with its time in the reader's zone", () => {
  const next = { title: "Again", scheduledAt: new Date("2026-03-19T10:00:00Z") };
  expect(email({ next, timeZone: "Europe/Zurich" }).text).toContain(
    "Next call: Thursday 19 March at 11:00 (Europe/Zurich). The calendar file is attached.",
  );
});

test("the outcome is quoted with its speaker", () => {
  const outcome = { text: "I am ready to start.", citations: [citation(coachee, "I am ready to start.")] };
  expect(email({ outcome }).text).toContain("Outcome: “I am ready to start.” (Ben)");
});

const unsubscribe = "https://connvo.example.org/unsubscribe/0123";

describe("[INSIGHTS-26] the reader's language", () => {
  test("German, on its own", () => {
    const next = { title: "Again", scheduledAt: new Date("2026-03-19T10:00:00Z") };
    const { subject, text, html } = email({ language: "de", timeZone: "Europe/Zurich", next, unsubscribe });
    expect(subject).toBe("Ihre 2 Aufgaben vom 13. März");
    expect(text).toBe(`Aus „Back to sport“, 13. März:

1. Call the clinic (by Friday)
2. Walk to work on Mondays

Außerdem wurde gesagt:
- Ann: Send the training plan (tomorrow)

Der Rückblick, mit dem Moment hinter jeder Zeile:
${link}

Nächstes Gespräch: Donnerstag, 19. März um 11:00 Uhr (Europe/Zurich). Die Kalenderdatei liegt bei.

Nach Regeln aus dem Transkript entnommen, nicht von einem Menschen geschrieben.

Sie erhalten nach jedem Ihrer Gespräche einen Rückblick. Keine Rückblicke mehr per E-Mail:
${unsubscribe}
`);
    expect(html).toContain(`<html lang="de">`);
  });

  test.each([
    ["en", 1, "Your 1 action from 12 March"],
    ["en", 0, "Recap of your call on 12 March"],
    ["de", 1, "Ihre Aufgabe vom 12. März"],
    ["de", 0, "Rückblick auf Ihr Gespräch vom 12. März"],
    ["fr", 2, "Vos 2 actions du 12 mars"],
    ["fr", 1, "Votre action du 12 mars"],
    ["fr", 0, "Compte rendu de votre appel du 12 mars"],
    ["es", 2, "Sus 2 tareas del 12 de marzo"],
    ["es", 1, "Su tarea del 12 de marzo"],
    ["es", 0, "Resumen de su llamada del 12 de marzo"],
  ] as const)("the subject counts in %s: %i", (language, count, subject) => {
    const actions = Array.from({ length: count }, (_, n) => action(coachee, `Call number ${n}`));
    expect(email({ language, actions }).subject).toBe(subject);
  });

  test.each(emailLanguageSchema.options)("at most 150 words, with everything in it: %s", (language) => {
    const long = "very long words of a commitment that goes on and on without ever coming to an end ".repeat(
      3,
    );
    const { text, html } = email({
      language,
      actions: Array.from({ length: 40 }, (_, n) => action(n % 2 === 0 ? coachee : coach, long)),
      meetingTitle: long,
      outcome: { text: long, citations: [citation(coach, long)] },
      next: { title: long, scheduledAt: new Date("2026-03-19T10:00:00Z") },
      names: new Map([[coach, long]]),
      generatedBy: "some-model",
      writtenByModel: true,
      unsubscribe,
    });
    expect(wordsIn(text)).toBeLessThanOrEqual(emailWordsMost);
    expect(wordsIn(visible(html))).toBeLessThanOrEqual(emailWordsMost);
    for (const part of [text, html]) expect(part).toContain(unsubscribe);
  });

  test("without a way to stop them there is no link for it", () => {
    expect(email().text + email().html).not.toContain("Stop recap emails");
  });
});
