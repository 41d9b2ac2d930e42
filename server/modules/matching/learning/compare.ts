// Whether one ranking of outcomes is better than another, on outcomes that neither was made from, and how sure that is.
import { sigmoid } from "./logistic.ts";

export interface ScoredOutcome {
  matchId: string;
  good: boolean;
  score: number;
  /** Of being good. */
  probability: number;
}

export interface Change {
  value: number;
  /** The middle 95 % of what resampled matches gave. */
  low: number;
  high: number;
}

const least = 1e-6;

/** Mean negative log likelihood in nats. */
export function logLoss(outcomes: readonly ScoredOutcome[]): number {
  return outcomes.length === 0 ? 0 : outcomes.reduce((sum, each) => sum + lossOf(each), 0) / outcomes.length;
}

function lossOf({ good, probability }: ScoredOutcome): number {
  return -Math.log(Math.max(least, good ? probability : 1 - probability));
}

/** How often a good outcome has the higher score of a good and a bad one; equal ones count half. */
export function auc(outcomes: readonly ScoredOutcome[]): number {
  return weightedAuc(outcomes, inOrder(outcomes), null);
}

export interface Comparison {
  logLoss: Change;
  auc: Change;
}

/**
 * `new` less `old`, the same outcomes in the same order. Whole matches are drawn again, as the outcomes of one match go
 * together (cluster bootstrap; percentile intervals).
 */
export function compare(
  old: readonly ScoredOutcome[],
  fresh: readonly ScoredOutcome[],
  { resamples, seed }: { resamples: number; seed: number },
): Comparison {
  const matches = [...Map.groupBy(old.keys(), (index) => old[index]?.matchId ?? "").values()];
  const orders = { old: inOrder(old), fresh: inOrder(fresh) };
  const gains = old.map((each, index) => {
    const other = fresh[index];
    return other === undefined ? 0 : lossOf(other) - lossOf(each);
  });
  const random = drawing(seed);
  const losses: number[] = [];
  const areas: number[] = [];
  for (let sample = 0; sample < resamples; sample += 1) {
    const counts = new Int32Array(old.length);
    let whole = 0;
    let gain = 0;
    for (let draw = 0; draw < matches.length; draw += 1) {
      for (const index of matches[Math.floor(random() * matches.length)] ?? []) {
        counts[index] = (counts[index] ?? 0) + 1;
        gain += gains[index] ?? 0;
        whole += 1;
      }
    }
    losses.push(whole === 0 ? 0 : gain / whole);
    areas.push(weightedAuc(fresh, orders.fresh, counts) - weightedAuc(old, orders.old, counts));
  }
  return {
    logLoss: { value: logLoss(fresh) - logLoss(old), ...middle(losses) },
    auc: { value: auc(fresh) - auc(old), ...middle(areas) },
  };
}

/** Places by rising score, and by place where scores are equal. */
function inOrder(outcomes: readonly ScoredOutcome[]): number[] {
  return [...outcomes.keys()].sort((a, b) => (outcomes[a]?.score ?? 0) - (outcomes[b]?.score ?? 0) || a - b);
}

function weightedAuc(
  outcomes: readonly ScoredOutcome[],
  order: readonly number[],
  counts: Int32Array | null,
): number {
  let [below, pairs, goods, bads] = [0, 0, 0, 0];
  for (let at = 0; at < order.length;) {
    const score = outcomes[order[at] ?? 0]?.score;
    let [good, bad] = [0, 0];
    for (; at < order.length && outcomes[order[at] ?? 0]?.score === score; at += 1) {
      const index = order[at] ?? 0;
      const count = counts === null ? 1 : (counts[index] ?? 0);
      if (outcomes[index]?.good === true) good += count;
      else bad += count;
    }
    pairs += good * (below + bad / 2);
    below += bad;
    goods += good;
    bads += bad;
  }
  return goods === 0 || bads === 0 ? 0.5 : pairs / (goods * bads);
}

function middle(values: number[]): { low: number; high: number } {
  const sorted = values.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return { low: at(0.025), high: at(0.975) };
}

/** Chance of a seed: xorshift of 32 bits (Marsaglia, 2003). */
function drawing(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export function probabilityOf(
  model: { intercept: number; slopes: readonly number[] },
  score: number,
): number {
  return sigmoid(model.intercept + (model.slopes[0] ?? 0) * score);
}
