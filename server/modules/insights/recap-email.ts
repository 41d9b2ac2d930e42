// The recap email: one's own actions first, at most 150 words, no transcript; HTML and text that each stand alone.
import type { UserId } from "../../../shared/ids.ts";
import type { ActionItem, CitedText } from "../../../shared/schemas/insights.ts";
import { countWords } from "../../platform/text/words.ts";

export interface RecapEmail {
  reader: UserId;
  meetingTitle: string;
  startedAt: Date;
  /** IANA name. */
  timeZone: string;
  outcome: CitedText | null;
  actions: readonly Omit<ActionItem, "done">[];
  names: ReadonlyMap<UserId, string>;
  link: string;
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
}

const itemWords = 14;
const ownShown = 5;
const othersShown = 3;

export function recapEmail(email: RecapEmail): EmailContent {
  const own = email.actions.filter(({ ownerId }) => ownerId === email.reader);
  const others = email.actions.filter(({ ownerId }) => ownerId !== email.reader);
  const date = dateIn(email.startedAt, email.timeZone);
  const subject =
    own.length === 0
      ? `Recap of your call on ${date}`
      : `Your ${own.length} ${own.length === 1 ? "action" : "actions"} from ${date}`;
  let shown = { own: ownShown, others: othersShown, outcome: true };
  for (;;) {
    const body = bodyOf(email, { own, others, date, shown });
    const text = textOf(body);
    const html = htmlOf(subject, body);
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
  },
): Body {
  const { own, others, date, shown } = parts;
  const outcomeSpeaker = email.outcome?.citations[0]?.speakerId;
  const title = shortened(email.meetingTitle, 8);
  return {
    lead:
      own.length === 0 ? `“${title}”, ${date}. No action of yours was heard.` : `From “${title}”, ${date}:`,
    own: own.slice(0, shown.own).map((action) => lineOf(action, email.names, false)),
    ownMore: Math.max(0, own.length - shown.own),
    others: others.slice(0, shown.others).map((action) => lineOf(action, email.names, true)),
    outcome:
      email.outcome === null || !shown.outcome
        ? null
        : {
            text: shortened(email.outcome.text, 24),
            speaker: outcomeSpeaker === undefined ? null : nameOf(outcomeSpeaker, email.names),
          },
    next:
      email.next === null
        ? null
        : `${whenIn(email.next.scheduledAt, email.timeZone)}. The calendar file is attached.`,
    note: email.writtenByModel
      ? `Written from the transcript by ${email.generatedBy}, not by a person.`
      : "Extracted from the transcript by rules, not written by a person.",
    link: email.link,
  };
}

function lineOf(
  { text, dueText, ownerId }: Omit<ActionItem, "done">,
  names: RecapEmail["names"],
  withOwner: boolean,
): Line {
  const short = shortened(text, itemWords);
  const owner = ownerId === null ? "Nobody named" : nameOf(ownerId, names);
  // Not twice, where the words of the item carry the date themselves.
  const due = dueText === null || short.toLowerCase().includes(dueText.toLowerCase()) ? null : dueText;
  return { text: short, due, owner: withOwner ? owner : null };
}

function nameOf(userId: UserId, names: RecapEmail["names"]): string {
  return shortened(names.get(userId) ?? "Somebody", 4);
}

function plainLine({ text, due, owner }: Line): string {
  return `${owner === null ? "" : `${owner}: `}${text}${due === null ? "" : ` (${due})`}`;
}

function textOf(body: Body): string {
  const { lead, own, ownMore, others, outcome, next, note, link } = body;
  const blocks = [
    lead,
    own.length === 0 ? null : own.map((line, index) => `${index + 1}. ${plainLine(line)}`).join("\n"),
    ownMore === 0 ? null : `… and ${ownMore} more in the recap.`,
    others.length === 0 ? null : ["Also said:", ...others.map((line) => `- ${plainLine(line)}`)].join("\n"),
    outcome === null
      ? null
      : `Outcome: “${outcome.text}”${outcome.speaker === null ? "" : ` (${outcome.speaker})`}`,
    `The recap, with the moment behind every line:\n${link}`,
    next === null ? null : `Next call: ${next}`,
    note,
  ];
  return `${blocks.filter((block) => block !== null).join("\n\n")}\n`;
}

