// How well two people fit, as a number and by factor: pure, the same both ways round.
import { sharedTime, type Candidate, type PairPast } from "./candidate.ts";
import { countShared, type ReadyPerson } from "./people.ts";
import { factorNames, type Factors, type MatchingWeights } from "./weights.ts";

export interface PairScore {
  /** From 0 to 1. */
  total: number;
  /** The same without what a recent meeting takes from it. */
  beforeRepeat: number;
  factors: Factors;
  /** How much of it a recent meeting has taken, from 0 to 1. */
  repeat: number;
  metBefore: boolean;
}

export interface ScoreContext {
  weights: MatchingWeights;
  /** Milliseconds since 1970. */
  now: number;
}

const dayMs = 24 * 60 * 60_000;
/** With so much time together there is choice enough. */
const enoughTimeMs = 2 * 60 * 60_000;
const freshHalfLifeMs = 90 * dayMs;
/** What is assumed of somebody's promises before there are many: as if two of three had been kept. */
const assumed = { kept: 2, missed: 1 };

export function scorePair(
  one: ReadyPerson,
  other: ReadyPerson,
  past: PairPast | null,
  { weights, now }: ScoreContext,
): PairScore {
  const factors = factorsOf(one, other, past, now);
  const beforeRepeat = weighted(factors, weights);
  const metBefore = past !== null && past.metAt.length > 0;
  const repeat = metBefore ? weights.repeatPenalty * remembered(past, now, weights.repeatHalfLifeDays) : 0;
  return { total: beforeRepeat * (1 - repeat), beforeRepeat, factors, repeat, metBefore };
}

/**
 * The same from one side: of what people can do for each other only what the viewer gets counts. By this people are put in
 * an order where each side has one of its own.
 */
export function valueFor(
  viewer: ReadyPerson,
  other: ReadyPerson,
  score: PairScore,
  { weights }: ScoreContext,
): number {
  const complementarySkills = covered(viewer.seeks, other.offers);
  return weighted({ ...score.factors, complementarySkills }, weights) * (1 - score.repeat);
}

/** The mean of what is known, by the factors' weights. */
export function weighted(factors: Factors, { factors: weights }: MatchingWeights): number {
  let sum = 0;
  let whole = 0;
  for (const name of factorNames) {
    const value = factors[name];
    if (value === null) continue;
    sum += weights[name] * value;
    whole += weights[name];
  }
  return whole === 0 ? 0 : sum / whole;
}

function factorsOf(one: ReadyPerson, other: ReadyPerson, past: PairPast | null, now: number): Factors {
  const a = one.candidate;
  const b = other.candidate;
  const interests = likeness(one, other);
  const vectors = similarity(a.vector, b.vector);
  const drawn = one.drawn || other.drawn;
  return {
    complementarySkills: complement(one, other),
    sharedInterests: interests,
    vectorSimilarity: vectors,
    historicalSuccess: success(a, b, past),
    availabilityOverlap: sharedTime(a.available, b.available, enoughTimeMs) / enoughTimeMs,
    freshness: halved(Math.max(0, now - Math.min(a.saidAt, b.saidAt)), freshHalfLifeMs),
    serendipity: drawn ? 1 - (interests ?? vectors ?? 0) : null,
  };
}

/** Shared topics over the geometric mean of both lists' lengths (Ochiai's coefficient). */
function likeness(one: ReadyPerson, other: ReadyPerson): number | null {
  if (one.interests.length === 0 || other.interests.length === 0) return null;
  return (
    countShared(one.interests, other.interests) / Math.sqrt(one.interests.length * other.interests.length)
  );
}

/** How much of what each seeks the other offers; where only one seeks something, of theirs. */
function complement(one: ReadyPerson, other: ReadyPerson): number | null {
  const left = covered(one.seeks, other.offers);
  const right = covered(other.seeks, one.offers);
  if (left === null || right === null) return left ?? right;
  return (left + right) / 2;
}

function covered(seeks: readonly number[], offers: readonly number[]): number | null {
  return seeks.length === 0 ? null : countShared(seeks, offers) / seeks.length;
}

/** The cosine; what points away from each other is simply unlike. */
function similarity(one: Float32Array | null, other: Float32Array | null): number | null {
  if (one === null || other?.length !== one.length) return null;
  // Four sums that do not wait for each other: half the time of one.
  let [first, second, third, fourth] = [0, 0, 0, 0];
  const fours = one.length - (one.length % 4);
  for (let at = 0; at < fours; at += 4) {
    first += (one[at] as number) * (other[at] as number);
    second += (one[at + 1] as number) * (other[at + 1] as number);
    third += (one[at + 2] as number) * (other[at + 2] as number);
    fourth += (one[at + 3] as number) * (other[at + 3] as number);
  }
  for (let at = fours; at < one.length; at += 1) first += (one[at] as number) * (other[at] as number);
  return Math.min(1, Math.max(0, first + second + third + fourth));
}

/** What the two say of each other; before they have met, how reliably each has come to what was agreed. */
function success(a: Candidate, b: Candidate, past: PairPast | null): number | null {
  const said = past === null ? 0 : past.again + past.notAgain + past.declined;
  if (past !== null && said > 0) return past.again / said;
  const [left, right] = [reliability(a), reliability(b)];
  if (left === null || right === null) return left ?? right;
  return (left + right) / 2;
}

/** Null of whoever has not promised anything yet. */
function reliability({ kept, missed }: Candidate): number | null {
  if (kept + missed === 0) return null;
  return (kept + assumed.kept) / (kept + missed + assumed.kept + assumed.missed);
}

/** How present the last meeting is, from 1 on its day towards 0. */
function remembered({ metAt }: PairPast, now: number, halfLifeDays: number): number {
  const last = metAt[0];
  return last === undefined ? 0 : halved(Math.max(0, now - last), halfLifeDays * dayMs);
}

function halved(age: number, halfLife: number): number {
  return 0.5 ** (age / halfLife);
}
