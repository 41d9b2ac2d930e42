// What the triggers want to know of an utterance, found once: every running meeting is looked at each second.
import { isQuestion } from "../../platform/text/sentences.ts";
import { contentStems, countWords, wordsOf } from "../../platform/text/words.ts";
import type { TalkJudge } from "../feedback/index.ts";
import type { Utterance } from "./timeline.ts";

export interface UtteranceFacts {
  words: number;
  asks: boolean;
  /** Somebody says that they will do something. */
  promises: boolean;
  /** It holds a word about a time. */
  dated: boolean;
  stems: ReadonlySet<string>;
}

const promise =
  /\b(?:i'll|i will|i am going to|i'm going to|i'm gonna|we'll|we will)\s+(?!be\b|have\b|say\b|never\b|not\b)\w+/i;
const date =
  /\b(?:today|tonight|tomorrow|this (?:week|month|afternoon|evening|morning|weekend)|next|by|before|until|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|january|february|march|april|june|july|august|september|october|november|december|when|daily|every|each|o'clock|weeks?|months?|days?)\b|\d/i;

const known = new WeakMap<Utterance, UtteranceFacts>();

export function factsOf(utterance: Utterance): UtteranceFacts {
  const before = known.get(utterance);
  if (before !== undefined) return before;
  const { text } = utterance;
  const asks = isQuestion(text);
  const facts: UtteranceFacts = {
    words: countWords(text),
    asks,
    promises: !asks && promise.test(text),
    dated: date.test(text),
    stems: new Set(contentStems(wordsOf(text))),
  };
  known.set(utterance, facts);
  return facts;
}

const closed = new WeakMap<Utterance, boolean>();
/** Less sure than this a question is not called closed. */
const surely = 0.6;

/** Of a question; `before` is what was said before it. */
export function isClosed(
  utterance: Utterance,
  before: string | null,
  judge: Pick<TalkJudge, "questionKind">,
): boolean {
  const known = closed.get(utterance);
  if (known !== undefined) return known;
  const { label, probability } = judge.questionKind({ text: utterance.text, before });
  const found = label === "closed" && probability >= surely;
  closed.set(utterance, found);
  return found;
}
