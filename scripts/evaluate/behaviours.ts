// How well coaches' behaviours and coachees' talk are told apart, measured on conversations that the model has not seen.
import {
  coachFeatures,
  coacheeFeatures,
  questionFeatures,
  type Features,
  type SpokenTurn,
} from "../../server/modules/feedback/features.ts";
import { classify, type LinearModel } from "../../server/modules/feedback/linear-model.ts";
import { wordsOf } from "../../server/platform/text/words.ts";
import type { AnnotatedConversation, AnnotatedTurn } from "./annotated-conversations.ts";
import { scoresOf, type Judged, type Scores } from "./scores.ts";
import { train, trainingOptions, type Example } from "./softmax-regression.ts";

/** What is to be told apart, among which turns. */
export interface Task {
  name: string;
  labelOf(turn: AnnotatedTurn): string | null;
  featuresOf(turn: SpokenTurn): Features;
}

export const tasks = {
  behaviour: { name: "the coach's behaviour", labelOf: (turn) => turn.behaviour, featuresOf: coachFeatures },
  question: {
    name: "open and closed questions",
    labelOf: (turn) => turn.question,
    featuresOf: questionFeatures,
  },
  talk: { name: "the coachee's talk", labelOf: (turn) => turn.talk, featuresOf: coacheeFeatures },
} satisfies Record<string, Task>;

export type TaskName = keyof typeof tasks;

export const folds = 5;

/** With these the baseline does best on AnnoMI's development part, of 0.003, 0.01 and 0.1, and 0.5 and 0.7. */
const bagOptions = { ...trainingOptions, penalty: 0.003, balance: 0.7 };

interface Item extends SpokenTurn {
  label: string;
}

/** The turns with a label, each with the other person's turn before it. */
function itemsOf(conversations: readonly AnnotatedConversation[], task: Task): Item[] {
  return conversations.flatMap(({ turns }) => {
    const last: Record<"coach" | "coachee", string | null> = { coach: null, coachee: null };
    return turns.flatMap((turn) => {
      const [own, other] = turn.isCoach ? (["coach", "coachee"] as const) : (["coachee", "coach"] as const);
      const label = task.labelOf(turn);
      const before = last[other];
      last[own] = turn.text;
      return label === null ? [] : [{ text: turn.text, before, label }];
    });
  });
}

/** As recognised speech may come: no marks, no capitals. */
export function withoutPunctuation(text: string): string {
  return wordsOf(text).join(" ");
}

function bare<Turn extends SpokenTurn>(turn: Turn): Turn {
  return {
    ...turn,
    text: withoutPunctuation(turn.text),
    before: turn.before === null ? null : withoutPunctuation(turn.before),
  };
}

/** Each turn is learned as it was written and as it may be recognised. */
export function learn(conversations: readonly AnnotatedConversation[], task: Task): LinearModel {
  const items = itemsOf(conversations, task);
  return train(
    [...items, ...items.map(bare)].map((item): Example => ({
      label: item.label,
      features: task.featuresOf(item),
    })),
  );
}

export interface Evaluated {
  turns: number;
  model: Scores;
  /** The same turns without punctuation. */
  withoutPunctuation: Scores;
  baselines: { name: string; scores: Scores }[];
}

/** Of a model that is given, on these conversations. */
export function evaluateModel(
  conversations: readonly AnnotatedConversation[],
  task: Task,
  model: LinearModel,
): Pick<Evaluated, "turns" | "model" | "withoutPunctuation"> {
  const items = itemsOf(conversations, task);
  return {
    turns: items.length,
    model: scoresOf(items.map((item) => judge(model, item, task.featuresOf(item)))),
    withoutPunctuation: scoresOf(items.map((item) => judge(model, item, task.featuresOf(bare(item))))),
  };
}

/** Every conversation is judged by what was learned from the others: five parts, each left out once. */
export function crossValidate(conversations: readonly AnnotatedConversation[], task: Task): Evaluated {
  const judged: Record<"model" | "bare" | "majority" | "words", Judged[]> = {
    model: [],
    bare: [],
    majority: [],
    words: [],
  };
  for (let fold = 0; fold < folds; fold += 1) {
    const held = conversations.filter((_, index) => index % folds === fold);
    const others = conversations.filter((_, index) => index % folds !== fold);
    const known = itemsOf(others, task);
    if (known.length === 0) continue;
    const [model, words] = [learn(others, task), train(known.map(bagOfWords), bagOptions)];
    const majority = mostFrequent(known.map(({ label }) => label));
    for (const item of itemsOf(held, task)) {
      judged.model.push(judge(model, item, task.featuresOf(item)));
      judged.bare.push(judge(model, item, task.featuresOf(bare(item))));
      judged.words.push(judge(words, item, bagOfWords(item).features));
      judged.majority.push({ expected: item.label, given: majority });
    }
  }
  return {
    turns: judged.model.length,
    model: scoresOf(judged.model),
    withoutPunctuation: scoresOf(judged.bare),
    baselines: [
      { name: "majority class", scores: scoresOf(judged.majority) },
      { name: "bag of words and pairs", scores: scoresOf(judged.words) },
    ],
  };
}

function judge(model: LinearModel, item: Item, features: Features): Judged {
  return { expected: item.label, given: classify(model, features).label };
}

function bagOfWords({ text, label }: Item): Example {
  const words = wordsOf(text);
  return {
    label,
    features: new Set([...words, ...words.slice(1).map((word, index) => `${words[index]} ${word}`)]),
  };
}

function mostFrequent(labels: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), ["", 0] as [string, number])[0];
}
