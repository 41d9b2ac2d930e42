// Maximum-weight matching where any two may be a pair: few of the pairs have to be looked at, and the result is exact.
import { maximumWeightMatching, type Matching } from "./maximum-weight-matching.ts";
import { numberAt } from "./numbers.ts";
import type { Edge } from "./weighted-graph.ts";

/** The weights of all pairs among some people. */
export class PairWeights {
  readonly people: number;
  readonly #weights: Float64Array;

  constructor(people: number) {
    this.people = people;
    this.#weights = new Float64Array((people * (people - 1)) / 2);
  }

  /** 0: no pair. */
  set(one: number, other: number, weight: number): void {
    this.#weights[placeOf(one, other)] = weight;
  }

  get(one: number, other: number): number {
    return one === other ? 0 : numberAt(this.#weights, placeOf(one, other));
  }
}

function placeOf(one: number, other: number): number {
  return one < other ? (other * (other - 1)) / 2 + one : (one * (one - 1)) / 2 + other;
}

/** Up to here all pairs are looked at. */
const denseMost = 160;
const edgesEach = 24;

/**
 * Begins with each person's heaviest pairs. What was left out can improve the result only where it weighs more than its
 * ends' prices allow (see `Matching`): such pairs are added until there are none, which proves the result (column generation;
 * Derigs and Metz, 1986).
 */
export function matchingByWeights(weights: PairWeights): Matching {
  const { people } = weights;
  const chosen = new Set<number>();
  if (people <= denseMost) addAll(weights, chosen);
  else addHeaviest(weights, chosen);
  let matching = maximumWeightMatching(people, edgesOf(weights, chosen));
  while (people > denseMost && addMissing(weights, chosen, matching))
    matching = maximumWeightMatching(people, edgesOf(weights, chosen), matching);
  return matching;
}

function addAll(weights: PairWeights, chosen: Set<number>): void {
  for (let one = 0; one < weights.people; one += 1)
    for (let other = one + 1; other < weights.people; other += 1)
      if (weights.get(one, other) > 0) chosen.add(one * weights.people + other);
}

function addHeaviest(weights: PairWeights, chosen: Set<number>): void {
  for (let one = 0; one < weights.people; one += 1) {
    const by = heaviest(weights.people, edgesEach, (other) => weights.get(one, other));
    for (const other of by) chosen.add(keyOf(one, other, weights.people));
  }
}

/** True where something was missing; of each person the pairs that break the proof most. */
function addMissing(weights: PairWeights, chosen: Set<number>, { prices, reliefsOf }: Matching): boolean {
  const before = chosen.size;
  const relief = new Float64Array(weights.people);
  for (let one = 0; one < weights.people; one += 1) {
    reliefsOf(one, relief);
    const own = numberAt(prices, one);
    const by = heaviest(weights.people, edgesEach, (other) => {
      const weight = weights.get(one, other);
      if (weight === 0) return 0;
      const excess = 2 * weight - own - numberAt(prices, other) - numberAt(relief, other);
      return excess > 0 && !chosen.has(keyOf(one, other, weights.people)) ? excess : 0;
    });
    for (const other of by) chosen.add(keyOf(one, other, weights.people));
  }
  return chosen.size > before;
}

/** The `count` others of the highest values above 0; of equal ones the first. */
function heaviest(people: number, count: number, valueOf: (other: number) => number): number[] {
  const found: number[] = [];
  const values: number[] = [];
  for (let other = 0; other < people; other += 1) {
    const value = valueOf(other);
    if (value <= 0 || (found.length === count && value <= (values.at(-1) ?? 0))) continue;
    let at = found.length;
    while (at > 0 && (values[at - 1] ?? 0) < value) at -= 1;
    found.splice(at, 0, other);
    values.splice(at, 0, value);
    if (found.length > count) {
      found.pop();
      values.pop();
    }
  }
  return found;
}

function keyOf(one: number, other: number, people: number): number {
  return Math.min(one, other) * people + Math.max(one, other);
}

function edgesOf(weights: PairWeights, chosen: ReadonlySet<number>): Edge[] {
  return [...chosen]
    .sort((a, b) => a - b)
    .map((key) => {
      const one = Math.floor(key / weights.people);
      const other = key % weights.people;
      return { one, other, weight: weights.get(one, other) };
    });
}
