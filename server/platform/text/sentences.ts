// Sentences of spoken text, each an exact slice of what was said, so that a quote can be checked letter by letter.
import { wordsOf } from "./words.ts";

export interface Sentence {
  /** Verbatim: `text === source.slice(start, start + text.length)`. */
  text: string;
  start: number;
  words: string[];
  question: boolean;
}

/** Recognised speech may come without any punctuation: longer stretches are cut before a joining word, or here. */
const longestSentenceWords = 45;

const ending = /(?:[.!?…]+["'”’)\]]*(?=\s|$))|[。！？]+|\n+/gu;
/** A full stop after these ends no sentence. */
const abbreviation = /(?:^|[\s("'])(?:mr|mrs|ms|dr|prof|hon|st|vs|etc|e\.g|i\.e|no|[a-z](?:\.[a-z])*)\.$/iu;
const joint = /\s(?=(?:and|but|so|because|then|or|which|und|aber|et|mais|pero|porque)\s)/giu;

export function sentencesOf(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let from = 0;
  for (const match of text.matchAll(ending)) {
    const until = match.index + match[0].length;
    if (match[0] === "." && endsInAbbreviation(text.slice(from, until))) continue;
    collect(text, from, until, sentences);
    from = until;
  }
  collect(text, from, text.length, sentences);
  return sentences;
}

const openers = /^(?:what|how|why|where|when|who|which|whose)\b/i;
const tellMe =
  /^(?:tell me|describe|help me understand|walk me through|talk me through|say more|i wonder|i'm wondering|i'm curious)\b/i;
const inverted =
  /^(?:do|does|did|are|is|was|were|can|could|would|will|have|has|had|should|shall|may|might|don't|doesn't|isn't|aren't)\s+(?:you|we|they|he|she|it|i|there|that|this|your)\b/i;
const lead = /^(?:(?:so|and|but|okay|ok|well|then|um|uh|now|right|yeah|alright|great|good|sure)[,.]?\s+)+/i;

/** Whether somebody is now expected to answer. Works on punctuated text and, by its first words, on text without. */
export function isQuestion(text: string): boolean {
  if (/[?？]["'”’)\]]*\s*$/u.test(text)) return true;
  const last = sentencesOf(text).at(-1);
  if (last === undefined) return false;
  const body = last.text.replace(lead, "");
  if (/[.!…]["'”’)]*$/.test(body)) return tellMe.test(body);
  return openers.test(body) || tellMe.test(body) || inverted.test(body);
}

function endsInAbbreviation(text: string): boolean {
  return abbreviation.test(text.slice(-12));
}

function collect(source: string, from: number, until: number, into: Sentence[]): void {
  for (const piece of pieces(source, from, until)) {
    const raw = source.slice(piece.from, piece.until);
    const text = raw.trim();
    const words = wordsOf(text);
    if (words.length === 0) continue;
    into.push({
      text,
      start: piece.from + (raw.length - raw.trimStart().length),
      words,
      question: /[?？]["'”’)\]]*$/u.test(text),
    });
  }
}

function pieces(source: string, from: number, until: number): { from: number; until: number }[] {
  const text = source.slice(from, until);
  if (wordsOf(text).length <= longestSentenceWords) return [{ from, until }];
  const result: { from: number; until: number }[] = [];
  const cuts = new Set([...text.matchAll(joint)].map(({ index }) => index));
  let start = 0;
  let words = 0;
  // Words are counted by their spaces here: close enough to decide where to cut.
  for (const { index } of text.matchAll(/\s+/g)) {
    words += 1;
    const atJoint = words >= longestSentenceWords / 3 && cuts.has(index);
    if (!atJoint && words < longestSentenceWords) continue;
    result.push({ from: from + start, until: from + index });
    start = index;
    words = 0;
  }
  result.push({ from: from + start, until });
  return result;
}
