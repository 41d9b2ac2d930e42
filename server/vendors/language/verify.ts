// Checks what a model says against what was said. Nothing here trusts the model: a statement stays only with its evidence.
import { contentStems, wordsOf } from "../../platform/text/words.ts";
import type { DropReason, Evidence, Grounded, Turn } from "./index.ts";

/** Of a statement's content words, the share that must stand in what it cites or close by. */
const leastShare = 0.34;
/** Lines before and after a cited one. */
const usuallyCloseBy = 2;
const longestChars = 400;

/** Words that statements about talk are made of, whatever was said. */
const reportWords = new Set(
  contentStems(
    wordsOf(
      "coach client coachee speaker person people someone they call conversation session discuss discussed talk talked " +
        "say said mention mentioned explain explained want wants wanted plan plans planned agree agreed decide decided " +
        "feel feels felt think thinks need needs describe described share shared explore explored ask asked",
    ),
  ),
);

export interface Verifier {
  /** The statement with the evidence that holds, letter by letter as it was said; or why it falls. */
  check(statement: Claim): Grounded | DropReason;
  /** Whether every content word of it was said. */
  wasSaid(topic: string): boolean;
}

export interface Claim {
  kind: "outcome" | "summary" | "decision" | "action" | "suggestion" | "idea";
  text: string;
  evidence: readonly { line: number; quote: string }[];
}

/**
 * For one part: what it cites must stand there. So many lines around a cited one count as `close by`; none where
 * neighbours have nothing to do with each other.
 */
export function createVerifier(
  part: readonly Pick<Turn, "sequence" | "text">[],
  { closeBy = usuallyCloseBy }: { closeBy?: number } = {},
): Verifier {
  const places = new Map<number, number[]>();
  part.forEach(({ sequence }, index) => places.set(sequence, [...(places.get(sequence) ?? []), index]));
  let saidStems: ReadonlySet<string> | null = null;

  function around(evidence: readonly Evidence[], reach: number): string {
    const indexes = new Set<number>();
    for (const { sequence } of evidence)
      for (const index of places.get(sequence) ?? [])
        for (let at = Math.max(0, index - reach); at <= Math.min(part.length - 1, index + reach); at += 1)
          indexes.add(at);
    return [...indexes].map((index) => part[index]?.text ?? "").join("\n");
  }

  return {
    check({ kind, text: written, evidence: cited }) {
      const text = written.replaceAll(/\s+/g, " ").trim();
      if (text.length > longestChars) return "too-long";
      const evidence = cited.flatMap(({ line, quote }): Evidence[] => {
        for (const index of places.get(line) ?? []) {
          const verbatim = findVerbatim(part[index]?.text ?? "", quote);
          if (verbatim !== null) return [{ sequence: line, quote: verbatim }];
        }
        return [];
      });
      if (evidence.length === 0 || text === "") return "not-said";
      const quotes = evidence.map(({ quote }) => quote).join("\n");
      const lines = around(evidence, 0);
      if (isInstruction(text) || isInstruction(lines)) return "instruction";
      if (addressesIn(text).some((address) => !quotes.toLowerCase().includes(address))) return "address";
      const near = around(evidence, closeBy);
      if (!isSupported(text, near)) return "unsupported";
      if (contradicts({ kind, text, quotes, lines })) return "contradicts";
      return { text, evidence };
    },

    wasSaid(topic) {
      saidStems ??= new Set(contentStems(wordsOf(part.map(({ text }) => text).join("\n"))));
      const stems = contentStems(wordsOf(topic));
      return stems.length > 0 && stems.every((stem) => saidStems?.has(stem) === true);
    },
  };
}

/** The words as they stand in the text, where the quote differs in spaces, capitals or the shape of quotation marks alone. */
export function findVerbatim(text: string, quote: string): string | null {
  if (quote.trim() === "") return null;
  if (text.includes(quote)) return quote;
  const wanted = folded(quote.trim()).text;
  const { text: said, starts } = folded(text);
  const at = wanted === "" ? -1 : said.indexOf(wanted);
  if (at === -1) return null;
  return text.slice(starts[at] ?? 0, starts[at + wanted.length] ?? text.length).trim();
}