// Mail programs drop style sheets at will: everything is styled inline for a light page, and the sheet only turns it dark.
const ink = "#1f2430";
const quiet = "#5b6270";

function htmlOf(subject: string, body: Body): string {
  const { lead, own, ownMore, others, outcome, next, note, link } = body;
  const blocks = [
    `<p class="quiet" style="margin:0 0 12px;color:${quiet}">${escapeHtml(lead)}</p>`,
    own.length === 0
      ? null
      : `<ol style="margin:0 0 16px;padding:0 0 0 24px;font-size:18px;line-height:1.5">${own
          .map((line) => `<li class="ink" style="margin:0 0 8px;color:${ink}">${htmlLine(line)}</li>`)
          .join("")}</ol>`,
    ownMore === 0 ? null : `<p style="margin:0 0 16px">… and ${ownMore} more in the recap.</p>`,
    others.length === 0
      ? null
      : `<p class="quiet" style="margin:0 0 4px;color:${quiet}">Also said:</p><ul style="margin:0 0 16px;padding:0 0 0 24px">${others
          .map((line) => `<li class="ink" style="margin:0 0 4px;color:${ink}">${htmlLine(line)}</li>`)
          .join("")}</ul>`,
    outcome === null
      ? null
      : `<blockquote class="quote" style="margin:0 0 20px;padding:8px 16px;border-left:4px solid #4f6bed;color:${ink}">“${escapeHtml(outcome.text)}”${
          outcome.speaker === null
            ? ""
            : `<br><span class="quiet" style="color:${quiet}">${escapeHtml(outcome.speaker)}</span>`
        }</blockquote>`,
    `<p style="margin:0 0 20px"><a class="button" href="${escapeHtml(link)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#3451d1;color:#ffffff;text-decoration:none;font-weight:600">Open the recap</a></p>`,
    next === null
      ? null
      : `<p class="ink" style="margin:0 0 16px;color:${ink}"><strong>Next call:</strong> ${escapeHtml(next)}</p>`,
    `<p class="quiet" style="margin:0;font-size:14px;color:${quiet}">${escapeHtml(note)}</p>`,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>
@media (prefers-color-scheme: dark) {
  .page { background: #14161c !important; }
  .card { background: #1e212a !important; }
  .ink, h1 { color: #eceef4 !important; }
  .quiet { color: #a9b0c0 !important; }
  .quote { color: #eceef4 !important; border-color: #8fa2ff !important; }
  .button { background: #8fa2ff !important; color: #14161c !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f3f4f8">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f8"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" class="card" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px;background:#ffffff;border-radius:12px"><tr><td class="ink" style="padding:28px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;color:${ink}">
<h1 style="margin:0 0 4px;font-size:22px;line-height:1.3;color:${ink}">${escapeHtml(subject)}</h1>
${blocks.filter((block) => block !== null).join("\n")}
</td></tr></table>
</td></tr></table>
</body>
</html>
`;
}

function htmlLine({ text, due, owner }: Line): string {
  return `${owner === null ? "" : `<strong>${escapeHtml(owner)}:</strong> `}${escapeHtml(text)}${
    due === null ? "" : ` <span class="quiet" style="color:${quiet}">(${escapeHtml(due)})</span>`
  }`;
}

/** `12 March`: the year is clear from the email's own date. */
function dateIn(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone }).format(at);
}

function whenIn(at: Date, timeZone: string): string {
  const day = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone });
  const time = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
  });
  return `${day.format(at)} at ${time.format(at)} (${timeZone})`;
}

const longestItemChars = 160;

function shortened(text: string, words: number): string {
  const parts = text.trim().split(/\s+/);
  const cut = parts.slice(0, words).join(" ");
  const short = cut.length > longestItemChars ? [...cut].slice(0, longestItemChars).join("") : cut;
  return short.length < parts.join(" ").length ? `${short.replace(/[\s,;:.–—-]+$/u, "")}…` : short;
}

function escapeHtml(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
