// Whether talk is English, which the cues for questions, reflections and talk types are made for.
import { wordsOf } from "../../platform/text/words.ts";

/** Frequent in English, and not words of languages beside it: no "a", "in", "is", "of", "was" or "we". */
const common: ReadonlySet<string> = new Set(
  `the and you that it to this with have for what are your but not they just don't it's i'm that's like think know
  about really there would can how when because yeah my she been from`.split(/\s+/),
);

/** Each of the 44 conversations of AnnoMI's development part has a share of 0.29 or more, sentences in six neighbouring languages under 0.03. */
const leastShare = 0.15;
const leastWords = 30;

/** `too-little`: too few words to tell. */
export function languageOf(texts: readonly string[]): "english" | "other" | "too-little" {
  const words = texts.flatMap((text) => wordsOf(text));
  if (words.length < leastWords) return "too-little";
  const known = words.filter((word) => common.has(word)).length;
  return known / words.length >= leastShare ? "english" : "other";
}
