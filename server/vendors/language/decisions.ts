// Decisions by rules: sentences in which somebody says that something is settled.
import { tidy } from "../../platform/text/tidy.ts";
import type { Grounded } from "./index.ts";
import { evidenceOf, overlap, type SpokenSentence } from "./spoken.ts";

const settled = [
  /\b(?:we|i)(?:'ve| have)? (?:just |now |already |all |both |finally )*decided (?:to|that|on|against|not to|for)\b/i,
  /\b(?:it's|it is|that's|that is) (?:decided|settled|agreed)\b/i,
  /\b(?:we|we've|we have|we all|we both)(?: all| both)? agreed (?:to|that|on|upon)\b/i,
  /\b(?:so )?agreed[,:] (?:we|i|let's)\b/i,
  /\blet's (?:go with|go for|stick with|stick to|settle on|settle for|agree (?:on|that|to)|plan on|plan to)\b/i,
  /\b(?:we'll|we will|we're going to|i'll|i will|we're) (?:go|going|stick|sticking) with\b/i,
  /\b(?:the|our|my) (?:decision|plan|agreement) (?:is|was) (?:to|that|now to)\b/i,
  /\bi(?:'ve| have) made (?:up my mind|a decision|the decision)\b/i,
  /\b(?:so )?(?:we|we'll|we will|we can) (?:rule|ruled) out\b/i,
];
const unsettled =
  /\b(?:if|unless|should we|shall we|haven't|hasn't|have not|not (?:yet )?(?:decided|agreed)|need to decide|have to decide|before we|whether|could have|would have|maybe|might|perhaps|would|nobody|when (?:we|i|you) (?:decided|agreed)|first time|years? ago|back then|at that time)\b/i;
const leastStems = 2;
const longestWords = 45;

/** In order of appearance, without repetitions. */
export function findDecisions(sentences: readonly SpokenSentence[]): Grounded[] {
  const found: { decision: Grounded; stems: ReadonlySet<string> }[] = [];
  for (const sentence of sentences) {
    if (sentence.question || sentence.stems.size < leastStems || sentence.words.length > longestWords)
      continue;
    const said = sentence.text.replaceAll("’", "'").replace(/(\w)\s+'(ll|m|re|s|ve)\b/gi, "$1'$2");
    if (!settled.some((pattern) => pattern.test(said)) || unsettled.test(said)) continue;
    if (found.some(({ stems }) => overlap(stems, sentence.stems) >= 0.7)) continue;
    found.push({
      decision: { text: tidy(sentence.text), evidence: [evidenceOf(sentence)] },
      stems: sentence.stems,
    });
  }
  return found.map(({ decision }) => decision);
}
