// The choice of bullets as plain data, and the same by numbers, as solvers and heuristics read it.
import {
  evidenceTiers,
  type EvidenceTier,
  type ParentType,
  type RequirementType,
} from "../../../../shared/schemas/career/enums.ts";
import type { SelectionConfig } from "../../../../shared/schemas/career/selection.ts";

export interface SelectionProblem {
  bullets: readonly {
    id: string;
    section: ParentType;
    parentId: string;
    words: number;
    /** 0 to 1, and its tier. */
    evidence: number;
    tier: EvidenceTier;
    /** 0 to 1: how likely a rewriting goes wrong. */
    risk: number;
  }[];
  parents: readonly {
    id: string;
    /** What its heading adds to the page once one of its bullets is on it. */
    headerWords: number;
    /** The most bullets it may have; null for as many as the section may. */
    cap: number | null;
  }[];
  requirements: readonly { id: string; type: RequirementType; weight: number }[];
  /** What is not named is 0. */
  relevance: readonly { bulletId: string; reqId: string; rel: number }[];
  /** Pairs that are at least as similar as a penalty starts at; others may be left out. */
  similar: readonly { a: string; b: string; sim: number }[];
  /** On the page whatever is chosen. */
  fixedWords: number;
  pins: readonly string[];
  bans: readonly string[];
  config: SelectionConfig;
}

export interface Edge {
  bullet: number;
  requirement: number;
  rel: number;
  score: number;
  covers: boolean;
  /** What it adds to the value. */
  value: number;
}

export interface Section {
  members: number[];
  min: number;
  max: number;
}

export interface Prepared {
  problem: SelectionProblem;
  words: number[];
  /** Value of a bullet by itself. */
  fill: number[];
  parentOf: number[];
  headerWords: number[];
  caps: number[];
  membersOf: number[][];
  sections: Record<ParentType, Section>;
  coverValue: number[];
  edges: Edge[];
  edgesOf: number[][];
  edgesTo: number[][];
  /** Never both, unless both are pinned. */
  blocked: { a: number; b: number }[];
  penalties: { a: number; b: number; penalty: number }[];
  /** The same two by bullet. */
  blockedBy: number[][];
  penaltiesOf: { other: number; penalty: number }[][];
  pinned: boolean[];
  banned: boolean[];
  wordsMin: number;
  wordsMax: number;
}

/**
 * What covering a requirement is worth, times its weight. A must outweighs all that its bullets can add otherwise, so that
 * it is given up only where budgets leave no room.
 */
export const coverValues: Readonly<Record<RequirementType, number>> = { must: 10, nice: 3 };

export function edgeScore(
  { rel, evidence, risk }: { rel: number; evidence: number; risk: number },
  { wRel, wEvd, wRisk }: SelectionConfig["weights"]["edge"],
): number {
  return wRel * rel + wEvd * evidence - wRisk * risk;
}

/** From `penaltyStart` to `hardBlock` the penalty grows from 0 to 1. */
export function redundancyPenalty(
  sim: number,
  { hardBlock, penaltyStart }: SelectionConfig["thresholds"]["redundancy"],
): number {
  return Math.min(1, Math.max(0, (sim - penaltyStart) / (hardBlock - penaltyStart)));
}

export function tierAtLeast(tier: EvidenceTier, least: EvidenceTier): boolean {
  return evidenceTiers.indexOf(tier) <= evidenceTiers.indexOf(least);
}

/**
 * Names become numbers, thresholds are applied, and budgets that pinned bullets exceed are raised to what these need.
 * Throws where a name is unknown or stands twice, or a bullet is both pinned and banned.
 */
