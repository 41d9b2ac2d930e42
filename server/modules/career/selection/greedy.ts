// Good sets of bullets without a solver: what is worth most for its words first, then exchanges as long as they help.
import type { Prepared } from "./problem.ts";
import { fits, shortfallOf, valueOf, type Chosen } from "./value.ts";

/** Minimums come before everything; a word and a bullet that are missing cost so much. */
const wordCost = 100;
const bulletCost = 2_000;
const maxRounds = 40;

/** The value, less what missing minimums cost. */
export function elasticValue(prepared: Prepared, chosen: Chosen): number {
  const { words, bullets } = shortfallOf(prepared, chosen);
  return valueOf(prepared, chosen) - wordCost * words - bulletCost * bullets;
}

export const elasticCosts = { word: wordCost, bullet: bulletCost } as const;

/** The better of both greedy ways, improved by exchanges. Pinned bullets are in it, banned ones are not. */
export function greedyAndSwap(prepared: Prepared): Set<number> {
  const ways = [greedy(prepared, true), greedy(prepared, false)].map((set) => swapped(prepared, set));
  const [first, second] = ways as [Set<number>, Set<number>];
  return elasticValue(prepared, second) > elasticValue(prepared, first) ? second : first;
}

/** The bullet that adds most next, for each word it takes or as such. */
export function greedy(prepared: Prepared, perWord: boolean): Set<number> {
  const chosen = pinsOf(prepared);
  for (;;) {
    const before = elasticValue(prepared, chosen);
    let best: { bullet: number; gain: number } | null = null;
    for (const bullet of candidates(prepared, chosen)) {
      chosen.add(bullet);
      if (fits(prepared, chosen)) {
        const gain = elasticValue(prepared, chosen) - before;
        const rate = perWord ? gain / Math.max(1, prepared.words[bullet] ?? 1) : gain;
        if (gain > 1e-9 && (best === null || rate > best.gain)) best = { bullet, gain: rate };
      }
      chosen.delete(bullet);
    }
    if (best === null) return chosen;
    chosen.add(best.bullet);
  }
}

/** The most relevant and best proven first, as far as budgets allow, without a look at what is covered already. */
export function topK(prepared: Prepared): Set<number> {
  const chosen = pinsOf(prepared);
  const best = prepared.problem.bullets.map((_, bullet) =>
    Math.max(0, ...(prepared.edgesOf[bullet] ?? []).map((at) => prepared.edges[at]?.score ?? 0)),
  );
  const order = candidates(prepared, chosen).sort((a, b) => (best[b] ?? 0) - (best[a] ?? 0) || a - b);
  for (const bullet of order) {
    chosen.add(bullet);
    if (!fits(prepared, chosen)) chosen.delete(bullet);
  }
  return chosen;
}

function swapped(prepared: Prepared, start: Chosen): Set<number> {
  const chosen = new Set(start);
  for (let round = 0; round < maxRounds; round += 1) {
    const before = elasticValue(prepared, chosen);
    addBest(prepared, chosen, elasticValue(prepared, chosen));
    for (const bullet of [...chosen]) exchange(prepared, chosen, bullet);
    if (elasticValue(prepared, chosen) <= before + 1e-9) break;
  }
  return chosen;
}

/** Without the bullet, and with whatever fits best in its place, one or several, where that is worth more. */
function exchange(prepared: Prepared, chosen: Set<number>, bullet: number): void {
  if (prepared.pinned[bullet] === true || !chosen.has(bullet)) return;
  const before = elasticValue(prepared, chosen);
  const trial = new Set(chosen);
  trial.delete(bullet);
  // The first may be worse than what it replaces, as long as those that fit beside it make up for that.
  while (addBest(prepared, trial, elasticValue(prepared, trial), bullet));
  if (elasticValue(prepared, trial) <= before + 1e-9) return;
  chosen.clear();
  for (const each of trial) chosen.add(each);
}

/** Adds what is worth most, if that is worth more than `least`. */
function addBest(prepared: Prepared, chosen: Set<number>, least: number, except?: number): boolean {
  let best: { bullet: number; value: number } | null = null;
  for (const bullet of candidates(prepared, chosen)) {
    if (bullet === except) continue;
    chosen.add(bullet);
    if (fits(prepared, chosen)) {
      const value = elasticValue(prepared, chosen);
      if (value > (best?.value ?? least) + 1e-9) best = { bullet, value };
    }
    chosen.delete(bullet);
  }
  if (best !== null) chosen.add(best.bullet);
  return best !== null;
}

function pinsOf({ pinned }: Prepared): Set<number> {
  return new Set(pinned.flatMap((isPinned, bullet) => (isPinned ? [bullet] : [])));
}

function candidates({ banned, problem }: Prepared, chosen: Chosen): number[] {
  return problem.bullets.flatMap((_, bullet) =>
    banned[bullet] === true || chosen.has(bullet) ? [] : [bullet],
  );
}
