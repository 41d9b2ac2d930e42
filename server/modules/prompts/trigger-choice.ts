// Which finding is shown: by relevance and by what this coach has made of prompts of its kind. One at a time, and none twice.
import type { PromptFeedbackValue } from "../../../shared/schemas/prompts.ts";
import type { TriggerFinding } from "./trigger-rules.ts";

/** A coach's answers to prompts of one kind. */
export interface Answer {
  trigger: string;
  feedback: PromptFeedbackValue;
}

/**
 * How welcome prompts of a kind are: Beta-Bernoulli. The prior is Beta(2, 2), four answers' worth of doubt; "used" and
 * "helpful" count as one welcome each, "wrong" as one unwelcome, "not now" as half of one, for it may be the moment.
 */
const prior = { welcome: 2, unwelcome: 2 };
const weights: Record<PromptFeedbackValue, { welcome: number; unwelcome: number }> = {
  used: { welcome: 1, unwelcome: 0 },
  upvoted: { welcome: 1, unwelcome: 0 },
  dismissed: { welcome: 0, unwelcome: 0.5 },
  wrong: { welcome: 0, unwelcome: 1 },
};

/** Below this a kind is not shown any more: six times "wrong" and never "used" bring it there. */
const leastWelcome = 0.2;

/** The posterior mean, from 0 to 1; one half where nothing was answered. */
export function welcomeOf(trigger: string, answers: readonly Answer[]): number {
  let { welcome, unwelcome } = prior;
  for (const answer of answers) {
    if (answer.trigger !== trigger) continue;
    welcome += weights[answer.feedback].welcome;
    unwelcome += weights[answer.feedback].unwelcome;
  }
  return welcome / (welcome + unwelcome);
}

export interface ChosenTrigger extends TriggerFinding {
  /** With the coach's answers in it; 0 to 1. */
  relevance: number;
}

/** Null where nothing fits. `shown`: the keys of this meeting's prompts. The same input gives the same choice. */
export function chooseTrigger(
  found: readonly TriggerFinding[],
  { answers, shown }: { answers: readonly Answer[]; shown: ReadonlySet<string> },
): ChosenTrigger | null {
  const ranked = found
    .filter(({ key }) => !shown.has(key))
    .map((finding) => ({ ...finding, welcome: welcomeOf(finding.kind, answers) }))
    .filter(({ welcome }) => welcome > leastWelcome)
    .map(({ welcome, ...finding }) => ({
      ...finding,
      relevance: Math.min(1, (finding.relevance * welcome) / 0.5),
    }))
    .sort((a, b) => b.relevance - a.relevance || a.key.localeCompare(b.key));
  return ranked[0] ?? null;
}
