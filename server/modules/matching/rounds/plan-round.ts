// A round: who of a group meets whom. As many people as possible, then as few repeats as possible, then the best fit; exact.
import { matchingByWeights, PairWeights } from "../graph/matching-by-weights.ts";
import type { Candidate, PastOf } from "../score/candidate.ts";
import { mayMeet, outlookAmong, type Requirements, type Widening } from "../score/constraints.ts";
import { readyPerson, Vocabulary, type ReadyPerson } from "../score/people.ts";
import { scorePair, type PairScore, type ScoreContext } from "../score/score.ts";
import { withThirds, type Group } from "./trios.ts";

/** So many rounds after a meeting the same two are a repeat. */
export const repeatRounds = 6;

export interface RoundRequest extends ScoreContext {
  people: readonly Candidate[];
  requirements: Requirements;
  pastOf: PastOf;
  /** 1: in the last round; null: never in one group. */
  roundsSince(one: string, other: string): number | null;
  /** Names the round: with it the same people are drawn for a wider circle, and no others. */
  seed: string;
}

export interface RoundPair {
  one: string;
  other: string;
  score: PairScore;
  repeat: boolean;
}

export interface RoundPlan {
  /** Two people each, or three where somebody was left over; by id. */
  groups: { people: string[]; pairs: RoundPair[] }[];
  /** For whom there is nobody, and which of their wishes keeps how many away. */
  alone: { id: string; widen: Widening[] }[];
  figures: {
    people: number;
    pairs: number;
    trios: number;
    repeats: number;
    score: number;
    /** The couples before whoever was left over joined them: what is the best that there is. */
    pairing: { couples: number; repeats: number; score: number };
  };
}

/** What a pair may add by fitting well, in whole numbers: six digits of its score. */
const scoreScale = 1_000_000;

/** The same people, past and seed give the same plan, in whatever order they come. */
export function planRound(request: RoundRequest): RoundPlan {
  const pool = readyPool(request);
  const weights = pairWeights(pool, request);
  const { partners } = matchingByWeights(weights);
  const couples: Group[] = [];
  const left: number[] = [];
  partners.forEach((partner, person) => {
    if (partner === -1) left.push(person);
    else if (person < partner) couples.push([person, partner]);
  });
  const { groups, alone } = withThirds(couples, left, pool, {
    mayMeet: (one, other) => weights.get(one, other) > 0,
    weight: (one, other) => weights.get(one, other),
    lengthMs: request.requirements.lengthMs,
  });
  const plan = describe(pool, groups, alone, request);
  return { ...plan, figures: { ...plan.figures, pairing: figuresOf(pairsWithin(pool, couples, request)) } };
}

export function readyPool({ people, seed, weights }: RoundRequest): ReadyPerson[] {
  const vocabulary = new Vocabulary();
  const { serendipityShare } = weights;
  return [...people]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((candidate) => readyPerson(candidate, { vocabulary, seed, serendipityShare }));
}

/**
 * One number that keeps the order of aims: a further pair outweighs any number of repeats avoided, a repeat avoided any
 * gain in fit.
 */
function pairWeights(pool: readonly ReadyPerson[], request: RoundRequest): PairWeights {
  const weights = new PairWeights(pool.length);
  const pairs = Math.floor(pool.length / 2);
  const fresh = pairs * scoreScale + 1;
  const together = pairs * (fresh + scoreScale) + 1;
  pool.forEach((one, left) => {
    for (let right = 0; right < left; right += 1) {
      const other = pool[right];
      if (other === undefined || !mayMeet(one, other, request.requirements)) continue;
      const { total } = scoreOf(one, other, request);
      const repeat = isRepeat(one, other, request);
      weights.set(left, right, together + (repeat ? 0 : fresh) + Math.round(total * scoreScale));
    }
  });
  return weights;
}

function scoreOf(one: ReadyPerson, other: ReadyPerson, request: RoundRequest): PairScore {
  return scorePair(one, other, request.pastOf(one.candidate.id, other.candidate.id), request);
}

function isRepeat(one: ReadyPerson, other: ReadyPerson, { roundsSince }: RoundRequest): boolean {
  const rounds = roundsSince(one.candidate.id, other.candidate.id);
  return rounds !== null && rounds <= repeatRounds;
}

/** By groups of places: all pairs within each. */
function pairsWithin(
  pool: readonly ReadyPerson[],
  groups: readonly Group[],
  request: RoundRequest,
): RoundPlan["groups"] {
  return groups.map((group) => {
    const people = group.flatMap((index) => pool[index] ?? []);
    const pairs = people.flatMap((other, index) =>
      people.slice(0, index).map((one) => ({
        one: one.candidate.id,
        other: other.candidate.id,
        score: scoreOf(one, other, request),
        repeat: isRepeat(one, other, request),
      })),
    );
    return { people: people.map(({ candidate }) => candidate.id), pairs };
  });
}

function figuresOf(groups: RoundPlan["groups"]): { couples: number; repeats: number; score: number } {
  const pairs = groups.flatMap((group) => group.pairs);
  return {
    couples: groups.length,
    repeats: pairs.filter(({ repeat }) => repeat).length,
    score: pairs.reduce((sum, { score }) => sum + score.total, 0),
  };
}

function describe(
  pool: readonly ReadyPerson[],
  groups: readonly Group[],
  alone: readonly number[],
  request: RoundRequest,
): Omit<RoundPlan, "figures"> & { figures: Omit<RoundPlan["figures"], "pairing"> } {
  const described = pairsWithin(pool, groups, request);
  const { repeats, score } = figuresOf(described);
  return {
    groups: described,
    alone: alone.flatMap((index) => {
      const person = pool[index];
      if (person === undefined) return [];
      const { widen } = outlookAmong(person, pool, request.requirements);
      return { id: person.candidate.id, widen };
    }),
    figures: {
      people: pool.length,
      pairs: described.filter(({ people }) => people.length === 2).length,
      trios: described.filter(({ people }) => people.length === 3).length,
      repeats,
      score,
    },
  };
}
