// Chance from a seed, so that a run can be named and repeated.
import { randomNumbers } from "../../server/platform/testing-random.ts";

export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number;
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
}

export function newRandom(seed: number): Random {
  const next = randomNumbers(seed);
  const below = (end: number) => Math.floor(next() * end);
  return {
    next,
    below,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
    chance: (probability) => next() < probability,
  };
}
