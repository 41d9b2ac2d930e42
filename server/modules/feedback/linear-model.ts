// A linear classifier over named features: a label's score is the sum of its weights, so every verdict can be explained.
import type { Features } from "./features.ts";

/** A row of weights, one a label, for each feature. */
export interface LinearModel<Label extends string = string> {
  labels: readonly Label[];
  /** What is added to each label's score in any case. */
  bias: readonly number[];
  weights: Readonly<Record<string, readonly number[]>>;
}

export interface Verdict<Label extends string> {
  label: Label;
  /** Of this label among all, by softmax: from 1 / labels to 1. */
  probability: number;
}

export function classify<Label extends string>(
  model: LinearModel<Label>,
  features: Features,
): Verdict<Label> {
  const scores = [...model.bias];
  for (const name of features) {
    const weights = Object.hasOwn(model.weights, name) ? model.weights[name] : undefined;
    weights?.forEach((weight, label) => (scores[label] = (scores[label] ?? 0) + weight));
  }
  const highest = Math.max(...scores);
  const index = scores.indexOf(highest);
  const label = model.labels[index];
  if (label === undefined) throw new Error("a model needs a label");
  const sum = scores.reduce((total, score) => total + Math.exp(score - highest), 0);
  return { label, probability: 1 / sum };
}
