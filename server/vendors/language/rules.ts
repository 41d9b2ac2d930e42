// The language provider without a model: it only picks out what was said, and says so.
import { keyTerms } from "../../platform/text/key-terms.ts";
import { tidy } from "../../platform/text/tidy.ts";
import { contentStems, wordsOf } from "../../platform/text/words.ts";
import { findActions } from "./actions.ts";
import { pickAnswer } from "./answer-picking.ts";
import { findDecisions } from "./decisions.ts";
import type { Grounded, GroundedAction, LanguageProvider } from "./index.ts";
import { evidenceOf, overlap, spokenSentences, type SpokenSentence } from "./spoken.ts";
import { findSuggestions } from "./suggestions.ts";
import { rank, sameFrom, summarise, summaryLength, wordWorth, type Ranked } from "./summary.ts";

const topicsMax = 8;
/** The result of a call is looked for in its last part. */
const closingShare = 0.6;

export function createRulesLanguage(): LanguageProvider {
  return {
    mode: "rules",
    name: "rules",
    async read(turns, { hostIds }) {
      const sentences = spokenSentences(turns);
      const ranked = rank(sentences);
      const decisions = findDecisions(sentences);
      const actions = findActions(sentences, hostIds);
      const outcome = outcomeOf({ sentences, ranked, decisions, actions, hostIds });
      const told = outcome?.evidence.map(({ quote }) => new Set(contentStems(wordsOf(quote)))) ?? [];
      const summarised = ranked.filter(
        ({ sentence }) => !told.some((stems) => overlap(stems, sentence.stems) >= sameFrom),
      );
      return {
        outcome,
        summary: summarise(summarised, wordWorth(sentences), { sentences: summaryLength(summarised.length) }),
        decisions,
        actions,
        suggestions: findSuggestions(sentences, actions, hostIds),
        topics: keyTerms(
          turns.map(({ text }) => text),
          { max: topicsMax, leastCount: turns.length > 30 ? 3 : 2 },
        ),
      };
    },
    answer: async (question, stretches) => ({ sentences: pickAnswer(question, stretches) }),
  };
}

const summingUp =
  /\b(?:so (?:the|our|your|my) plan|the plan is|to (?:sum up|summari[sz]e|recap|wrap up)|in summary|(?:it )?sounds like (?:you|we|a plan)|what (?:you|we)(?:'re| are| have|'ve) (?:going to|decided|agreed)|(?:the|your|my|our) next step (?:is|will|would)|what i(?:'m| am) hearing)\b/i;
const resolved =
  /\bi(?:'m| am) (?:\w+ )?(?:ready|willing|committed|determined) to\b|\b(?:my|our|your) (?:goal|aim) is\b|^(?:\W*(?:so|and|but|well|yeah|okay|no|yes)\W+)*i(?:'d like| would like| really want| want| need) to (?!thank|say|ask|assure|go back|go over|talk|know|make sure|point|mention|tell|be clear|see|share|start|hear|congratulate|understand)/i;
/** The coach giving back what the other one said, near the end. */
const reflected =
  /^(?:\W*(?:so|and|but|well|yeah|okay|right)\W+)*(?:you've|you have|you're|you are|you want|you know that|it seems|it helps)\b/i;
const reflectionFrom = 0.7;
const reflectionLeastStems = 5;

interface Findings {
  sentences: readonly SpokenSentence[];
  ranked: readonly Ranked[];
  decisions: readonly Grounded[];
  actions: readonly GroundedAction[];
  hostIds: readonly string[];
}

/** One sentence for where the call ended: a decision, a summing-up, a commitment or a resolve; null where there is none. */
function outcomeOf({ sentences, ranked, decisions, actions, hostIds }: Findings): Grounded | null {
  const from = sentences.length * closingShare;
  const isLate = ({ evidence }: Grounded) => {
    const at = sentences.find(
      ({ turn, text }) => turn.sequence === evidence[0]?.sequence && text === evidence[0].quote,
    );
    return at !== undefined && at.index >= from;
  };
  const late = ranked.filter(({ sentence }) => sentence.index >= from && !/\bif you\b/i.test(sentence.text));
  const saying = (pattern: RegExp) =>
    late.find(({ sentence }) => pattern.test(sentence.text.replaceAll("’", "'")))?.sentence;

  const decision = decisions.findLast(isLate);
  if (decision !== undefined) return decision;
  const summedUp = saying(summingUp);
  if (summedUp !== undefined) return asStatement(summedUp);
  const [commitment] = actions.findLast(isLate)?.evidence ?? [];
  const committed = sentences.findLast(
    ({ turn, text }) => commitment?.sequence === turn.sequence && commitment.quote === text,
  );
  const reflection = late.find(
    ({ sentence }) =>
      sentence.index >= sentences.length * reflectionFrom &&
      sentence.stems.size >= reflectionLeastStems &&
      hostIds.includes(sentence.turn.speakerId) &&
      reflected.test(sentence.text.replaceAll("’", "'")),
  );
  const last = committed ?? saying(resolved) ?? reflection?.sentence;
  return last === undefined ? null : asStatement(last);
}

function asStatement(sentence: SpokenSentence): Grounded {
  return { text: tidy(sentence.text), evidence: [evidenceOf(sentence)] };
}
