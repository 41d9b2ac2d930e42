// Quality of rounds: pools from seeds, six rounds each, judged by a solver and by rules written down a second time.
import { planCoaching } from "../../../server/modules/matching/rounds/plan-coaching.ts";
import {
  planRound,
  readyPool,
  type RoundPlan,
  type RoundRequest,
} from "../../../server/modules/matching/rounds/plan-round.ts";
import type { Candidate } from "../../../server/modules/matching/score/candidate.ts";
import { pairKey } from "../../../server/modules/matching/score/chance.ts";
import { mayMeet } from "../../../server/modules/matching/score/constraints.ts";
import { scorePair } from "../../../server/modules/matching/score/score.ts";
import { defaultWeights } from "../../../server/modules/matching/score/weights.ts";
import { poolOf, testNow } from "../../../server/modules/matching/testing-pools.ts";
import { randomNumbers } from "../../../server/platform/testing-random.ts";
import { judgeByBlossom } from "./blossom.ts";
import { createJudge, type Judge, type JudgedPair } from "./linear-program.ts";
import { blockingPairsIn, mayNotMeet } from "./second-opinion.ts";

const rounds = 6;
/** What a bound of whole numbers may be off by. */
const slack = 1e-4;
/** Of so many pools one is asked of both judges: the linear program takes seconds where the other takes a tenth of one. */
const bothEvery = 10;
const requirements = { lengthMs: 30 * 60_000 };

export interface RoundQuality {
  pools: number;
  people: number;
  rounds: number;
  judged: number;
  /** Questions that both judges were asked, and those on which they differ. */
  askedOfBoth: number;
  judgesDiffer: number;
  /** Ours through the judge's: the least of all, and over all. */
  leastShare: number;
  share: number;
  fewerCouples: number;
  violations: number;
  repeats: number;
  avoidableRepeats: number;
  orderMatters: number;
  coachingPools: number;
  blockingPairs: number;
}

export async function roundQuality(options: {
  pools: number;
  peopleMost: number;
  seed: number;
  progress(line: string): void;
}): Promise<RoundQuality> {
  const linearProgram = await createJudge();
  const figures: RoundQuality = {
    pools: options.pools,
    people: 0,
    rounds: 0,
    judged: 0,
    askedOfBoth: 0,
    judgesDiffer: 0,
    leastShare: 1,
    share: 1,
    fewerCouples: 0,
    violations: 0,
    repeats: 0,
    avoidableRepeats: 0,
    orderMatters: 0,
    coachingPools: 0,
    blockingPairs: 0,
  };
  const judgeByBoth: Judge = (question) => {
    const best = judgeByBlossom(question);
    figures.askedOfBoth += 1;
    // The bound is taken no further than needed to see that what is reached is the most.
    const bound = linearProgram({ ...question, reached: best });
    if (Math.abs(bound - best) > slack) figures.judgesDiffer += 1;
    return Math.max(bound, best);
  };
  const sums = { ours: 0, best: 0 };
  for (let pool = 0; pool < options.pools; pool += 1) {
    const seed = options.seed * 100_000 + pool;
    const random = randomNumbers(seed);
    const size = 4 + Math.floor(random() * (options.peopleMost - 3));
    const people = poolOf({ people: size, seed, strictness: random() });
    figures.people += size;
    const judge = pool % bothEvery === 0 ? judgeByBoth : judgeByBlossom;
    judgeRounds({ people, seed, judgedRound: 1 + (pool % rounds) }, judge, figures, sums);
    figures.coachingPools += 1;
    figures.blockingPairs += judgeCoaching(people, seed);
    if ((pool + 1) % 25 === 0) options.progress(`${pool + 1} of ${options.pools} pools judged`);
  }
  figures.share = sums.best === 0 ? 1 : sums.ours / sums.best;
  return figures;
}

