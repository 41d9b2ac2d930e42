// A market of people who come to the queue, answer proposals and leave: made from a seed, the same for every policy.
import { randomNumbers } from "../../../server/platform/testing-random.ts";
import { chanceOf, pairKey } from "../../../server/modules/matching/score/chance.ts";
import type { Candidate } from "../../../server/modules/matching/score/candidate.ts";
import { mayMeet } from "../../../server/modules/matching/score/constraints.ts";
import { readyPerson, Vocabulary, type ReadyPerson } from "../../../server/modules/matching/score/people.ts";
import { scorePair } from "../../../server/modules/matching/score/score.ts";
import { defaultWeights } from "../../../server/modules/matching/score/weights.ts";
import { candidateOf, testNow } from "../../../server/modules/matching/testing-pools.ts";

export interface MarketOptions {
  /** People who would be there at a time if nobody were matched: how often they come times how long they stay. */
  online: number;
  minutes: number;
  seed: number;
}

export interface Visitor {
  candidate: Candidate;
  ready: ReadyPerson;
  minority: boolean;
  /** Milliseconds. */
  comes: number;
  leaves: number;
}

export interface Market {
  visitors: Visitor[];
  minutes: number;
  /** Null where they may not meet. */
  score(one: Visitor, other: Visitor): number | null;
  /** Whether `one` says yes to `other`: decided beforehand, more likely the better they fit. */
  accepts(one: Visitor, other: Visitor): boolean;
  /** How long somebody looks at a proposal, in milliseconds. */
  thinks(one: Visitor, other: Visitor): number;
}

const requirements = { lengthMs: 20 * 60_000 };
const stayMeanMs = 5 * 60_000;
const thinkMeanMs = 10_000;
const minorityShare = 0.15;
const topicsOf = {
  majority: Array.from({ length: 24 }, (_, index) => `Common ${index}`),
  minority: Array.from({ length: 24 }, (_, index) => `Rare ${index}`),
};

/** Arrivals are a Poisson process, stays are exponential with a mean of five minutes: nobody knows when somebody leaves. */
export function marketOf({ online, minutes, seed }: MarketOptions): Market {
  const random = randomNumbers(seed);
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  const vocabulary = new Vocabulary();
  const visitors: Visitor[] = [];
  for (let at = exponential(stayMeanMs / online); at < minutes * 60_000;) {
    const candidate = visitorOf(visitors.length, random);
    const ready = readyPerson(candidate.candidate, {
      vocabulary,
      seed: `market ${seed}`,
      serendipityShare: defaultWeights.serendipityShare,
    });
    visitors.push({ ...candidate, ready, comes: at, leaves: at + 20_000 + exponential(stayMeanMs) });
    at += exponential(stayMeanMs / online);
  }
  const context = { weights: defaultWeights, now: testNow };
  const score = (one: Visitor, other: Visitor) =>
    mayMeet(one.ready, other.ready, requirements)
      ? scorePair(one.ready, other.ready, null, context).total
      : null;
  return {
    visitors,
    minutes,
    score,
    accepts: (one, other) =>
      chanceOf("accepts", String(seed), one.candidate.id, other.candidate.id) <
      acceptance(score(one, other) ?? 0),
    thinks: (one, other) =>
      -thinkMeanMs *
      Math.log(1 - chanceOf("thinks", one.candidate.id, pairKey(one.candidate.id, other.candidate.id))),
  };
}

/** One in two says yes to a score of 0.35, nine in ten to one of 0.57. */
function acceptance(score: number): number {
  return 1 / (1 + Math.exp(-(score - 0.35) / 0.1));
}

function visitorOf(index: number, random: () => number): { candidate: Candidate; minority: boolean } {
  const minority = random() < minorityShare;
  const below = (count: number) => Math.floor(random() * count);
  const topics = minority ? topicsOf.minority : topicsOf.majority;
  const other = minority ? topicsOf.majority : topicsOf.minority;
  // Zipf's law within a group, and now and then a topic of the other one.
  const topic = () => {
    const from = random() < 0.1 ? other : topics;
    return from[Math.min(from.length - 1, Math.floor(from.length ** random()) - 1)] ?? "";
  };
  const some = (least: number, most: number) => [
    ...new Set(Array.from({ length: least + below(most - least + 1) }, topic)),
  ];
  const direction = minority ? 1.2 : 0;
  const angle = direction + (random() - 0.5) * 2;
  const candidate = candidateOf((index * 7919 + 11).toString(16).padStart(24, "0"), {
    languages: random() < 0.1 ? ["de"] : random() < 0.2 ? ["de", "en"] : ["en"],
    interests: some(2, 6),
    offers: some(0, 3),
    seeks: some(0, 3),
    vector: Float32Array.of(Math.cos(angle), Math.sin(angle)),
    saidAt: testNow - below(200) * 24 * 60 * 60_000,
    kept: below(4),
    missed: below(2),
  });
  return { candidate, minority };
}

export { requirements as marketRequirements };
