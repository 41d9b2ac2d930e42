// The recap email: one's own actions first, at most 150 words, no transcript; HTML and text that each stand alone.
import type { UserId } from "../../../shared/ids.ts";
import type { ActionItem, CitedText } from "../../../shared/schemas/insights.ts";
import type { EmailLanguage } from "../../../shared/schemas/languages.ts";
import { dayIn, timeIn, weekdayIn, type Reading } from "../../platform/email/dates.ts";
import {
  bulleted,
  buttonPart,
  emailPage,
  escapeHtml,
  footnote,
  numbered,
  paragraph,
  quietly,
  quietPart,
  quotation,
} from "../../platform/email/frame.ts";
import { countWords } from "../../platform/text/words.ts";
import { recapEmailWords, type RecapEmailWords } from "./recap-email-words.ts";

export interface RecapEmail {
  reader: UserId;
  /** Of the email's own words; what was said stays as it was said. */
  language: EmailLanguage;
  meetingTitle: string;
  startedAt: Date;
  /** IANA name. */
  timeZone: string;
  outcome: CitedText | null;
  actions: readonly Omit<ActionItem, "done" | "movedTo" | "milestone">[];
  names: ReadonlyMap<UserId, string>;
  link: string;
  /** Where the reader stops these emails; null where they cannot. */
  unsubscribe: string | null;
  /** The next call of the same people; its calendar file is attached. */
  next: { title: string; scheduledAt: Date } | null;
  /** `rules` or the name of a model. */
  generatedBy: string;
  writtenByModel: boolean;
}

export interface EmailContent {
  subject: string;
  html: string;
  text: string;
}

export const emailWordsMost = 150;

interface Line {
  text: string;
  due: string | null;
  owner: string | null;
}

interface Body {
  lead: string;
  own: Line[];
  ownMore: number;
  others: Line[];
  outcome: { text: string; speaker: string | null } | null;
  next: string | null;
  note: string;
  link: string;
  unsubscribe: string | null;
}

const itemWords = 14;
const ownShown = 5;
const othersShown = 3;

export function recapEmail(email: RecapEmail): EmailContent {
  const words = recapEmailWords[email.language];
  const own = email.actions.filter(({ ownerId }) => ownerId === email.reader);
  const others = email.actions.filter(({ ownerId }) => ownerId !== email.reader);
  const date = dayIn(email.startedAt, email);
  const subject = own.length === 0 ? words.subjectWithout(date) : words.subject(own.length, date);
  let shown = { own: ownShown, others: othersShown, outcome: true };
  for (;;) {
    const body = bodyOf(email, { own, others, date, shown, words });
    const text = textOf(body, words);
    const html = htmlOf(subject, body, email.language);
    if (countWords(text) <= emailWordsMost || shown.own <= 1) return { subject, text, html };
    // Over the limit: first what others do, then the outcome, then one's own from the end.
    if (shown.others > 0) shown = { ...shown, others: shown.others - 1 };
    else if (shown.outcome) shown = { ...shown, outcome: false };
    else shown = { ...shown, own: shown.own - 1 };
  }
}

function bodyOf(
  email: RecapEmail,
  parts: {
    own: RecapEmail["actions"];
    others: RecapEmail["actions"];
    date: string;
    shown: { own: number; others: number; outcome: boolean };
    words: RecapEmailWords;
  },
): Body {
  const { own, others, date, shown, words } = parts;
  const outcomeSpeaker = email.outcome?.citations[0]?.speakerId;
  const title = words.quote(shortened(email.meetingTitle, 8));
  const nameOf = (userId: UserId | null) =>
    userId === null ? words.nobody : shortened(email.names.get(userId) ?? words.somebody, 4);
  return {
    lead: own.length === 0 ? words.fromWithout(title, date) : words.from(title, date),
    own: own.slice(0, shown.own).map((action) => lineOf(action, null)),
    ownMore: Math.max(0, own.length - shown.own),
    others: others.slice(0, shown.others).map((action) => lineOf(action, nameOf(action.ownerId))),
    outcome:
      email.outcome === null || !shown.outcome
        ? null
        : {
            text: words.quote(shortened(email.outcome.text, 24)),
            speaker: outcomeSpeaker === undefined ? null : nameOf(outcomeSpeaker),
          },
    next:
      email.next === null
        ? null
        : `${whenIn(email.next.scheduledAt, email, words)}. ${words.calendarAttached}`,
    note: email.writtenByModel ? words.byModel(email.generatedBy) : words.byRules,
    link: email.link,
    unsubscribe: email.unsubscribe,
  };
}

