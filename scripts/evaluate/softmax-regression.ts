// Trains a linear classifier: softmax regression by stochastic gradient descent with AdaGrad's step sizes (Duchi et al. 2011).
import type { Features } from "../../server/modules/feedback/features.ts";
import type { LinearModel } from "../../server/modules/feedback/linear-model.ts";
import { newRandom, type Random } from "../../tests/factories/random.ts";

export interface Example<Label extends string = string> {
  label: Label;
  features: Features;
}

export interface TrainingOptions {
  /** Strength of the L2 penalty on each weight that an example touches. */
  penalty: number;
  /** 0 leaves labels as frequent as they are, 1 gives each the same weight in all. */
  balance: number;
  /** What fewer examples hold is not learned. */
  leastExamples: number;
  epochs: number;
  rate: number;
  seed: number;
}

export const trainingOptions: TrainingOptions = {
  penalty: 0.1,
  balance: 0.5,
  leastExamples: 3,
  epochs: 30,
  rate: 0.15,
  seed: 1,
};

/** The same examples in the same order give the same model. Throws where there are none. */
export function train<Label extends string>(
  examples: readonly Example<Label>[],
  options: TrainingOptions = trainingOptions,
): LinearModel<Label> {
  const labels = [...new Set(examples.map(({ label }) => label))].sort();
  if (labels.length === 0) throw new Error("there is nothing to learn from");
  const names = columnsOf(examples, options.leastExamples);
  const rows = examples.map(({ label, features }) => ({
    // The last column is the bias, which every example has.
    columns: [...[...features].flatMap((name) => names.get(name) ?? []), names.size],
    label: labels.indexOf(label),
  }));
  const counts = labels.map((_, index) => rows.filter(({ label }) => label === index).length);
  const importance = counts.map((count) => (rows.length / labels.length / count) ** options.balance);
  const width = names.size + 1;
  const weights = new Float64Array(labels.length * width);
  const squares = new Float64Array(labels.length * width).fill(1e-6);
  const random = newRandom(options.seed);
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    for (const { columns, label } of shuffled(rows, random)) {
      const shares = softmax(labels.map((_, row) => sumOf(weights, columns, row * width)));
      for (const [row, share] of shares.entries()) {
        const error = (share - (row === label ? 1 : 0)) * (importance[label] ?? 1);
        for (const column of columns) {
          const at = row * width + column;
          const gradient = error + options.penalty * (weights[at] ?? 0);
          squares[at] = (squares[at] ?? 0) + gradient ** 2;
          weights[at] = (weights[at] ?? 0) - (options.rate * gradient) / Math.sqrt(squares[at] ?? 1);
        }
      }
    }
  }
  const column = (index: number) => labels.map((_, row) => rounded(weights[row * width + index] ?? 0));
  return {
    labels,
    bias: column(names.size),
    weights: Object.fromEntries([...names].sort().map(([name, index]) => [name, column(index)])),
  };
}

function columnsOf(examples: readonly Example[], leastExamples: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { features } of examples)
    for (const name of features) counts.set(name, (counts.get(name) ?? 0) + 1);
  const known = [...counts].filter(([, count]) => count >= leastExamples);
  return new Map(known.map(([name], index) => [name, index]));
}

/** Fisher and Yates. */
function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    const [a, b] = [order[last], order[other]];
    if (a !== undefined && b !== undefined) [order[last], order[other]] = [b, a];
  }
  return order;
}

function sumOf(weights: Float64Array, columns: readonly number[], offset: number): number {
  let sum = 0;
  for (const column of columns) sum += weights[offset + column] ?? 0;
  return sum;
}

function softmax(scores: readonly number[]): number[] {
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function rounded(weight: number): number {
  return Math.round(weight * 1_000) / 1_000;
}