function judgeRounds(
  { people, seed, judgedRound }: { people: Candidate[]; seed: number; judgedRound: number },
  judge: Judge,
  figures: RoundQuality,
  sums: { ours: number; best: number },
): void {
  const last = new Map<string, number>();
  const byId = new Map(people.map((person) => [person.id, person]));
  for (let round = 1; round <= rounds; round += 1) {
    const request: RoundRequest = {
      people,
      requirements,
      weights: defaultWeights,
      now: testNow,
      seed: `${seed}/${round}`,
      pastOf: () => null,
      roundsSince(one, other) {
        const met = last.get(pairKey(one, other));
        return met === undefined ? null : round - met;
      },
    };
    const plan = planRound(request);
    figures.rounds += 1;
    figures.violations += countViolations(plan, byId);
    const repeats = plan.figures.repeats;
    figures.repeats += repeats;
    // What is compared is the pairing before anybody joined as a third: trios are beyond what the judge is asked for.
    const couples = plan.figures.pairing;
    const pairs = pairsOf(request);
    if (round === judgedRound || couples.repeats > 0) {
      figures.judged += 1;
      judgeOne(people.length, pairs, couples, judge, figures, sums);
      const other = planRound({ ...request, people: [...people].reverse() });
      if (JSON.stringify(other) !== JSON.stringify(plan)) figures.orderMatters += 1;
    }
    for (const group of plan.groups)
      for (const { one, other } of group.pairs) last.set(pairKey(one, other), round);
  }
}

type Couples = RoundPlan["figures"]["pairing"];
type RatedPair = JudgedPair & { repeat: boolean };

function pairsOf(request: RoundRequest): RatedPair[] {
  const pool = readyPool(request);
  return pool.flatMap((one, left) =>
    pool.slice(0, left).flatMap((other, right): RatedPair[] => {
      if (!mayMeet(one, other, requirements)) return [];
      const since = request.roundsSince(one.candidate.id, other.candidate.id);
      const { total } = scorePair(one, other, null, request);
      return [{ one: left, other: right, value: total, repeat: since !== null && since <= rounds }];
    }),
  );
}

function judgeOne(
  people: number,
  pairs: readonly RatedPair[],
  ours: Couples,
  judge: Judge,
  figures: RoundQuality,
  sums: { ours: number; best: number },
): void {
  const valued = (valueOf: (pair: RatedPair) => number) =>
    pairs.map((pair) => ({ one: pair.one, other: pair.other, value: valueOf(pair) }));
  if (ours.couples < Math.floor(people / 2)) {
    const most = Math.floor(
      judge({ people, pairs: valued(() => 1), couples: 0, reached: ours.couples }) + slack,
    );
    if (ours.couples < most) figures.fewerCouples += 1;
  }
  if (ours.repeats > 0) {
    const fresh = valued(({ repeat }) => (repeat ? 0 : 1));
    const reached = ours.couples - ours.repeats;
    const most = Math.floor(judge({ people, pairs: fresh, couples: ours.couples, reached }) + slack);
    figures.avoidableRepeats += most - reached;
    return;
  }
  const usable = pairs.filter(({ repeat }) => !repeat);
  const best = judge({ people, pairs: usable, couples: ours.couples, reached: ours.score });
  sums.ours += ours.score;
  sums.best += best;
  if (best > 0) figures.leastShare = Math.min(figures.leastShare, ours.score / best);
}

function countViolations(plan: RoundPlan, byId: ReadonlyMap<string, Candidate>): number {
  const seen = new Set<string>();
  let violations = 0;
  for (const { people, pairs } of plan.groups) {
    for (const person of people) {
      if (seen.has(person)) violations += 1;
      seen.add(person);
    }
    for (const { one, other } of pairs) {
      const [left, right] = [byId.get(one), byId.get(other)];
      if (left === undefined || right === undefined || mayNotMeet(left, right, requirements.lengthMs))
        violations += 1;
    }
  }
  return violations;
}

function judgeCoaching(people: readonly Candidate[], seed: number): number {
  const free = people.map((person) => ({ ...person, wishes: { ...person.wishes, roles: [] } }));
  const request = {
    coaches: free.slice(0, Math.ceil(free.length / 4)).map((candidate, index) => ({
      candidate,
      places: index % 6,
    })),
    coachees: free.slice(Math.ceil(free.length / 4)),
    requirements,
    weights: defaultWeights,
    now: testNow,
    seed: String(seed),
    pastOf: () => null,
  };
  return blockingPairsIn(planCoaching(request), request);
}
