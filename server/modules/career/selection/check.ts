// Checks a choice against the problem as it was stated, by rules written down a second time: it shares no code with what chooses.
import type { SelectionProblem } from "./problem.ts";

/**
 * What is wrong, in words; empty where every budget, cap and threshold is kept. A maximum may be exceeded by pinned
 * bullets alone; a minimum may be missed only where no further bullet would fit.
 */
export function faultsOf(problem: SelectionProblem, bulletIds: readonly string[]): string[] {
  const faults: string[] = [];
  const byId = new Map(problem.bullets.map((bullet) => [bullet.id, bullet]));
  const set = new Set(bulletIds);
  if (set.size !== bulletIds.length) faults.push("a bullet stands twice");
  for (const id of set) if (!byId.has(id)) faults.push(`there is no bullet ${id}`);
  for (const id of problem.pins) if (!set.has(id)) faults.push(`the pinned bullet ${id} is missing`);
  for (const id of problem.bans) if (set.has(id)) faults.push(`the banned bullet ${id} is there`);
  faults.push(...overMaximums(problem, set));

  const { budgets } = problem.config;
  const count = countIn(problem, set);
  const missing: [string, number, number][] = [
    ["experience", budgets.experienceBulletsMin, count("experience")],
    ["project", budgets.projectBulletsMin, count("project")],
    ["award", budgets.awardLinesMin, count("award")],
  ];
  for (const [section, min, have] of missing) {
    if (have >= min) continue;
    const addable = problem.bullets.find(
      (bullet) => bullet.section === section && couldBeAdded(problem, set, bullet.id),
    );
    if (addable !== undefined)
      faults.push(`${section} has ${have} of at least ${min}, and ${addable.id} would fit`);
  }
  if (pageWords(problem, set) < budgets.targetResumeWordsMin) {
    const addable = problem.bullets.find(({ id }) => couldBeAdded(problem, set, id));
    if (addable !== undefined) faults.push(`there are too few words, and ${addable.id} would fit`);
  }
  return faults;
}

/** The stated objective, reckoned again. */
export function statedValue(problem: SelectionProblem, bulletIds: readonly string[]): number {
  const { weights, thresholds, budgets } = problem.config;
  const set = new Set(bulletIds);
  const rel = (id: string) =>
    problem.relevance.filter((edge) => edge.bulletId === id).map((edge) => edge.rel);
  let value = 0;
  for (const bullet of problem.bullets) {
    if (!set.has(bullet.id)) continue;
    value += weights.fill.beta * Math.max(0, ...rel(bullet.id));
    value += weights.fill.gamma * bullet.evidence - weights.edge.wRisk * bullet.risk;
  }
  const order = ["weak", "medium", "strong"];
  for (const requirement of problem.requirements) {
    const must = requirement.type === "must";
    const scores = problem.relevance.flatMap((edge) => {
      const bullet = problem.bullets.find(({ id }) => id === edge.bulletId);
      if (edge.reqId !== requirement.id || bullet === undefined || !set.has(bullet.id)) return [];
      if (edge.rel < (must ? thresholds.mustMinRel : thresholds.niceMinRel)) return [];
      if (!must && order.indexOf(bullet.tier) < order.indexOf(thresholds.minEvidenceTierNice)) return [];
      const { wRel, wEvd, wRisk } = weights.edge;
      return [wRel * edge.rel + wEvd * bullet.evidence - wRisk * bullet.risk];
    });
    const best = scores.filter((score) => score > 0).sort((a, b) => b - a);
    if ((best[0] ?? 0) >= thresholds.coverThreshold) value += (must ? 10 : 3) * requirement.weight;
    for (const score of best.slice(0, budgets.maxBulletsPerRequirement))
      value += weights.fill.alpha * requirement.weight * score;
  }
  const { hardBlock, penaltyStart } = thresholds.redundancy;
  for (const { a, b, sim } of problem.similar)
    if (set.has(a) && set.has(b) && sim > penaltyStart && sim < hardBlock)
      value -= weights.edge.wRed * ((sim - penaltyStart) / (hardBlock - penaltyStart));
  return value;
}

function overMaximums(problem: SelectionProblem, set: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  const { budgets, thresholds } = problem.config;
  const pins = new Set(problem.pins);
  const count = countIn(problem, set);
  const pinned = countIn(problem, pins);
  const maximums: [string, number][] = [
    ["experience", budgets.experienceBulletsMax],
    ["project", budgets.projectBulletsMax],
    ["award", budgets.awardLinesMax],
  ];
  for (const [section, max] of maximums)
    if (count(section) > Math.max(max, pinned(section)))
      faults.push(`${section} has ${count(section)} bullets of at most ${max}`);
  for (const { id, cap } of problem.parents) {
    const own = problem.bullets.filter(({ parentId }) => parentId === id);
    const have = own.filter((bullet) => set.has(bullet.id)).length;
    const fixed = own.filter((bullet) => pins.has(bullet.id)).length;
    if (cap !== null && have > Math.max(cap, fixed))
      faults.push(`${id} has ${have} bullets of at most ${cap}`);
  }
  const words = pageWords(problem, set);
  const most = Math.max(budgets.targetResumeWordsMax, pageWords(problem, pins));
  if (words > most) faults.push(`there are ${words} words of at most ${most}`);
  for (const { a, b, sim } of problem.similar)
    if (sim >= thresholds.redundancy.hardBlock && set.has(a) && set.has(b) && !(pins.has(a) && pins.has(b)))
      faults.push(`${a} and ${b} say the same`);
  return faults;
}

function couldBeAdded(problem: SelectionProblem, set: ReadonlySet<string>, id: string): boolean {
  if (set.has(id) || problem.bans.includes(id)) return false;
  return overMaximums(problem, new Set([...set, id])).length === 0;
}

function countIn(problem: SelectionProblem, set: ReadonlySet<string>): (section: string) => number {
  return (section) =>
    problem.bullets.filter((bullet) => bullet.section === section && set.has(bullet.id)).length;
}

function pageWords(problem: SelectionProblem, set: ReadonlySet<string>): number {
  const chosen = problem.bullets.filter(({ id }) => set.has(id));
  const shown = problem.parents.filter(({ id }) => chosen.some(({ parentId }) => parentId === id));
  return (
    problem.fixedWords +
    chosen.reduce((sum, { words }) => sum + words, 0) +
    shown.reduce((sum, { headerWords }) => sum + headerWords, 0)
  );
}
