// What a classifier sees of a turn: which cues it holds, how long it is, and how it hangs together with the turn before.
import { isContentWord, stem, wordsOf } from "../../platform/text/words.ts";
import { coachCues, coacheeCues, opener, questionOpenings } from "./phrases.ts";

/** One person's words until somebody else speaks. */
export interface SpokenTurn {
  text: string;
  /** The other person's turn before it; null at the start. */
  before: string | null;
}

/** Names of what is there. A name stands for the same thing in every version that shares weights. */
export type Features = ReadonlySet<string>;

/** Lower case, straight apostrophes, no hesitation, and of a stammered "I-I-I" one. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/\b(\w+)(?:\s*-+\s*\1\b)+/g, "$1")
    .replace(/[-–—]+/g, " ")
    .replace(/\b(?:um+|uh+|er|hm+|mm+)\b,?/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** The smallest of these bounds that holds the count. */
function bucket(count: number, bounds: readonly number[]): number {
  return bounds.find((bound) => count <= bound) ?? Infinity;
}

const isAsked = (text: string) => /[?？]["'”’)\]]*\s*$/u.test(text);

function addSize(features: Set<string>, words: readonly string[]): void {
  features.add(`length ≤ ${bucket(words.length, [1, 3, 6, 12, 25, 50])}`);
  features.add(`content ≤ ${bucket(words.filter(isContentWord).length, [0, 2, 5, 12])}`);
}

function addShape(features: Set<string>, text: string, words: readonly string[]): void {
  addSize(features, words);
  if (isAsked(text)) features.add("ends in a question mark");
  else if (/[?？]/u.test(text)) features.add("holds a question mark");
  if (/^\s*[-–—]/.test(text)) features.add("goes on");
  if (/[-–—]\s*$/.test(text)) features.add("breaks off");
}

function addCues(
  features: Set<string>,
  where: string,
  text: string,
  cues: Readonly<Record<string, RegExp>>,
): void {
  for (const [name, cue] of Object.entries(cues)) if (cue.test(text)) features.add(`${where}: ${name}`);
}

export function coachFeatures({ text, before }: SpokenTurn): Features {
  const all = plain(text);
  const words = wordsOf(all);
  const features = new Set<string>();
  addShape(features, text, words);
  const body = all.replace(opener, "").trim();
  if (/^[.,!]*$/.test(body)) features.add("nothing but openers");
  const sentences = body.split(/(?<=[.?!])\s+/).map((sentence) => sentence.replace(opener, ""));
  addCues(features, "turn", body, coachCues);
  const question = sentences.filter((sentence) => sentence.includes("?")).at(-1);
  if (question !== undefined) {
    addCues(features, "question", question, coachCues);
    const opening = questionOpenings.find(([, cue]) => cue.test(question));
    features.add(`question opens with: ${opening?.[0] ?? "else"}`);
  }
  if (sentences.length > 1) {
    addCues(features, "first", sentences[0] ?? "", coachCues);
    addCues(features, "last", sentences.at(-1) ?? "", coachCues);
  }
  const share = (pattern: RegExp) =>
    Math.min(
      4,
      Math.ceil((words.filter((word) => pattern.test(word)).length / Math.max(1, words.length)) * 20),
    );
  features.add(`share of you: ${share(/^you/)}`);
  features.add(`share of me: ${share(/^(?:i|me|my)$|^i'/)}`);
  addEcho(features, words, before);
  return features;
}

/** What tells an open question from a closed one: the cues of the whole turn, for the question often stands in another sentence. */
export function questionFeatures({ text }: Pick<SpokenTurn, "text">): Features {
  const all = plain(text);
  const features = new Set<string>();
  addSize(features, wordsOf(all));
  addCues(features, "turn", all.replace(opener, "").trim(), coachCues);
  return features;
}

/** Whether the other's words come back: a mirror holds them, a new question does not. */
function addEcho(features: Set<string>, words: readonly string[], before: string | null): void {
  if (before === null) return;
  const content = words.filter(isContentWord).map(stem);
  const theirs = new Set(wordsOf(plain(before)).filter(isContentWord).map(stem));
  const echoed = content.filter((word) => theirs.has(word)).length;
  features.add(`echo: ${Math.min(3, echoed)}`);
  features.add(`echo in thirds: ${Math.round((3 * echoed) / Math.max(1, content.length))}`);
  features.add(`before them ≤ ${bucket(theirs.size, [2, 10])}`);
  if (isAsked(before)) features.add("after a question");
}

const changeCues = ["iWant", "need", "will", "can", "trying", "changing", "better", "ready"] as const;
const shortTurnWords = 4;

export function coacheeFeatures({ text, before }: SpokenTurn): Features {
  const all = plain(text);
  const words = wordsOf(all);
  const features = new Set<string>();
  addShape(features, text, words);
  const body = all.replace(/^(?:(?:well|so|and|oh|like|you know|i mean)[\s,.!]+)+/, "");
  addCues(features, "turn", body, coacheeCues);
  const has = (cue: string) => features.has(`turn: ${cue}`);
  for (const cue of changeCues)
    if (has(cue)) features.add(`${has("negation") ? "denied" : "affirmed"}: ${cue}`);
  if (has("changing") && ["iWant", "need", "will", "can", "trying"].some(has)) features.add("commitment");
  if (before !== null) addAnswered(features, { words, before, agrees: has("yes") });
  return features;
}

/** "Yeah" means what it answers. */
function addAnswered(
  features: Set<string>,
  { words, before, agrees }: { words: readonly string[]; before: string; agrees: boolean },
): void {
  const asked = plain(before);
  const short = words.length <= shortTurnWords;
  features.add(isAsked(before) ? "after a question" : "after a statement");
  addCues(features, "after", asked, coachCues);
  if (short && agrees) addCues(features, "agrees to", asked, coachCues);
  features.add(`before them ≤ ${bucket(wordsOf(asked).length, [4, 20])}${short ? ", short" : ""}`);
}
