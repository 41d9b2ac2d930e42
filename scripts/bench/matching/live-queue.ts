// The live queue in simulated markets of different sizes: ours, first come first served, and the most that could be had.
import { latencyOf } from "../statistics.ts";
import { marketOf, type Market, type Visitor } from "./market.ts";
import { firstCome, offlineOptimum, ourQueue, type Outcome } from "./policies.ts";

export interface GroupFigures {
  people: number;
  /** Of those who came. */
  matched: number;
  /** Of cards answered: those with a yes. */
  yes: number;
  medianWaitSeconds: number;
  /** Scores of their pairs that both accepted, through what they would have in the offline optimum. */
  scoreShare: number;
}

export interface PolicyFigures {
  policy: "ours" | "first come";
  medianWaitSeconds: number;
  p95WaitSeconds: number;
  /** Scores of all pairs that both accepted, through the most there could be. */
  scoreShare: number;
  matched: number;
  majority: GroupFigures;
  minority: GroupFigures;
}

export interface QueueFigures {
  online: number;
  people: number;
  minutes: number;
  policies: PolicyFigures[];
}

export function queueQuality(online: number, seed: number, visitorsMost: number): QueueFigures {
  // Long enough for people to come and go several times over, and not more of them than the optimum can be found for.
  const minutes = Math.max(2, Math.min(240, (visitorsMost / online) * 5));
  const market = marketOf({ online, minutes, seed });
  const optimum = offlineOptimum(market);
  const policies = [
    figuresOf("ours", market, ourQueue(market), optimum),
    figuresOf("first come", market, firstCome(market), optimum),
  ];
  return { online, people: market.visitors.length, minutes, policies };
}

function figuresOf(
  policy: PolicyFigures["policy"],
  market: Market,
  outcome: Outcome,
  best: { majority: number; minority: number },
): PolicyFigures {
  const waits = new Map<Visitor, number>();
  const scores = { majority: 0, minority: 0 };
  for (const { one, other, at, score } of outcome.pairs)
    for (const visitor of [one, other]) {
      waits.set(visitor, (at - visitor.comes) / 1_000);
      scores[visitor.minority ? "minority" : "majority"] += score;
    }
  const all = latencyOf([...waits.values()]);
  const groupOf = (minority: boolean): GroupFigures => {
    const group = minority ? "minority" : "majority";
    const people = market.visitors.filter((visitor) => visitor.minority === minority);
    const seconds = people.flatMap((visitor) => waits.get(visitor) ?? []);
    const { asked, yes } = outcome.answers[group];
    return {
      people: people.length,
      matched: seconds.length / people.length,
      yes: yes / asked,
      medianWaitSeconds: latencyOf(seconds).p50,
      scoreShare: scores[group] / best[group],
    };
  };
  return {
    policy,
    medianWaitSeconds: all.p50,
    p95WaitSeconds: all.p95,
    scoreShare: (scores.majority + scores.minority) / (best.majority + best.minority),
    matched: waits.size / market.visitors.length,
    majority: groupOf(false),
    minority: groupOf(true),
  };
}

/** How far the minority is behind, as a share of the majority's figure; below 0 where it is ahead. */
export function gapsOf({ majority, minority }: PolicyFigures): {
  score: number;
  wait: number;
} {
  return {
    score: 1 - minority.scoreShare / majority.scoreShare,
    wait: minority.medianWaitSeconds / majority.medianWaitSeconds - 1,
  };
}
