// What a talk leaves open, by rules: questions without an answer, what was put off, and aims without a first step.
import { tidy } from "../../platform/text/tidy.ts";
import type { GroundedAction, GroundedSuggestion } from "./index.ts";
import { evidenceOf, overlap, type SpokenSentence } from "./spoken.ts";

const leastStems = 2;
const longestWords = 45;
/** An aim is served by an action that shares this much of its words. */
const servedFrom = 0.34;
const most = { "open-question": 3, "put-off": 3, "goal-without-step": 2 } as const;
/** More words than these are an answer, however it begins. */
const noAnswerMostWords = 14;

const noAnswer =
  /^(?:\W*(?:well|hmm+|um+|uh+|oh|yeah|honestly|actually|so|okay|that's|that is|a|good question|i guess)\W+)*(?:i (?:really |honestly |just )?(?:don't|do not) know\b|(?:i'm |i am )?not (?:really )?sure\b|good question\W*$|(?:i'll|i will|i'd|i would|i) (?:have|need|want) to think\b|let me think (?:about|on)\b|i haven't (?:decided|thought)\b|i have no idea\b|no idea\b)/i;
const putOff =
  /\b(?:let's|we'll|we will|we can|we could|we should|i'd like to|i want to)\b.{0,40}\b(?:come back|return|get back|pick|talk|discuss|look|save|leave|keep|go)\b.{0,80}\b(?:next time|next (?:call|session|meeting)|(?:in|for|until) (?:our|the) next (?:call|session|meeting)|another (?:time|day|call|session)|some other time)\b/i;
const aim =
  /\b(?:my|our) (?:\w+ )?(?:goal|aim|target|objective) (?:is|would be|for [\w ]{1,40} is)\b|\bwhat i (?:really )?want is\b|\bi (?:really )?want to (?:be able to|become|get better at|get back to|reach|achieve|improve|learn|lose|run|finish|quit|change|build|grow)\b/i;
const notAnAim = /\b(?:if|don't want|do not want|not sure|used to|wanted|would have|maybe)\b/i;

/** In order of appearance within each kind; what is doubtful is left out. */
export function findSuggestions(
  sentences: readonly SpokenSentence[],
  actions: readonly GroundedAction[],
  hostIds: readonly string[],
): GroundedSuggestion[] {
  return [
    ...distinct(unanswered(sentences)).slice(0, most["open-question"]),
    ...distinct(postponed(sentences)).slice(0, most["put-off"]),
    ...distinct(aimsWithoutStep(sentences, actions, hostIds)).slice(0, most["goal-without-step"]),
  ].map(({ suggestion }) => suggestion);
}

interface Found {
  suggestion: GroundedSuggestion;
  stems: ReadonlySet<string>;
}

/** Somebody else said at once, and only, that they do not know. */
function unanswered(sentences: readonly SpokenSentence[]): Found[] {
  return sentences.flatMap((question, index) => {
    if (!question.question || question.stems.size < leastStems) return [];
    const answer = sentences[index + 1];
    if (answer === undefined || answer.turn.speakerId === question.turn.speakerId) return [];
    if (!noAnswer.test(answer.text.replaceAll("’", "'"))) return [];
    const said = sentences
      .slice(index + 1)
      .filter(({ turnIndex }) => turnIndex === answer.turnIndex)
      .reduce((words, one) => words + one.words.length, 0);
    if (said > noAnswerMostWords) return [];
    // They went on in their next turn: then it is no longer open.
    const next = sentences.find(({ turnIndex }) => turnIndex === answer.turnIndex + 1);
    if (next?.turn.speakerId === answer.turn.speakerId) return [];
    return found("open-question", question, {
      forId: answer.turn.speakerId,
      evidence: [evidenceOf(question), evidenceOf(answer)],
    });
  });
}

function postponed(sentences: readonly SpokenSentence[]): Found[] {
  return sentences.flatMap((sentence) =>
    sentence.stems.size > 0 &&
    sentence.words.length <= longestWords &&
    putOff.test(sentence.text.replaceAll("’", "'"))
      ? found("put-off", sentence, { forId: null, evidence: [evidenceOf(sentence)] })
      : [],
  );
}

function aimsWithoutStep(
  sentences: readonly SpokenSentence[],
  actions: readonly GroundedAction[],
  hostIds: readonly string[],
): Found[] {
  return sentences.flatMap((sentence) => {
    const { speakerId } = sentence.turn;
    const said = sentence.text.replaceAll("’", "'");
    if (hostIds.includes(speakerId) || sentence.question || sentence.words.length > longestWords) return [];
    if (sentence.stems.size < leastStems || !aim.test(said) || notAnAim.test(said)) return [];
    const served = actions
      .filter(({ ownerId }) => ownerId === null || ownerId === speakerId)
      .flatMap(({ evidence }) => evidence)
      .map(({ sequence, quote }) =>
        sentences.find(({ turn, text }) => turn.sequence === sequence && text === quote),
      )
      .some((step) => step !== undefined && overlap(step.stems, sentence.stems) >= servedFrom);
    if (served) return [];
    return found("goal-without-step", sentence, { forId: speakerId, evidence: [evidenceOf(sentence)] });
  });
}

function found(
  kind: GroundedSuggestion["kind"],
  sentence: SpokenSentence,
  { forId, evidence }: Pick<GroundedSuggestion, "forId" | "evidence">,
): Found[] {
  return [{ suggestion: { kind, forId, text: tidy(sentence.text), evidence }, stems: sentence.stems }];
}

function distinct(all: readonly Found[]): Found[] {
  const kept: Found[] = [];
  for (const one of all) if (!kept.some(({ stems }) => overlap(stems, one.stems) >= 0.7)) kept.push(one);
  return kept;
}
