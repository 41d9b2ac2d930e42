// What the triggers want to know of an utterance, found once: every running meeting is looked at each second.
import { isQuestion } from "../../platform/text/sentences.ts";
import { contentStems, countWords, wordsOf } from "../../platform/text/words.ts";
import type { TalkJudge } from "../feedback/index.ts";
import type { Utterance, UtteranceFacts } from "./timeline.ts";

const promise =
  /\b(?:i'll|i will|i am going to|i'm going to|i'm gonna|we'll|we will)\s+(?!be\b|have\b|say\b|never\b|not\b)\w+/i;
const date =
  /\b(?:today|tonight|tomorrow|this (?:week|month|afternoon|evening|morning|weekend)|next|by|before|until|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|january|february|march|april|june|july|august|september|october|november|december|when|daily|every|each|o'clock|weeks?|months?|days?)\b|\d/i;

export function factsOf(utterance: Utterance): UtteranceFacts {
  utterance.facts ??= findFacts(utterance);
  return utterance.facts;
}

function findFacts({ text }: Utterance): UtteranceFacts {
  const asks = isQuestion(text);
  return {
    words: countWords(text),
    asks,
    promises: !asks && promise.test(text),
    dated: date.test(text),
    stems: new Set(contentStems(wordsOf(text))),
  };
}

/** Less sure than this a question is not called closed. */
const surely = 0.6;

/** Of a question; `before` is what was said before it. */
export function isClosed(
  utterance: Utterance,
  before: string | null,
  judge: Pick<TalkJudge, "questionKind">,
): boolean {
  if (utterance.closed === undefined) {
    const { label, probability } = judge.questionKind({ text: utterance.text, before });
    utterance.closed = label === "closed" && probability >= surely;
  }
  return utterance.closed;
}