function lineOf(
  { text, dueText }: Omit<ActionItem, "done" | "movedTo" | "milestone">,
  owner: string | null,
): Line {
  const short = shortened(text, itemWords);
  // Not twice, where the words of the item carry the date themselves.
  const due = dueText === null || short.toLowerCase().includes(dueText.toLowerCase()) ? null : dueText;
  return { text: short, due, owner };
}

function plainLine({ text, due, owner }: Line): string {
  return `${owner === null ? "" : `${owner}: `}${text}${due === null ? "" : ` (${due})`}`;
}

function textOf(body: Body, words: RecapEmailWords): string {
  const { lead, own, ownMore, others, outcome, next, note, link, unsubscribe } = body;
  const blocks = [
    lead,
    own.length === 0 ? null : own.map((line, index) => `${index + 1}. ${plainLine(line)}`).join("\n"),
    ownMore === 0 ? null : words.more(ownMore),
    others.length === 0 ? null : [words.alsoSaid, ...others.map((line) => `- ${plainLine(line)}`)].join("\n"),
    outcome === null
      ? null
      : `${words.outcome} ${outcome.text}${outcome.speaker === null ? "" : ` (${outcome.speaker})`}`,
    `${words.recapText}\n${link}`,
    next === null ? null : `${words.nextCall} ${next}`,
    note,
    unsubscribe === null ? null : `${words.why} ${words.stop}:\n${unsubscribe}`,
  ];
  return `${blocks.filter((block) => block !== null).join("\n\n")}\n`;
}

function htmlOf(subject: string, body: Body, language: EmailLanguage): string {
  const { lead, own, ownMore, others, outcome, next, note, link, unsubscribe } = body;
  const words = recapEmailWords[language];
  return emailPage({
    language,
    heading: subject,
    blocks: [
      quietPart(lead),
      own.length === 0 ? null : numbered(own.map(htmlLine)),
      ownMore === 0 ? null : paragraph(escapeHtml(words.more(ownMore))),
      others.length === 0 ? null : quietPart(words.alsoSaid, { marginPx: 4 }),
      others.length === 0 ? null : bulleted(others.map(htmlLine)),
      outcome === null
        ? null
        : quotation(
            `${escapeHtml(outcome.text)}${outcome.speaker === null ? "" : `<br>${quietly(outcome.speaker)}`}`,
          ),
      buttonPart(words.recapButton, link),
      next === null ? null : paragraph(`<strong>${escapeHtml(words.nextCall)}</strong> ${escapeHtml(next)}`),
      footnote(note),
      unsubscribe === null ? null : footnote(words.why, { label: words.stop, href: unsubscribe }),
    ],
  });
}

function htmlLine({ text, due, owner }: Line): string {
  return `${owner === null ? "" : `<strong>${escapeHtml(owner)}:</strong> `}${escapeHtml(text)}${
    due === null ? "" : ` ${quietly(`(${due})`)}`
  }`;
}

function whenIn(at: Date, reading: Reading, words: RecapEmailWords): string {
  return words.when(weekdayIn(at, reading), timeIn(at, reading), reading.timeZone);
}

const longestItemChars = 160;

function shortened(text: string, words: number): string {
  const parts = text.trim().split(/\s+/);
  const cut = parts.slice(0, words).join(" ");
  const short = cut.length > longestItemChars ? [...cut].slice(0, longestItemChars).join("") : cut;
  return short.length < parts.join(" ").length ? `${short.replace(/[\s,;:.–—-]+$/u, "")}…` : short;
}
