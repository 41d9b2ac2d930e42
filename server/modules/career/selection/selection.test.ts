// Choices against all sets of small problems, the independent check on larger ones, pins, bans, and a solver that dies.
import { beforeAll, expect, test } from "vitest";
import type { Highs } from "highs";
import type { ResumeBullet } from "../../../../shared/schemas/career/bullets.ts";
import { defaultSelectionConfig, selectionPlanSchema } from "../../../../shared/schemas/career/selection.ts";
import { faultsOf, statedValue } from "./check.ts";
import { greedy, topK } from "./greedy.ts";
import { planOf } from "./plan.ts";
import { prepare, type SelectionProblem } from "./problem.ts";
import { loadHighs } from "./solve-programme.ts";
import { solveExactly, solveGreedily, type Solved } from "./solve.ts";
import { SelectionSolver } from "./solver.ts";
import { selectionProblem } from "./testing-problems.ts";
import { valueOf } from "./value.ts";

let highs: Highs;
beforeAll(async () => {
  highs = await loadHighs();
});
const limits = { timeLimitSeconds: 60 };

/** Small enough that all sets can be tried: no minimums, a page of few words. */
function small(seed: number): SelectionProblem {
  const problem = selectionProblem({ seed, bullets: 11, requirements: 5, density: 0.3 });
  const budgets = {
    ...defaultSelectionConfig.budgets,
    targetResumeWordsMin: 0,
    targetResumeWordsMax: 240,
    experienceBulletsMin: 0,
    experienceBulletsMax: 4,
    maxBulletsPerRequirement: 2,
  };
  return { ...problem, config: { ...problem.config, budgets } };
}

function bestOfAll(problem: SelectionProblem): number {
  let best = -Infinity;
  for (let bits = 0; bits < 2 ** problem.bullets.length; bits += 1) {
    const ids = problem.bullets.flatMap(({ id }, at) => ((bits >> at) & 1 ? [id] : []));
    const value = statedValue(problem, ids);
    if (value > best && faultsOf(problem, ids).length === 0) best = value;
  }
  return best;
}

test(
  "[CAREER-30] no set of bullets is worth more than the exact one, in whatever way it is reckoned",
  { timeout: 300_000 },
  () => {
    for (const seed of [1, 2, 3, 4]) {
      const problem = small(seed);
      const solved = solveExactly(highs, problem, limits);
      expect(solved).toMatchObject({ method: "exact", optimal: true });
      expect(statedValue(problem, solved.bulletIds)).toBeCloseTo(bestOfAll(problem), 6);
      expect(solved.value).toBeCloseTo(statedValue(problem, solved.bulletIds), 6);
    }
  },
);

test.each([0.03, 0.3])(
  "[CAREER-31] the check accepts every plan, exact or not (density %d)",
  { timeout: 300_000 },
  (density) => {
    for (const seed of [1, 2, 3]) {
      const problem = selectionProblem({ seed, bullets: 60, requirements: 12, density });
      const exact = solveExactly(highs, problem, limits);
      const greedily = solveGreedily(problem);
      expect(faultsOf(problem, exact.bulletIds)).toEqual([]);
      expect(faultsOf(problem, greedily.bulletIds)).toEqual([]);
      expect(exact.optimal).toBe(true);
      // A certain bound, a near value, and both better than what looks at one bullet after the other.
      expect(greedily.bound).toBeGreaterThanOrEqual(exact.value - 1e-6);
      expect(greedily.value).toBeLessThanOrEqual(exact.value + 1e-6);
      expect(greedily.value).toBeGreaterThanOrEqual(0.97 * exact.value);
      const prepared = prepare(problem);
      expect(valueOf(prepared, greedy(prepared, false))).toBeLessThanOrEqual(exact.value + 1e-6);
      expect(valueOf(prepared, topK(prepared))).toBeLessThanOrEqual(exact.value + 1e-6);
    }
  },
);

