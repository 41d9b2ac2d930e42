// Figures of an objective for showing.
import type { Objective } from "../../../shared/schemas/objectives.ts";

/** Never rounded up to "all": 99.996 % is shown as 99.99 %. */
export function percent(share: number): string {
  return `${Math.floor(share * 10_000) / 100} %`;
}

/** What is left of the failures that the target allows, between 0 and 1; null where nothing has happened. */
export function budgetLeft({
  target,
  good,
  total,
}: Pick<Objective, "target" | "good" | "total">): number | null {
  if (total === 0) return null;
  const allowed = total * (1 - target);
  const failed = total - good;
  if (failed === 0) return 1;
  return Math.max(0, 1 - failed / allowed);
}

export interface Bar {
  /** Place in the period, 0 to 1. */
  at: number;
  /** Share of good events, 0 to 1. */
  share: number;
  kept: boolean;
}

export function barsOf(objective: Objective, from: Date, to: Date): Bar[] {
  const length = to.getTime() - from.getTime();
  return objective.steps.map(({ at, good, total }) => ({
    at: (new Date(at).getTime() - from.getTime()) / length,
    share: good / total,
    kept: good / total >= objective.target,
  }));
}
