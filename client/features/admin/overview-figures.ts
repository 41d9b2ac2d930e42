// The overview's figures made ready for charts and tables. Pure.
import type { Overview, OverviewBlock } from "../../../shared/schemas/overview.ts";

export interface Split<Part extends string = string> {
  total: number;
  parts: Record<Part, number | null>;
  together: number;
}

/** A week or block with its figure; `split` is null where it is not shown. */
export interface PeriodSplit<Part extends string = string> {
  from: string;
  state: "none" | "too-few" | "shown";
  split: Split<Part> | null;
}

/** A bar's sizes from the bottom up: the parts that are told, and the rest in one piece. */
export function sizesOf<Part extends string>(split: Split<Part>, order: readonly Part[]): number[] {
  return [...order.map((part) => split.parts[part] ?? 0), split.together];
}

/** Over the periods in which this part is told: it and everything. Null where it is told in none. */
export function shareOf<Part extends string>(
  periods: readonly PeriodSplit<Part>[],
  part: Part,
): { some: number; all: number } | null {
  const told = periods.flatMap(({ split }) => {
    const count = split?.parts[part];
    return split === null || count === null || count === undefined || split.total === 0
      ? []
      : [{ some: count, all: split.total }];
  });
  if (told.length === 0) return null;
  return told.reduce((sum, each) => ({ some: sum.some + each.some, all: sum.all + each.all }));
}

export function isEmpty({ weeks, blocks }: Overview): boolean {
  return (
    weeks.every(({ state }) => state === "none") &&
    blocks.every(
      ({ commitmentsState, ratingsState }) => commitmentsState === "none" && ratingsState === "none",
    )
  );
}

export function latestRatings(blocks: readonly OverviewBlock[]): OverviewBlock | null {
  return blocks.findLast(({ ratings }) => ratings !== null) ?? null;
}

/** Of a few dozen people a second digit would say more than is known; never rounded up to "all". */
export function wholePercent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}