test(
  "[CAREER-37] what is left out by its price is in no better set: few bullets first or all at once, the same",
  { timeout: 300_000 },
  () => {
    for (const seed of [1, 2]) {
      const problem = selectionProblem({ seed, bullets: 90, requirements: 14, density: 0.2 });
      const all = solveExactly(highs, problem, { ...limits, kernelBullets: 90 });
      for (const kernelBullets of [1, 30]) {
        const few = solveExactly(highs, problem, { ...limits, kernelBullets });
        expect(few).toMatchObject({ method: "exact", optimal: true });
        expect(few.value).toBeCloseTo(all.value, 6);
      }
    }
  },
);

test(
  "[CAREER-38] effort is bounded by branches, not by time; what is stopped says so, with a bound that holds",
  { timeout: 300_000 },
  () => {
    const problem = selectionProblem({ seed: 10_000, bullets: 200, requirements: 25, density: 0.3 });
    const exact = solveExactly(highs, problem, limits);
    const short = solveExactly(highs, problem, { ...limits, nodesMost: 0 });
    expect(short.optimal).toBe(false);
    expect(solveExactly(highs, problem, { ...limits, nodesMost: 0 })).toEqual(short);
    expect(short.bound).toBeGreaterThanOrEqual(exact.value - 1e-6);
    expect(short.value).toBeLessThanOrEqual(exact.value + 1e-6);
    expect(faultsOf(problem, short.bulletIds)).toEqual([]);
  },
);

test("[CAREER-31] the check sees each kind of fault", () => {
  const problem = selectionProblem({ seed: 5, bullets: 60, requirements: 12, density: 0.1 });
  const { bulletIds } = solveGreedily(problem);
  const [first = ""] = bulletIds;
  const others = problem.bullets.filter(({ id }) => !bulletIds.includes(id)).map(({ id }) => id);
  const role = problem.bullets.filter(({ parentId }) => parentId === "role2").map(({ id }) => id);
  const similar = [{ a: first, b: bulletIds[1] ?? "", sim: 0.95 }];
  expect(faultsOf(problem, [first, first]).join()).toContain("twice");
  expect(faultsOf(problem, ["nobody"]).join()).toContain("no bullet");
  expect(faultsOf({ ...problem, bans: [first] }, bulletIds).join()).toContain("banned");
  expect(faultsOf({ ...problem, pins: [others[0] ?? ""] }, bulletIds).join()).toContain("pinned");
  expect(faultsOf({ ...problem, similar }, bulletIds).join()).toContain("say the same");
  expect(faultsOf(problem, [...bulletIds, ...others]).join()).toMatch(
    /bullets of at most.*words of at most/s,
  );
  expect(faultsOf(problem, role).join()).toContain("role2 has");
  expect(faultsOf(problem, bulletIds.slice(0, 2)).join()).toContain("would fit");
});

test(
  "[CAREER-32] pinned bullets are in it and banned ones are not, and budgets give way to pins alone",
  { timeout: 300_000 },
  () => {
    const problem = selectionProblem({ seed: 7, bullets: 60, requirements: 12, density: 0.1 });
    const before = solveExactly(highs, problem, limits).bulletIds;
    const third = problem.bullets.filter(({ parentId }) => parentId === "role2").map(({ id }) => id);
    const pins = third.slice(0, 4);
    const bans = before.filter((id) => !pins.includes(id)).slice(0, 3);
    const pinned = { ...problem, pins, bans };
    const after = solveExactly(highs, pinned, limits);
    expect(pins).toHaveLength(4);
    expect(after.bulletIds).toEqual(expect.arrayContaining(pins));
    expect(after.bulletIds.filter((id) => bans.includes(id))).toEqual([]);
    expect(after.bulletIds.filter((id) => third.includes(id))).toHaveLength(4);
    expect(faultsOf(pinned, after.bulletIds)).toEqual([]);
    expect(after.value).not.toBe(solveExactly(highs, problem, limits).value);
    expect(() => prepare({ ...problem, pins: ["b1"], bans: ["b1"] })).toThrow("pinned and banned");
  },
);

