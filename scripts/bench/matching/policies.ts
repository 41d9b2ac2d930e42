// What the market's people get: from our queue, from a plain first-come queue, and from somebody who knows the future.
import {
  matchingByWeights,
  PairWeights,
} from "../../../server/modules/matching/graph/matching-by-weights.ts";
import { defaultPatience, type Patience } from "../../../server/modules/matching/queue/bar.ts";
import { WaitingPool } from "../../../server/modules/matching/queue/waiting-pool.ts";
import { pairKey } from "../../../server/modules/matching/score/chance.ts";
import { defaultWeights } from "../../../server/modules/matching/score/weights.ts";
import { marketRequirements, type Market, type Visitor } from "./market.ts";
import { Agenda } from "./agenda.ts";

export interface Outcome {
  pairs: { one: Visitor; other: Visitor; score: number; at: number }[];
  /** Cards that somebody has answered, and those of them with a yes, by group. */
  answers: { majority: { asked: number; yes: number }; minority: { asked: number; yes: number } };
}

const cardsMost = 3;
const tickMs = 2_000;

/** Our queue: up to three cards a person, both say yes to one; who is asked and when is decided by `WaitingPool`. */
export function ourQueue(market: Market, patience: Patience = defaultPatience): Outcome {
  const outcome = emptyOutcome();
  const agenda = new Agenda();
  const byId = new Map(market.visitors.map((visitor) => [visitor.candidate.id, visitor]));
  const pool = new WaitingPool({
    requirements: marketRequirements,
    weights: defaultWeights,
    pastOf: () => null,
    seed: "market",
    patience,
  });
  const cards = new Map<string, Set<string>>();
  const seen = new Set<string>();
  const yes = new Set<string>();
  const cardsOf = (id: string) => cards.get(id) ?? new Set();
  const close = (one: string, other: string) => {
    cardsOf(one).delete(other);
    cardsOf(other).delete(one);
  };
  const gone = (id: string) => {
    pool.leave(id);
    for (const other of [...cardsOf(id)]) close(id, other);
  };

  function answer(one: Visitor, other: Visitor): void {
    const [id, otherId] = [one.candidate.id, other.candidate.id];
    if (!cardsOf(id).has(otherId)) return;
    const accepted = market.accepts(one, other);
    count(outcome, one, accepted);
    if (!accepted) {
      close(id, otherId);
      return propose(other);
    }
    if (!yes.has(pairKey(id, otherId))) return void yes.add(pairKey(id, otherId));
    outcome.pairs.push({ one, other, score: market.score(one, other) ?? 0, at: agenda.now });
    gone(id);
    gone(otherId);
  }

  function propose(visitor: Visitor): void {
    const { id } = visitor.candidate;
    if (!pool.has(id)) return;
    const open = (other: string) => cardsOf(other).size < cardsMost && !seen.has(pairKey(id, other));
    for (const { id: otherId } of pool.suggest(id, {
      now: agenda.now,
      count: cardsMost - cardsOf(id).size,
      open,
    })) {
      const other = byId.get(otherId);
      if (other === undefined) continue;
      seen.add(pairKey(id, otherId));
      cardsOf(id).add(otherId);
      cardsOf(otherId).add(id);
      agenda.at(agenda.now + market.thinks(visitor, other), () => answer(visitor, other));
      agenda.at(agenda.now + market.thinks(other, visitor), () => answer(other, visitor));
    }
  }

  for (const visitor of market.visitors) {
    const { id } = visitor.candidate;
    agenda.at(visitor.comes, () => {
      cards.set(id, new Set());
      pool.enter(visitor.candidate, agenda.now);
      propose(visitor);
    });
    agenda.at(visitor.leaves, () => gone(id));
  }
  for (let at = tickMs; at < (market.minutes + 10) * 60_000; at += tickMs)
    agenda.at(at, () => {
      for (const id of [...pool.ids()]) {
        const visitor = byId.get(id);
        if (visitor !== undefined && cardsOf(id).size < cardsMost) propose(visitor);
      }
    });
  agenda.run();
  return outcome;
}

/** Whoever comes gets the one who has waited longest and may meet them, one card at a time. */
export function firstCome(market: Market): Outcome {
  const outcome = emptyOutcome();
  const agenda = new Agenda();
  const waiting = new Set<Visitor>();
  const seen = new Set<string>();

  function propose(visitor: Visitor): void {
    for (const other of waiting) {
      const key = pairKey(visitor.candidate.id, other.candidate.id);
      if (other === visitor || seen.has(key) || market.score(visitor, other) === null) continue;
      seen.add(key);
      waiting.delete(visitor);
      waiting.delete(other);
      const thinking = Math.max(market.thinks(visitor, other), market.thinks(other, visitor));
      agenda.at(agenda.now + thinking, () => answer(visitor, other));
      return;
    }
  }

  function answer(one: Visitor, other: Visitor): void {
    const here = [one, other].filter(({ leaves }) => leaves > agenda.now);
    const said = [market.accepts(one, other), market.accepts(other, one)];
    count(outcome, one, said[0] ?? false);
    count(outcome, other, said[1] ?? false);
    if (here.length === 2 && said.every(Boolean)) {
      outcome.pairs.push({ one, other, score: market.score(one, other) ?? 0, at: agenda.now });
      return;
    }
    for (const visitor of here) waiting.add(visitor);
    for (const visitor of here) if (waiting.has(visitor)) propose(visitor);
  }

  for (const visitor of market.visitors) {
    agenda.at(visitor.comes, () => {
      waiting.add(visitor);
      propose(visitor);
    });
    agenda.at(visitor.leaves, () => waiting.delete(visitor));
  }
  agenda.run();
  return outcome;
}

/**
 * The most that anybody could reach: who would say yes to whom, and when everybody leaves, is known beforehand. The scores
 * that each group's people get in it, together; a pair counts for both.
 */
export function offlineOptimum(market: Market): { majority: number; minority: number } {
  const { visitors } = market;
  const weights = new PairWeights(visitors.length);
  visitors.forEach((one, left) => {
    for (let right = 0; right < left; right += 1) {
      const other = visitors[right];
      if (other === undefined || other.leaves <= one.comes) continue;
      const score = market.score(one, other);
      if (score === null || !market.accepts(one, other) || !market.accepts(other, one)) continue;
      weights.set(left, right, Math.round(score * 1_000_000));
    }
  });
  const scores = { majority: 0, minority: 0 };
  matchingByWeights(weights).partners.forEach((partner, place) => {
    const visitor = visitors[place];
    if (partner === -1 || visitor === undefined) return;
    scores[visitor.minority ? "minority" : "majority"] += weights.get(place, partner) / 1_000_000;
  });
  return scores;
}

function emptyOutcome(): Outcome {
  return { pairs: [], answers: { majority: { asked: 0, yes: 0 }, minority: { asked: 0, yes: 0 } } };
}

function count({ answers }: Outcome, { minority }: Visitor, accepted: boolean): void {
  const group = minority ? answers.minority : answers.majority;
  group.asked += 1;
  if (accepted) group.yes += 1;
}
