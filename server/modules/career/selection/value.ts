// What a set of bullets is worth under the stated objective, what it fills, and how much no set can exceed.
import type { ParentType } from "../../../../shared/schemas/career/enums.ts";
import type { Prepared } from "./problem.ts";

/** Bullets by their numbers. */
export type Chosen = ReadonlySet<number>;

/**
 * Requirements covered, the best edges to each, what bullets are by themselves, less repetition:
 * Σ W·covered + λ Σ w·e over at most `maxBulletsPerRequirement` edges + Σ fill − Σ penalties.
 */
export function valueOf(prepared: Prepared, chosen: Chosen): number {
  const { edges, edgesOf, fill, coverValue, penaltiesOf, problem } = prepared;
  const most = problem.config.budgets.maxBulletsPerRequirement;
  const best: number[][] = coverValue.map(() => []);
  const covered = coverValue.map(() => false);
  let value = 0;
  for (const bullet of chosen) {
    value += fill[bullet] ?? 0;
    for (const { other, penalty } of penaltiesOf[bullet] ?? [])
      if (other < bullet && chosen.has(other)) value -= penalty;
    for (const at of edgesOf[bullet] ?? []) {
      const edge = edges[at];
      if (edge === undefined) continue;
      best[edge.requirement]?.push(edge.value);
      if (edge.covers) covered[edge.requirement] = true;
    }
  }
  best.forEach((values, requirement) => {
    if (covered[requirement] === true) value += coverValue[requirement] ?? 0;
    if (values.length > most) values.sort((a, b) => b - a);
    for (let at = 0; at < Math.min(most, values.length); at += 1) value += values[at] ?? 0;
  });
  return value;
}

export function wordsOf(prepared: Prepared, chosen: Chosen): number {
  const parents = new Set<number>();
  let words = prepared.problem.fixedWords;
  for (const bullet of chosen) {
    words += prepared.words[bullet] ?? 0;
    parents.add(prepared.parentOf[bullet] ?? 0);
  }
  for (const parent of parents) words += prepared.headerWords[parent] ?? 0;
  return words;
}

/** Every maximum, and nothing twice; minimums are `shortfallOf`. */
export function fits(prepared: Prepared, chosen: Chosen): boolean {
  if (wordsOf(prepared, chosen) > prepared.wordsMax) return false;
  const perParent = new Map<number, number>();
  const perSection = new Map<ParentType, number>();
  for (const bullet of chosen) {
    const parent = prepared.parentOf[bullet] ?? 0;
    const section = prepared.problem.bullets[bullet]?.section ?? "experience";
    if (prepared.blockedBy[bullet]?.some((other) => chosen.has(other)) === true) return false;
    perParent.set(parent, (perParent.get(parent) ?? 0) + 1);
    perSection.set(section, (perSection.get(section) ?? 0) + 1);
  }
  for (const [parent, count] of perParent) if (count > (prepared.caps[parent] ?? Infinity)) return false;
  for (const [section, count] of perSection) if (count > prepared.sections[section].max) return false;
  return true;
}

export interface Shortfall {
  words: number;
  bullets: number;
}

/** How far it stays below the minimums. */
export function shortfallOf(prepared: Prepared, chosen: Chosen): Shortfall {
  const sections = Object.values(prepared.sections);
  return {
    words: Math.max(0, prepared.wordsMin - wordsOf(prepared, chosen)),
    bullets: sections.reduce(
      (sum, { members, min }) => sum + Math.max(0, min - members.filter((at) => chosen.has(at)).length),
      0,
    ),
  };
}

/**
 * No set that keeps the maximums is worth more: every requirement with its best edges, and the best bullets by
 * themselves, as if words, roles and repetition did not matter. Certain, and not tight.
 */
export function simpleBound({
  edges,
  edgesTo,
  coverValue,
  fill,
  sections,
  banned,
  problem,
}: Prepared): number {
  const most = problem.config.budgets.maxBulletsPerRequirement;
  let bound = 0;
  coverValue.forEach((cover, requirement) => {
    const own = (edgesTo[requirement] ?? [])
      .flatMap((at) => edges[at] ?? [])
      .filter(({ bullet }) => banned[bullet] !== true);
    if (own.some(({ covers }) => covers)) bound += cover;
    const best = own.map(({ value }) => value).sort((a, b) => b - a);
    bound += best.slice(0, most).reduce((sum, value) => sum + value, 0);
  });
  for (const { members, max } of Object.values(sections)) {
    const best = members
      .filter((at) => banned[at] !== true)
      .map((at) => fill[at] ?? 0)
      .sort((a, b) => b - a);
    bound += best.slice(0, max).reduce((sum, value) => sum + Math.max(0, value), 0);
  }
  return bound;
}
