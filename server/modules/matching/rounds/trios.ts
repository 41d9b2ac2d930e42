// Whoever is left over joins two others, if there are two with whom they may and can meet.
import { rangesInCommon } from "../score/candidate.ts";
import type { ReadyPerson } from "../score/people.ts";

/** Places in the pool, in rising order. */
export type Group = number[];

export interface TrioRules {
  mayMeet(one: number, other: number): boolean;
  /** As between couples: what keeps the order of aims. */
  weight(one: number, other: number): number;
  lengthMs: number;
}

interface Trio {
  couple: Group;
  /** Of the two further pairs, or of what the exchange gains. */
  weight: number;
}

/**
 * One after the other takes the best trio that is open, a couple taking one at most. Where somebody fits no couple, they
 * take the place of a partner who does: of all such exchanges the best.
 */
export function withThirds(
  couples: readonly Group[],
  left: readonly number[],
  pool: readonly ReadyPerson[],
  rules: TrioRules,
): { groups: Group[]; alone: number[] } {
  const groups = couples.map((couple) => [...couple]);
  const alone: number[] = [];
  for (const person of left) {
    const trio = bestTrio(person, groups, pool, rules);
    if (trio !== null) {
      join(trio.couple, person);
      continue;
    }
    const exchange = bestExchange(person, groups, pool, rules);
    if (exchange === null) {
      alone.push(person);
      continue;
    }
    const { couple, leaves, joins } = exchange;
    couple.splice(couple.indexOf(leaves), 1);
    join(couple, person);
    join(joins, leaves);
  }
  groups.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  return { groups, alone };
}

function join(group: Group, person: number): void {
  group.push(person);
  group.sort((a, b) => a - b);
}

function bestTrio(
  person: number,
  groups: readonly Group[],
  pool: readonly ReadyPerson[],
  rules: TrioRules,
): Trio | null {
  let best: Trio | null = null;
  for (const couple of groups) {
    const [one, other] = couple;
    if (one === undefined || other === undefined || couple.length !== 2) continue;
    if (!rules.mayMeet(person, one) || !rules.mayMeet(person, other)) continue;
    const weight = rules.weight(person, one) + rules.weight(person, other);
    if (best !== null && weight <= best.weight) continue;
    if (haveTimeTogether([person, one, other], pool, rules.lengthMs)) best = { couple, weight };
  }
  return best;
}

function bestExchange(
  person: number,
  groups: readonly Group[],
  pool: readonly ReadyPerson[],
  rules: TrioRules,
): { couple: Group; leaves: number; joins: Group } | null {
  let best: { couple: Group; leaves: number; joins: Group; weight: number } | null = null;
  for (const couple of groups) {
    if (couple.length !== 2) continue;
    for (const stays of couple) {
      const leaves = couple.find((each) => each !== stays);
      if (leaves === undefined || !rules.mayMeet(person, stays)) continue;
      const others = groups.filter((group) => group !== couple);
      const trio = bestTrio(leaves, others, pool, rules);
      if (trio === null) continue;
      const weight = trio.weight + rules.weight(person, stays) - rules.weight(leaves, stays);
      if (best === null || weight > best.weight) best = { couple, leaves, joins: trio.couple, weight };
    }
  }
  return best;
}

function haveTimeTogether(
  people: readonly number[],
  pool: readonly ReadyPerson[],
  lengthMs: number,
): boolean {
  const ranges = people.map((index) => pool[index]?.candidate.available ?? []);
  const [first = [], ...others] = ranges;
  const common = others.reduce((sofar, each) => rangesInCommon(sofar, each), first);
  return common.some(({ from, to }) => to - from >= lengthMs);
}
