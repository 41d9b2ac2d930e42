// From a résumé's bullets, their evidence and a rubric to the problem that is solved.
import type { EvidenceScore, ResumeBullet } from "../../../../shared/schemas/career/bullets.ts";
import type { Requirement } from "../../../../shared/schemas/career/rubric.ts";
import type { SelectionConfig } from "../../../../shared/schemas/career/selection.ts";
import { relevanceOf, similarPairs, type RelevanceInput } from "../rubric/relevance.ts";
import type { SelectionProblem } from "./problem.ts";

export interface ProblemInput {
  /** In the order of the page: the first role is the most recent. */
  bullets: readonly ResumeBullet[];
  scores: readonly EvidenceScore[];
  requirements: readonly Requirement[];
  config: SelectionConfig;
  /** Words on the page whatever is chosen: name, summary, education, skills. */
  fixedWords: number;
  pins: readonly string[];
  bans: readonly string[];
  similarity?: RelevanceInput["similarity"];
}

/** Pins and bans of bullets that are gone by now are passed over. */
export function problemOf(input: ProblemInput): SelectionProblem {
  const { bullets, config } = input;
  const scoreOf = new Map(input.scores.map((score) => [score.bulletId, score]));
  const known = new Set(bullets.map(({ bulletId }) => bulletId));
  const roles = [
    ...new Set(
      bullets.filter(({ parentType }) => parentType === "experience").map(({ parentId }) => parentId),
    ),
  ];
  const { mostRecent, next, older } = config.budgets.perRoleCaps;
  const firstOf = new Map<string, ResumeBullet>();
  for (const bullet of bullets) if (!firstOf.has(bullet.parentId)) firstOf.set(bullet.parentId, bullet);
  return {
    bullets: bullets.map(({ bulletId, parentType, parentId, text }) => {
      const score = scoreOf.get(bulletId);
      return {
        id: bulletId,
        section: parentType,
        parentId,
        words: wordCount(text),
        evidence: score?.score ?? 0,
        tier: score?.tier ?? "weak",
        risk: riskOf(score),
      };
    }),
    parents: [...firstOf].map(([id, { parentType, company, role, projectName, dates, location }]) => {
      const rank = roles.indexOf(id);
      return {
        id,
        // An award is its own line and has no heading.
        headerWords:
          parentType === "award" ? 0 : wordCount([company, role, projectName, dates, location].join(" ")),
        cap: parentType !== "experience" ? null : rank === 0 ? mostRecent : rank === 1 ? next : older,
      };
    }),
    requirements: input.requirements.map(({ reqId, type, weight }) => ({ id: reqId, type, weight })),
    relevance: relevanceOf({
      bullets,
      requirements: input.requirements,
      ...(input.similarity === undefined ? {} : { similarity: input.similarity }),
    }),
    similar: similarPairs(bullets, config.thresholds.redundancy.penaltyStart),
    fixedWords: input.fixedWords,
    pins: input.pins.filter((id) => known.has(id)),
    bans: input.bans.filter((id) => known.has(id)),
    config,
  };
}

/** What says nothing that can be checked tempts whoever rewrites it to add what is missing. */
function riskOf(score: EvidenceScore | undefined): number {
  if (score === undefined) return 1;
  const { metric, outcome } = score.breakdown;
  return Math.round(100 * (0.5 * (1 - metric) + 0.3 * (1 - outcome) + 0.8 * score.fluffPenalty)) / 100;
}

function wordCount(text: string): number {
  return text.split(/\s+/u).filter((word) => word !== "").length;
}
