// Action items on meetings: what each rests on, reckoned anew from the text and not by the rules that found it.
import { table } from "../bench/statistics.ts";
import { createRulesLanguage } from "../../server/vendors/language/rules.ts";
import type { GroundedAction } from "../../server/vendors/language/index.ts";
import type { AnnotatedMeeting } from "./annotated-meetings.ts";
import type { Part } from "./meetings-parts.ts";

export interface Said {
  speaker: string;
  text: string;
}

/** What is wrong with an action; nothing where it holds. Sequences count turns from 1. */
export function faultsOf(action: GroundedAction, turns: readonly Said[]): Fault[] {
  const cited = action.evidence.map(({ sequence, quote }) => ({ quote, turn: turns[sequence - 1] }));
  const faults: Fault[] = [];
  if (cited.length === 0 || cited.some(({ turn }) => turn === undefined)) faults.push("turn");
  if (cited.some(({ quote, turn }) => quote.trim() === "" || turn?.text.includes(quote) !== true))
    faults.push("quote");
  const { ownerId, dueText } = action;
  if (ownerId !== null) {
    const own = cited.filter(({ turn }) => turn?.speaker === ownerId);
    const takenOn = own.some(({ quote }) => firstPerson.test(plain(quote)) || agreement.test(plain(quote)));
    const named = cited.some(({ quote }) => plain(quote).includes(plain(ownerId)));
    if (!takenOn && !named) faults.push("owner");
  }
  if (dueText !== null && !cited.some(({ quote }) => quote.includes(dueText))) faults.push("due");
  return faults;
}

const faults = ["turn", "quote", "owner", "due"] as const;
type Fault = (typeof faults)[number];
const firstPerson = /\bi(?: ?'ll| will|(?: ?'m| am) (?:going to|gonna)| shall)\b/;
const agreement =
  /^\W*(?:(?:um|uh|oh|well|mm-hmm|mhm)\W+)*(?:yes|yeah|yep|sure|ok|okay|of course|absolutely|definitely|will do|no problem|certainly|happy to|sounds good|i can do)\b/;

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/\{[a-z]+\}|\b(?:um+|uh+|er)\b,?/g, " ")
    .replace(/\s+/g, " ");
}

export async function measureActions(meetings: readonly AnnotatedMeeting[]): Promise<Part> {
  const rules = createRulesLanguage();
  const rows: { meeting: string; found: number; owners: number; dates: number; faults: Fault[] }[] = [];
  for (const { name, turns } of meetings) {
    const { actions } = await rules.read(
      turns.map(({ speaker, text }, at) => ({
        sequence: at + 1,
        speakerId: speaker,
        text,
        startMs: at,
        endMs: at + 1,
      })),
      { hostIds: [turns[0]?.speaker ?? ""] },
    );
    rows.push({
      meeting: name,
      found: actions.length,
      owners: actions.filter(({ ownerId }) => ownerId !== null).length,
      dates: actions.filter(({ dueText }) => dueText !== null).length,
      faults: actions.flatMap((action) => faultsOf(action, turns)),
    });
  }
  const sum = (count: (row: (typeof rows)[number]) => number) =>
    rows.reduce((total, row) => total + count(row), 0);
  const [found, owners, dates] = [sum((row) => row.found), sum((row) => row.owners), sum((row) => row.dates)];
  const wrong = (fault: Fault) => sum((row) => row.faults.filter((one) => one === fault).length);
  const line = (title: string, fault: Fault, of: number) =>
    `  ${title.padEnd(54)} ${of - wrong(fault)} of ${of}${of === 0 ? "" : ` (${((100 * (of - wrong(fault))) / of).toFixed(0)} %)`}`;
  return {
    text: [
      "Action items by the local rules",
      "",
      table([
        ["meeting", "found", "with owner", "with date", "faults"],
        ...rows.map((row) => [
          row.meeting,
          ...[row.found, row.owners, row.dates, row.faults.length].map(String),
        ]),
      ]),
      "",
      line("cite turns that exist", "turn", found),
      line("quote them letter by letter", "quote", found),
      line("whose owner said so, agreed, or is named in the quote", "owner", owners),
      line("whose date stands in the quote", "due", dates),
      "",
      "  The data does not say which actions there were: how many were missed is not measured.",
    ].join("\n"),
    result: { rows, found, owners, dates },
    failed: faults.some((fault) => wrong(fault) > 0),
  };
}
