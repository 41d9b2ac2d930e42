// A choice of bullets as a plan that people can read: what each is there for, and why the rest is not.
import type { ResumeBullet } from "../../../../shared/schemas/career/bullets.ts";
import type { RewriteIntent } from "../../../../shared/schemas/career/enums.ts";
import type { Requirement } from "../../../../shared/schemas/career/rubric.ts";
import type { SelectedBullet, SelectionPlan } from "../../../../shared/schemas/career/selection.ts";
import { edgeScore, redundancyPenalty, tierAtLeast, type SelectionProblem } from "./problem.ts";
import type { Solved } from "./solve.ts";

/** Raised when the objective or its constraints change. */
export const selectionVersion = "v1";

export interface PlanInput {
  problem: SelectionProblem;
  solved: Solved;
  bullets: readonly ResumeBullet[];
  requirements: readonly Requirement[];
  hashes: { masterResumeHash: string; jobExtractedHash: string; rubricHash: string };
  /** `none` where similarity is reckoned from words. */
  embeddingModel: string;
}

export function planOf(input: PlanInput): SelectionPlan {
  const { problem, solved, hashes, embeddingModel } = input;
  const chosen = new Set(solved.bulletIds);
  const edges = edgesOf(problem);
  const selected = input.bullets
    .filter(({ bulletId }) => chosen.has(bulletId))
    .map((bullet) => selectedBullet(input, edges, bullet));
  const of = (type: ResumeBullet["parentType"]) => selected.filter(({ parentType }) => parentType === type);
  const covered = new Set(
    edges.filter(({ bulletId, covers }) => covers && chosen.has(bulletId)).map(({ reqId }) => reqId),
  );
  const counted = (type: Requirement["type"], isCovered: boolean) =>
    problem.requirements.filter((one) => one.type === type && (!isCovered || covered.has(one.id))).length;
  const perRole: Record<string, number> = {};
  for (const { parentId } of of("experience")) perRole[parentId] = (perRole[parentId] ?? 0) + 1;
  return {
    version: selectionVersion,
    ...hashes,
    embeddingModel,
    config: problem.config,
    coverage: {
      mustTotal: counted("must", false),
      niceTotal: counted("nice", false),
      mustCovered: counted("must", true),
      niceCovered: counted("nice", true),
      uncoveredRequirements: problem.requirements
        .filter(({ id }) => !covered.has(id))
        .map(({ id, type, weight }) => ({
          reqId: id,
          type,
          weight,
          reason: whyUncovered(problem, edges, id),
        })),
    },
    selected: { workExperience: of("experience"), projects: of("project"), awards: of("award") },
    budgetsUsed: {
      experienceBullets: of("experience").length,
      projectBullets: of("project").length,
      awardLines: of("award").length,
      perRole,
      words: pageWords(problem, chosen),
    },
    selectionNotes: {
      ...dropped(problem, edges, chosen),
      pinned: [...problem.pins],
      banned: [...problem.bans],
      shortfalls: shortfalls(solved),
    },
    solution: { method: solved.method, optimal: solved.optimal, value: solved.value, bound: solved.bound },
  };
}

interface PlanEdge {
  bulletId: string;
  reqId: string;
  rel: number;
  score: number;
  eligible: boolean;
  covers: boolean;
}

function edgesOf({ relevance, bullets, requirements, config }: SelectionProblem): PlanEdge[] {
  const bulletOf = new Map(bullets.map((bullet) => [bullet.id, bullet]));
  const typeOf = new Map(requirements.map(({ id, type }) => [id, type]));
  const { mustMinRel, niceMinRel, minEvidenceTierNice, coverThreshold } = config.thresholds;
  return relevance.flatMap(({ bulletId, reqId, rel }) => {
    const bullet = bulletOf.get(bulletId);
    if (bullet === undefined) return [];
    const must = typeOf.get(reqId) === "must";
    const eligible = must
      ? rel >= mustMinRel
      : rel >= niceMinRel && tierAtLeast(bullet.tier, minEvidenceTierNice);
    const score = edgeScore({ rel, evidence: bullet.evidence, risk: bullet.risk }, config.weights.edge);
    return [{ bulletId, reqId, rel, score, eligible, covers: eligible && score >= coverThreshold }];
  });
}