test(
  "[CAREER-33] minimums that a résumé cannot meet are met as far as it can, and said",
  { timeout: 300_000 },
  () => {
    const problem = selectionProblem({ seed: 3, bullets: 8, requirements: 5, density: 0.3 });
    const solved = solveExactly(highs, problem, limits);
    expect(solved.optimal).toBe(true);
    expect(solved.shortfall.words).toBeGreaterThan(0);
    expect(faultsOf(problem, solved.bulletIds)).toEqual([]);
    expect(planFor(problem, solved).selectionNotes.shortfalls.join()).toContain("words less");
  },
);

function planFor(problem: SelectionProblem, solved: Solved) {
  const bullets: ResumeBullet[] = problem.bullets.map(({ id, section, parentId }) => ({
    bulletId: id,
    parentType: section,
    parentId,
    text: `Bullet ${id}`,
    order: 0,
  }));
  const requirements = problem.requirements.map(({ id, type, weight }) => ({
    reqId: id,
    type,
    weight,
    requirement: `Requirement ${id}`,
    jdEvidence: ["x"],
    jdOffsets: [],
    category: "other",
  }));
  const hashes = { masterResumeHash: "a", jobExtractedHash: "b", rubricHash: "c" };
  return planOf({ problem, solved, bullets, requirements, hashes, embeddingModel: "none" });
}

test(
  "[CAREER-34] a plan says what each bullet is there for, and why the rest and each uncovered requirement is not",
  { timeout: 300_000 },
  () => {
    const problem = selectionProblem({ seed: 9, bullets: 60, requirements: 14, density: 0.02 });
    const lonely = {
      ...problem,
      requirements: [...problem.requirements, { id: "R99", type: "must" as const, weight: 5 }],
    };
    const solved = solveExactly(highs, lonely, limits);
    const plan = selectionPlanSchema.parse(planFor(lonely, solved));
    const all = [...plan.selected.workExperience, ...plan.selected.projects, ...plan.selected.awards];
    expect(all.map(({ bulletId }) => bulletId).sort()).toEqual([...solved.bulletIds].sort());
    expect(all.every(({ reasons }) => reasons.length > 0)).toBe(true);
    expect(plan.coverage.uncoveredRequirements).toContainEqual({
      reqId: "R99",
      type: "must",
      weight: 5,
      reason: "No bullet has to do with it.",
    });
    const { mustTotal, niceTotal, mustCovered, niceCovered, uncoveredRequirements } = plan.coverage;
    expect(mustTotal + niceTotal - mustCovered - niceCovered).toBe(uncoveredRequirements.length);
    const { droppedDueToBudget, droppedDueToRedundancy, droppedAsIrrelevant } = plan.selectionNotes;
    expect(
      all.length + droppedDueToBudget.length + droppedDueToRedundancy.length + droppedAsIrrelevant.length,
    ).toBe(60);
    expect(plan.budgetsUsed.words).toBeLessThanOrEqual(problem.config.budgets.targetResumeWordsMax);
    for (const { matches } of all) for (const { rel } of matches) expect(rel).toBeGreaterThanOrEqual(0.3);
  },
);

test(
  "[CAREER-35] a thread solves it, and where the thread dies heuristics answer and say so",
  { timeout: 300_000 },
  async () => {
    const problem = selectionProblem({ seed: 1, bullets: 30, requirements: 8, density: 0.1 });
    const faults: unknown[] = [];
    const report = (error: unknown) => void faults.push(error);
    const solver = new SelectionSolver({ report, timeLimitSeconds: 60 });
    const [one, other] = await Promise.all([solver.solve(problem), solver.solve(problem)]);
    await solver.stop();
    expect(one).toMatchObject({ method: "exact", optimal: true });
    expect(other).toEqual(one);
    expect(faults).toEqual([]);
    const program = new URL("./failing-solver.fixture.ts", import.meta.url);
    const failing = new SelectionSolver({ report, program });
    expect(await failing.solve(problem)).toMatchObject({ method: "greedy-and-swap", optimal: false });
    expect(faults).toHaveLength(1);
    await failing.stop();
  },
);
