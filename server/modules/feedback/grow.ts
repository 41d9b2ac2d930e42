// The stages of GROW (Whitmore, "Coaching for Performance", 1992) by what people say in them.
import { growStages, type GrowStage } from "../../../shared/schemas/reviews.ts";

export { growStages, type GrowStage } from "../../../shared/schemas/reviews.ts";

const stageWords: Record<GrowStage, RegExp> = {
  goal: /\b(?:goals?|aim|want to|would like to|hope to|outcome|achieve|achieving|looking for|get out of (?:this|today))\b/i,
  reality:
    /\b(?:at the moment|right now|currently|so far|happens|happening|have you tried|i(?:'ve| have) tried|usually|these days)\b/i,
  options:
    /\b(?:options?|could (?:also )?(?:try|do)|alternatives?|what else|another way|different way|ideas?|possibilit(?:y|ies)|either)\b/i,
  "way-forward":
    /\b(?:next steps?|i(?:'ll| will| am going to|'m going to|'m gonna)|by (?:mon|tues|wednes|thurs|fri|satur|sun)day|commit|start (?:on|with)|first step|plan is|this week|tomorrow)\b/i,
};

/** Stages that the words of an utterance point to; English. */
export function stagesIn(text: string): GrowStage[] {
  return growStages.filter((stage) => stageWords[stage].test(text));
}
