// Answers a question without a model: the sentences of the stretches found that have most to do with it, as they were said.
import { contentStems, wordsOf } from "../../platform/text/words.ts";
import { tidy } from "../../platform/text/tidy.ts";
import type { Grounded, Stretch } from "./index.ts";
import { evidenceOf, overlap, spokenSentences, type SpokenSentence } from "./spoken.ts";
import { sameFrom } from "./summary.ts";

const sentencesMost = 4;
/** What a sentence right after a question on the matter counts, beside its own words. */
const answersShare = 0.6;
/** "Yes." and its like say nothing by themselves. */
const wordsOfAnAnswer = 4;
/** How much less each further stretch counts. */
const laterStretch = 0.93;
/** Long sentences hold more words by their length alone. */
const usualStems = 8;
/** Of the best sentence's score. */
const leastShare = 0.35;

/** Best first. A sentence is picked for the question's rarer words in it, or where it answers a question that has them. */
export function pickAnswer(question: string, stretches: readonly Stretch[]): Grounded[] {
  const asked = new Set(contentStems(wordsOf(question)));
  const talks = stretches.map(({ turns }) => spokenSentences(turns));
  const all = talks.flat();
  const worth = new Map(
    [...asked].map((stem) => {
      const holding = all.filter(({ stems }) => stems.has(stem)).length;
      return [stem, Math.log(1 + (all.length - holding + 0.5) / (holding + 0.5))] as const;
    }),
  );
  const own = ({ stems }: SpokenSentence) =>
    [...asked].reduce((sum, stem) => sum + (stems.has(stem) ? (worth.get(stem) ?? 0) : 0), 0) /
    Math.sqrt(Math.max(1, stems.size / usualStems));
  const scored = talks.flatMap((sentences, place) =>
    sentences.map((sentence, index) => {
      const before = sentences[index - 1];
      const answers =
        before?.question === true &&
        before.turn.speakerId !== sentence.turn.speakerId &&
        sentence.words.length >= wordsOfAnAnswer
          ? own(before) * answersShare
          : 0;
      // What somebody asks is no answer.
      const score = sentence.question ? own(sentence) * 0.3 : Math.max(own(sentence), answers);
      return { sentence, score: score * laterStretch ** place };
    }),
  );
  const ranked = scored.filter(({ score }) => score > 0).sort((one, other) => other.score - one.score);
  const best = ranked[0]?.score ?? 0;
  const picked: SpokenSentence[] = [];
  for (const { sentence, score } of ranked) {
    if (picked.length === sentencesMost || score < best * leastShare) break;
    if (picked.some((one) => overlap(one.stems, sentence.stems) >= sameFrom)) continue;
    picked.push(sentence);
  }
  return picked.map((sentence) => ({ text: tidy(sentence.text), evidence: [evidenceOf(sentence)] }));
}