function selectedBullet(
  { problem, solved, requirements }: PlanInput,
  edges: readonly PlanEdge[],
  bullet: ResumeBullet,
): SelectedBullet {
  const { bulletId, parentType, parentId, text, company, role, dates } = bullet;
  const chosen = new Set(solved.bulletIds);
  const scored = problem.bullets.find(({ id }) => id === bulletId);
  const evidence = { score: scored?.evidence ?? 0, tier: scored?.tier ?? ("weak" as const) };
  const most = problem.config.budgets.maxBulletsPerRequirement;
  // Of each requirement the best chosen bullets count, no more.
  const counts = (edge: PlanEdge) =>
    edges.filter(
      (other) =>
        other.reqId === edge.reqId &&
        other.eligible &&
        chosen.has(other.bulletId) &&
        other.score > edge.score,
    ).length < most;
  const own = edges
    .filter((edge) => edge.bulletId === bulletId && edge.eligible && counts(edge))
    .sort((a, b) => b.score - a.score);
  const { redundancy } = problem.config.thresholds;
  const sims = problem.similar
    .filter(({ a, b }) => (a === bulletId && chosen.has(b)) || (b === bulletId && chosen.has(a)))
    .map(({ sim }) => sim);
  const penalty = sims
    .filter((sim) => sim < redundancy.hardBlock)
    .reduce((sum, sim) => sum + problem.config.weights.edge.wRed * redundancyPenalty(sim, redundancy), 0);
  return {
    bulletId,
    parentType,
    parentId,
    originalText: text,
    ...(company === undefined ? {} : { company }),
    ...(role === undefined ? {} : { role }),
    ...(dates === undefined ? {} : { dateRange: dates }),
    evidence,
    matches: own.map(({ reqId, rel, score }) => ({ reqId, rel, edgeScore: score })),
    redundancy: {
      maxSim: Math.max(0, ...sims),
      blocked: sims.some((sim) => sim >= redundancy.hardBlock),
      penalty,
    },
    rewriteIntent: intentOf(own[0]?.rel ?? 0, evidence.tier),
    reasons: reasonsOf({ problem, bulletId, own, requirements, tier: evidence.tier }),
  };
}

/** What already fits is touched least, and what is weak or beside the point most. */
function intentOf(bestRel: number, tier: SelectedBullet["evidence"]["tier"]): RewriteIntent {
  if (bestRel >= 0.6 && tier !== "weak") return "light";
  return bestRel < 0.4 && tier === "weak" ? "heavy" : "medium";
}

function reasonsOf(of: {
  problem: SelectionProblem;
  bulletId: string;
  own: readonly PlanEdge[];
  requirements: readonly Requirement[];
  tier: string;
}): string[] {
  const reasons: string[] = [];
  if (of.problem.pins.includes(of.bulletId)) reasons.push("You pinned it.");
  for (const { reqId, covers } of of.own.slice(0, 3)) {
    const requirement = of.requirements.find((one) => one.reqId === reqId);
    const name = requirement === undefined ? reqId : `${reqId}: ${requirement.requirement}`;
    reasons.push(covers ? `It covers ${name}` : `It speaks for ${name}`);
  }
  if (of.tier === "strong") reasons.push("Its evidence is strong.");
  if (reasons.length === 0) reasons.push("It fills the page better than what is left.");
  return reasons;
}

function whyUncovered(problem: SelectionProblem, edges: readonly PlanEdge[], reqId: string): string {
  const own = edges.filter((edge) => edge.reqId === reqId);
  const best = Math.max(0, ...own.map(({ rel }) => rel));
  const requirement = problem.requirements.find(({ id }) => id === reqId);
  const { mustMinRel, niceMinRel } = problem.config.thresholds;
  const least = requirement?.type === "must" ? mustMinRel : niceMinRel;
  if (best === 0) return "No bullet has to do with it.";
  if (best < least)
    return `No bullet is relevant enough: the best has ${best.toFixed(2)} of ${least.toFixed(2)}.`;
  if (!own.some(({ eligible }) => eligible)) return "The relevant bullets are not well enough evidenced.";
  const covering = own.filter(({ covers }) => covers);
  if (covering.length === 0) return "Relevant bullets exist, but none is strong enough to cover it.";
  if (covering.every(({ bulletId }) => problem.bans.includes(bulletId)))
    return "You banned each bullet that would cover it.";
  return "There was no room: what would cover it had to give way to other bullets, or repeats one of them.";
}

function dropped(problem: SelectionProblem, edges: readonly PlanEdge[], chosen: ReadonlySet<string>) {
  const { hardBlock } = problem.config.thresholds.redundancy;
  const relevant = new Set(edges.filter(({ eligible }) => eligible).map(({ bulletId }) => bulletId));
  const repeats = new Set(
    problem.similar.flatMap(({ a, b, sim }) =>
      sim < hardBlock ? [] : chosen.has(a) ? [b] : chosen.has(b) ? [a] : [],
    ),
  );
  const left = problem.bullets
    .map(({ id }) => id)
    .filter((id) => !chosen.has(id) && !problem.bans.includes(id));
  return {
    droppedDueToRedundancy: left.filter((id) => repeats.has(id)),
    droppedDueToBudget: left.filter((id) => !repeats.has(id) && relevant.has(id)),
    droppedAsIrrelevant: left.filter((id) => !repeats.has(id) && !relevant.has(id)),
  };
}

function shortfalls({ shortfall }: Solved): string[] {
  return [
    ...(shortfall.words > 0
      ? [`The page has ${counted(shortfall.words, "word")} less than it should have.`]
      : []),
    ...(shortfall.bullets > 0
      ? [`The résumé lacks ${counted(shortfall.bullets, "bullet")} for what its sections should have.`]
      : []),
  ];
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function pageWords(problem: SelectionProblem, chosen: ReadonlySet<string>): number {
  const own = problem.bullets.filter(({ id }) => chosen.has(id));
  const parents = new Set(own.map(({ parentId }) => parentId));
  return problem.parents.reduce(
    (sum, { id, headerWords }) => sum + (parents.has(id) ? headerWords : 0),
    own.reduce((sum, { words }) => sum + words, problem.fixedWords),
  );
}
