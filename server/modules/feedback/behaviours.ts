// How a coach coached, told from what was said: behaviours, kinds of questions, and talk for and against a change.
import { coachFeatures, coacheeFeatures, questionFeatures, type SpokenTurn } from "./features.ts";
import { classify, type LinearModel, type Verdict } from "./linear-model.ts";
import weights from "./weights.json" with { type: "json" };

export type { SpokenTurn } from "./features.ts";

/** What a coach's turn is in the main. "Input" gives information, advice or structure; "other" keeps the talk going. */
export type CoachBehaviour = "question" | "reflection" | "therapist_input" | "other";
export type QuestionKind = "open" | "closed";
/** For a change, for things as they are, or neither. */
export type TalkType = "change" | "neutral" | "sustain";

export interface BehaviourModels {
  /** Hashes of the conversations whose labels the weights were learned from (AnnoMI, Wu et al. 2022). */
  learnedFrom: readonly string[];
  behaviour: LinearModel<CoachBehaviour>;
  question: LinearModel<QuestionKind>;
  talk: LinearModel<TalkType>;
}

/** Made by `npm run evaluate -- feedback --data PATH --train`. */
export const behaviourModels = weights as unknown as BehaviourModels;

/** English only. Right for 7 of 10 turns of conversations it has not seen (`docs/reports/evaluate-feedback.md`): good for shares over a call, not for a verdict on one turn. */
export function coachBehaviour(turn: SpokenTurn): Verdict<CoachBehaviour> {
  return classify(behaviourModels.behaviour, coachFeatures(turn));
}

/** Of a turn that asks something. */
export function questionKind(turn: SpokenTurn): Verdict<QuestionKind> {
  return classify(behaviourModels.question, questionFeatures(turn));
}

/** Of a coachee's turn. */
export function talkType(turn: SpokenTurn): Verdict<TalkType> {
  return classify(behaviourModels.talk, coacheeFeatures(turn));
}