/** Comparable text, and for each of its units where it stands in the original. */
function folded(text: string): { text: string; starts: number[] } {
  let result = "";
  const starts: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text[index] ?? "";
    const one = /\s/.test(unit) ? " " : unit.replace(/[‘’]/, "'").replace(/[“”]/, '"').toLowerCase();
    if (one === " " && result.endsWith(" ")) continue;
    for (const each of one) {
      result += each;
      starts.push(index);
    }
  }
  return { text: result, starts };
}

const days = "mon|tues|wednes|thurs|fri|satur|sun";
const months = "january|february|march|april|june|july|august|september|october|november|december";
const datePattern = new RegExp(`\\b(?:(?:${days})day|${months}|tomorrow|tonight)\\b`, "gi");
const numberWords = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");

function isSupported(text: string, near: string): boolean {
  const said = near.toLowerCase();
  const numbers = new Set([
    ...(said.match(/\d+/g) ?? []),
    ...numberWords.flatMap((word, value) => (new RegExp(`\\b${word}\\b`).test(said) ? String(value) : [])),
  ]);
  if ((text.match(/\d+/g) ?? []).some((number) => !numbers.has(number))) return false;
  if ((text.match(datePattern) ?? []).some((date) => !said.includes(date.toLowerCase()))) return false;
  const stems = contentStems(wordsOf(text)).filter((stem) => !reportWords.has(stem));
  const known = new Set(contentStems(wordsOf(near)));
  return stems.length === 0
    ? contentStems(wordsOf(text)).length > 0
    : stems.filter((stem) => known.has(stem)).length / stems.length >= leastShare;
}

const negation =
  /\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|stop\w*|avoid\w*|quit|refus\w+|declin\w+|against|unable|instead of|\w+n't|\w+n’t)\b/i;
const plainNegation = /\b(?:not|never|no longer|cannot|refus\w+|declin\w+|\w+n't|\w+n’t)\b/i;
const refusal =
  /\b(?:won['’]?t|will not|can(?:['’]?t|not)|not going to|don['’]?t (?:want|plan|think|intend)|never|no longer|decided (?:against|not to))\b/i;

/** It says no where nobody did, or yes to what was refused. */
function contradicts(claim: { kind: Claim["kind"]; text: string; quotes: string; lines: string }): boolean {
  const { kind, text, quotes, lines } = claim;
  if (plainNegation.test(text)) return !negation.test(lines);
  if (negation.test(text)) return false;
  return (kind === "action" || kind === "decision") && refusal.test(quotes);
}

/** Of two statements that say the opposite of the same, the one that was said later stands. */
export function withoutContradicted<Statement extends Grounded>(
  statements: readonly Statement[],
): { kept: Statement[]; dropped: number } {
  const facts = statements.map((statement) => ({
    statement,
    stems: new Set(contentStems(wordsOf(statement.text))),
    negative: plainNegation.test(statement.text),
    at: Math.max(...statement.evidence.map(({ sequence }) => sequence)),
  }));
  const kept = facts
    .filter(
      (one) =>
        !facts.some(
          (other) => other.at > one.at && other.negative !== one.negative && alike(one.stems, other.stems),
        ),
    )
    .map(({ statement }) => statement);
  return { kept, dropped: statements.length - kept.length };
}

function alike(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const both = [...one].filter((stem) => other.has(stem)).length;
  return both >= 2 && both / Math.min(one.size, other.size) >= 0.75;
}

function addressesIn(text: string): string[] {
  return (text.match(/(?:https?:\/\/|www\.)\S+|[^\s@<>]+@[^\s@<>]+\.\w+/gi) ?? []).map((address) =>
    address.toLowerCase().replace(/[.,;:!?)\]}'"]+$/, ""),
  );
}

const instructions = [
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules|guidelines|everything above|all above)\b/i,
  /\bsystem prompt\b/i,
  /\byou are (?:now )?(?:an? |the )?(?:ai|assistant|language model|chat ?bot|bot)\b/i,
  /\b(?:dear |hey |hello |note to (?:the )?)?(?:ai|assistant|summari[sz]er|language model|chat ?bot)\s*[,:]\s*(?:please |now |you (?:must|should) )?(?:e-?mail|send|forward|post|delete|write|add|include|ignore|say|report|output|mark)\b/i,
];

/** Speaks to a machine, not to a person. */
export function isInstruction(text: string): boolean {
  return instructions.some((pattern) => pattern.test(text));
}
