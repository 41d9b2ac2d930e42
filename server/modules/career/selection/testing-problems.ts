// For tests and the benchmark: selection problems of any size from a seed, shaped like people's résumés.
import { defaultSelectionConfig } from "../../../../shared/schemas/career/selection.ts";
import type { EvidenceTier } from "../../../../shared/schemas/career/enums.ts";
import { randomNumbers } from "../../../platform/testing-random.ts";
import type { SelectionProblem } from "./problem.ts";

export interface ProblemShape {
  seed: number;
  bullets: number;
  requirements: number;
  /** How many of all pairs of bullet and requirement have anything to do with each other, 0 to 1. */
  density: number;
}

/** Bullets have themes, so that those of one theme are relevant to the same requirements and alike among themselves. */
export function selectionProblem({
  seed,
  bullets: size,
  requirements: asked,
  density,
}: ProblemShape): SelectionProblem {
  const random = randomNumbers(seed);
  const between = (from: number, to: number) => from + (to - from) * random();
  const whole = (from: number, to: number) => Math.floor(between(from, to + 1));
  const { perRoleCaps } = defaultSelectionConfig.budgets;
  const roles = Math.max(3, Math.round(size / 25));
  const parents = Array.from({ length: roles * 2 }, (_, at) => ({
    id: at < roles ? `role${at}` : `project${at - roles}`,
    headerWords: at < roles ? whole(6, 10) : whole(3, 6),
    cap:
      at >= roles
        ? null
        : at === 0
          ? perRoleCaps.mostRecent
          : at === 1
            ? perRoleCaps.next
            : perRoleCaps.older,
  }));
  const themes = Math.max(4, Math.round(asked * 0.8));
  const bullets = Array.from({ length: size }, (_, at) => {
    const kind = random();
    const section =
      kind < 0.72 ? ("experience" as const) : kind < 0.93 ? ("project" as const) : ("award" as const);
    const evidence = Math.min(1, Math.max(0, 0.5 + 0.3 * (random() + random() - 1)));
    const tier: EvidenceTier = evidence >= 0.72 ? "strong" : evidence >= 0.55 ? "medium" : "weak";
    const parentId =
      section === "experience"
        ? `role${whole(0, roles - 1)}`
        : section === "project"
          ? `project${whole(0, roles - 1)}`
          : `award${at}`;
    return {
      id: `b${at}`,
      section,
      parentId,
      words: section === "award" ? whole(5, 10) : whole(12, 32),
      evidence,
      tier,
      risk: between(0, 0.4),
      theme: whole(0, themes - 1),
    };
  });
  const awards = bullets
    .filter(({ section }) => section === "award")
    .map(({ parentId }) => ({ id: parentId, headerWords: 0, cap: null }));
  const requirements = Array.from({ length: asked }, (_, at) => ({
    id: `R${at + 1}`,
    type: random() < 0.55 ? ("must" as const) : ("nice" as const),
    weight: whole(1, 5),
    theme: whole(0, themes - 1),
  }));
  const relevance = bullets.flatMap((bullet) =>
    requirements.flatMap((requirement) => {
      const near = bullet.theme === requirement.theme;
      if (!near && random() > density) return [];
      const rel = Math.min(1, near ? between(0.35, 0.95) : between(0.05, 0.6));
      return [{ bulletId: bullet.id, reqId: requirement.id, rel }];
    }),
  );
  const similar = bullets.flatMap((a, at) =>
    bullets.slice(at + 1).flatMap((b) => {
      if (a.theme !== b.theme || random() > 0.25) return [];
      const sim = between(0.8, 1);
      return sim < defaultSelectionConfig.thresholds.redundancy.penaltyStart
        ? []
        : [{ a: a.id, b: b.id, sim }];
    }),
  );
  return {
    bullets: bullets.map(({ theme: _theme, ...bullet }) => bullet),
    parents: [...parents, ...awards],
    requirements: requirements.map(({ theme: _theme, ...requirement }) => requirement),
    relevance,
    similar,
    fixedWords: 120,
    pins: [],
    bans: [],
    config: defaultSelectionConfig,
  };
}
