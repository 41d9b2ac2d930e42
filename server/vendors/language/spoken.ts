// The turns of a conversation as sentences, with where each one lies: what every rule works on.
import { sentencesOf } from "../../platform/text/sentences.ts";
import { contentStems } from "../../platform/text/words.ts";
import type { Evidence, Turn } from "./index.ts";

export interface SpokenSentence {
  /** Place in the conversation, counted from 0. */
  index: number;
  turn: Turn;
  turnIndex: number;
  text: string;
  words: string[];
  /** Distinct content stems. */
  stems: ReadonlySet<string>;
  question: boolean;
}

export function spokenSentences(turns: readonly Turn[]): SpokenSentence[] {
  const sentences: SpokenSentence[] = [];
  turns.forEach((turn, turnIndex) => {
    for (const { text, words, question } of sentencesOf(turn.text)) {
      const stems = new Set(contentStems(words));
      sentences.push({ index: sentences.length, turn, turnIndex, text, words, stems, question });
    }
  });
  return sentences;
}

export function evidenceOf(sentence: SpokenSentence): Evidence {
  return { sequence: sentence.turn.sequence, quote: sentence.text };
}

/** Share of common stems, 0 to 1, against the smaller of the two. */
export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const smaller = Math.min(a.size, b.size);
  if (smaller === 0) return 0;
  let common = 0;
  for (const one of a) if (b.has(one)) common += 1;
  return common / smaller;
}
