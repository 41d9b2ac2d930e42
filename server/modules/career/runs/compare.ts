// Plans beside each other: what one has that the other has not, within a run and across runs.
import type {
  RunComparison,
  PlanDifference,
  RunPage,
  RunSummary,
} from "../../../../shared/schemas/career/runs.ts";
import type { Rubric } from "../../../../shared/schemas/career/rubric.ts";
import type {
  SelectedBullet,
  SelectionConfig,
  SelectionPlan,
} from "../../../../shared/schemas/career/selection.ts";
import { contentStems, wordsOf } from "../../../platform/text/words.ts";

export interface ComparedRun {
  summary: RunSummary;
  config: SelectionConfig;
  page: RunPage;
  rubric: Rubric | null;
  plan: SelectionPlan | null;
}

export function selectedIn(plan: SelectionPlan | null): SelectedBullet[] {
  if (plan === null) return [];
  const { workExperience, projects, awards } = plan.selected;
  return [...workExperience, ...projects, ...awards];
}

/** By the ids of bullets and requirements. */
export function differenceOf(before: SelectionPlan, after: SelectionPlan): PlanDifference {
  const [old, now] = [before, after].map((plan) => new Set(selectedIn(plan).map(({ bulletId }) => bulletId)));
  const [open, openNow] = [before, after].map(
    (plan) => new Set(plan.coverage.uncoveredRequirements.map(({ reqId }) => reqId)),
  );
  return {
    added: [...(now ?? [])].filter((id) => old?.has(id) !== true),
    dropped: [...(old ?? [])].filter((id) => now?.has(id) !== true),
    newlyCovered: [...(open ?? [])].filter((id) => openNow?.has(id) !== true),
    noLongerCovered: [...(openNow ?? [])].filter((id) => open?.has(id) !== true),
  };
}

/** Bullets by id in the order of the first page; requirements by their words, since each rubric numbers its own. */
export function comparisonOf(first: ComparedRun, second: ComparedRun): RunComparison {
  const [one, other] = [selectedIn(first.plan), selectedIn(second.plan)];
  const [inOne, inOther] = [one, other].map((list) => new Set(list.map(({ bulletId }) => bulletId)));
  const bullets = [...one, ...other.filter(({ bulletId }) => inOne?.has(bulletId) !== true)];
  return {
    first: first.summary,
    second: second.summary,
    bullets: bullets.map(({ bulletId, originalText }) => ({
      bulletId,
      text: originalText,
      inFirst: inOne?.has(bulletId) === true,
      inSecond: inOther?.has(bulletId) === true,
    })),
    requirements: requirementsOf(first, second),
    words: { first: first.plan?.budgetsUsed.words ?? 0, second: second.plan?.budgetsUsed.words ?? 0 },
    config: configDifferences(first, second),
  };
}

function requirementsOf(first: ComparedRun, second: ComparedRun): RunComparison["requirements"] {
  const found = new Map<string, RunComparison["requirements"][number]>();
  for (const [run, side] of [
    [first, "first"],
    [second, "second"],
  ] as const) {
    const open = new Set(run.plan?.coverage.uncoveredRequirements.map(({ reqId }) => reqId) ?? []);
    for (const { reqId, requirement, type } of run.rubric?.requirements ?? []) {
      const key = contentStems(wordsOf(requirement)).sort().join(" ") || requirement;
      const row = found.get(key) ?? { requirement, type, first: null, second: null };
      row[side] = run.plan !== null && !open.has(reqId);
      found.set(key, row);
    }
  }
  return [...found.values()];
}

function configDifferences(first: ComparedRun, second: ComparedRun): RunComparison["config"] {
  const settings = ({ config, page }: ComparedRun) => leavesOf({ ...config, page });
  const [one, other] = [settings(first), settings(second)];
  return [...one].flatMap(([path, value]) => {
    const there = other.get(path) ?? "";
    return there === value ? [] : [{ path, first: value, second: there }];
  });
}

function leavesOf(value: unknown, path = ""): Map<string, string> {
  if (typeof value !== "object" || value === null) return new Map([[path, String(value)]]);
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [
      ...leavesOf(inner, path === "" ? name : `${path}.${name}`),
    ]),
  );
}