export function prepare(problem: SelectionProblem): Prepared {
  const { bullets, parents, requirements, config } = problem;
  const { budgets, thresholds, weights } = config;
  const bulletAt = places(bullets, "bullet");
  const parentAt = places(parents, "parent");
  const reqAt = places(requirements, "requirement");
  const pinned = flags(bullets.length, problem.pins.map(bulletAt));
  const banned = flags(bullets.length, problem.bans.map(bulletAt));
  if (bullets.some((_, at) => pinned[at] === true && banned[at] === true))
    throw new Error("a bullet is pinned and banned");

  const parentOf = bullets.map(({ parentId }) => parentAt(parentId));
  const membersOf = grouped(parents.length, parentOf);
  const pinnedIn = (members: readonly number[]) => members.filter((at) => pinned[at] === true).length;
  const section = (type: ParentType, min: number, max: number): Section => {
    const members = indices(bullets, (bullet) => bullet.section === type);
    return { members, min, max: Math.max(max, pinnedIn(members)) };
  };
  const headerWords = parents.map((parent) => parent.headerWords);
  const pinnedWords = membersOf.reduce((sum, members, parent) => {
    const own = members.filter((at) => pinned[at] === true);
    return (
      sum +
      own.reduce(
        (words, at) => words + (bullets[at]?.words ?? 0),
        own.length > 0 ? (headerWords[parent] ?? 0) : 0,
      )
    );
  }, 0);

  const bestRel = bullets.map(() => 0);
  const edges: Edge[] = [];
  for (const { bulletId, reqId, rel } of problem.relevance) {
    const at = bulletAt(bulletId);
    const to = reqAt(reqId);
    const bullet = bullets[at];
    const requirement = requirements[to];
    if (bullet === undefined || requirement === undefined) continue;
    bestRel[at] = Math.max(bestRel[at] ?? 0, rel);
    const isMust = requirement.type === "must";
    if (rel < (isMust ? thresholds.mustMinRel : thresholds.niceMinRel)) continue;
    if (!isMust && !tierAtLeast(bullet.tier, thresholds.minEvidenceTierNice)) continue;
    const score = edgeScore({ rel, evidence: bullet.evidence, risk: bullet.risk }, weights.edge);
    if (score <= 0) continue;
    const value = weights.fill.alpha * requirement.weight * score;
    edges.push({
      bullet: at,
      requirement: to,
      rel,
      score,
      covers: score >= thresholds.coverThreshold,
      value,
    });
  }
  const pairs = problem.similar.map(({ a, b, sim }) => ({ a: bulletAt(a), b: bulletAt(b), sim }));
  const { hardBlock, penaltyStart } = thresholds.redundancy;
  const blocked = pairs.filter(
    ({ a, b, sim }) => sim >= hardBlock && !(pinned[a] === true && pinned[b] === true),
  );
  const penalties = pairs
    .filter(({ sim }) => sim > penaltyStart && sim < hardBlock)
    .map(({ a, b, sim }) => ({
      a,
      b,
      penalty: weights.edge.wRed * redundancyPenalty(sim, thresholds.redundancy),
    }));
  const blockedBy: number[][] = bullets.map(() => []);
  const penaltiesOf: Prepared["penaltiesOf"] = bullets.map(() => []);
  for (const { a, b } of blocked) {
    blockedBy[a]?.push(b);
    blockedBy[b]?.push(a);
  }
  for (const { a, b, penalty } of penalties) {
    penaltiesOf[a]?.push({ other: b, penalty });
    penaltiesOf[b]?.push({ other: a, penalty });
  }
  return {
    problem,
    words: bullets.map(({ words }) => words),
    fill: bullets.map(
      ({ evidence, risk }, at) =>
        weights.fill.beta * (bestRel[at] ?? 0) + weights.fill.gamma * evidence - weights.edge.wRisk * risk,
    ),
    parentOf,
    headerWords,
    caps: parents.map(({ cap }, parent) =>
      cap === null ? Infinity : Math.max(cap, pinnedIn(membersOf[parent] ?? [])),
    ),
    membersOf,
    sections: {
      experience: section("experience", budgets.experienceBulletsMin, budgets.experienceBulletsMax),
      project: section("project", budgets.projectBulletsMin, budgets.projectBulletsMax),
      award: section("award", budgets.awardLinesMin, budgets.awardLinesMax),
    },
    coverValue: requirements.map(({ type, weight }) => coverValues[type] * weight),
    edges,
    edgesOf: grouped(
      bullets.length,
      edges.map(({ bullet }) => bullet),
    ),
    edgesTo: grouped(
      requirements.length,
      edges.map(({ requirement }) => requirement),
    ),
    blocked,
    penalties,
    blockedBy,
    penaltiesOf,
    pinned,
    banned,
    wordsMin: budgets.targetResumeWordsMin,
    wordsMax: Math.max(budgets.targetResumeWordsMax, problem.fixedWords + pinnedWords),
  };
}

function places(items: readonly { id: string }[], what: string): (id: string) => number {
  const at = new Map(items.map(({ id }, index) => [id, index]));
  if (at.size !== items.length) throw new Error(`a ${what} stands twice`);
  return (id) => {
    const index = at.get(id);
    if (index === undefined) throw new Error(`there is no ${what} ${id}`);
    return index;
  };
}

function indices<Item>(items: readonly Item[], is: (item: Item) => boolean): number[] {
  return items.flatMap((item, index) => (is(item) ? [index] : []));
}

/** The places at which each group is named. */
function grouped(groups: number, named: readonly number[]): number[][] {
  const result: number[][] = Array.from({ length: groups }, () => []);
  named.forEach((group, at) => result[group]?.push(at));
  return result;
}

function flags(length: number, set: readonly number[]): boolean[] {
  const result = Array.from({ length }, () => false);
  for (const index of set) result[index] = true;
  return result;
}
