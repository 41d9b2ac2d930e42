// How long matching takes: a round of many people, and entering a queue in which many wait.
import { defaultPatience } from "../../../server/modules/matching/queue/bar.ts";
import { WaitingPool } from "../../../server/modules/matching/queue/waiting-pool.ts";
import { planRound } from "../../../server/modules/matching/rounds/plan-round.ts";
import { defaultWeights } from "../../../server/modules/matching/score/weights.ts";
import { poolOf, testNow } from "../../../server/modules/matching/testing-pools.ts";
import { latencyOf, type Latency } from "../statistics.ts";

const requirements = { lengthMs: 30 * 60_000 };
/** As long as the vectors of small language models. */
const dimensions = 384;

export interface RoundSpeed {
  people: number;
  milliseconds: number;
  couples: number;
  alone: number;
}

export function roundSpeed(people: number, seed: number): RoundSpeed {
  const pool = poolOf({ people, seed, dimensions });
  const began = performance.now();
  const { figures, alone } = planRound({
    people: pool,
    requirements,
    weights: defaultWeights,
    now: testNow,
    seed: "speed",
    pastOf: () => null,
    roundsSince: () => null,
  });
  return {
    people,
    milliseconds: performance.now() - began,
    couples: figures.pairing.couples,
    alone: alone.length,
  };
}

/** Among `waiting` people: entering, getting proposals and what one is told of the others, in memory, one after the other. */
export function enterSpeed(waiting: number, seed: number): Latency {
  const samples = 400;
  const people = poolOf({ people: waiting + samples, seed, dimensions });
  const pool = new WaitingPool({
    requirements,
    weights: defaultWeights,
    pastOf: () => null,
    seed: "speed",
    patience: defaultPatience,
  });
  people.slice(0, waiting).forEach((person, index) => pool.enter(person, testNow + index, { later: true }));
  const milliseconds = people.slice(waiting).map((person, index) => {
    const now = testNow + waiting + index;
    const began = performance.now();
    pool.enter(person, now);
    pool.suggest(person.id, { now, count: 3, open: () => true });
    pool.outlook(person.id);
    const took = performance.now() - began;
    pool.leave(people[index]?.id ?? "");
    return took;
  });
  return latencyOf(milliseconds);
}
