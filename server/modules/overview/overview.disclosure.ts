// What of the counts may be shown without anybody being recognised: the rules OVERVIEW-10 to -13. Pure.
import type { OverviewBlock, OverviewWeek } from "../../../shared/schemas/overview.ts";
import type { CountedBlock, CountedWeek, Parts } from "./overview.count.ts";

export const threshold = { people: 5, meetings: 3 } as const;

/** No average is told nearer to an end of the scale: it would be everybody's. */
const averageEnds = { least: 1.5, most: 4.5 } as const;
const minutesStep = 5;

interface Group {
  people: number;
  meetings: number;
}

export interface ShownSplit<Name extends string> {
  total: number;
  parts: Record<Name, number | null>;
  together: number;
}

type Times = Record<"from" | "to", string>;

export function shownWeek(counted: CountedWeek, times: Times): OverviewWeek {
  const state = stateOf(counted);
  if (state !== "shown") {
    return { ...times, state, meetings: null, places: null, arrivals: null, averageMinutes: null };
  }
  const { held, places, arrivals, ended } = counted;
  return {
    ...times,
    state,
    meetings: shownSplit(held, "held"),
    places: shownWhereMany(places, "came"),
    arrivals: shownWhereMany(arrivals, "on-time"),
    averageMinutes:
      stateOf(ended) === "shown"
        ? Math.round(ended.minutes / ended.meetings / minutesStep) * minutesStep
        : null,
  };
}

export function shownBlock({ commitments, ratings }: CountedBlock, times: Times): OverviewBlock {
  const commitmentsState = stateOf(commitments);
  const ratingsState = stateOf(ratings);
  return {
    ...times,
    commitmentsState,
    commitments: commitmentsState === "shown" ? shownSplit(commitments.parts, "done") : null,
    ratingsState,
    ratings:
      ratingsState === "shown"
        ? { people: shownSplit(ratings.parts), ...shownAverage(ratings.sum / ratings.people) }
        : null,
  };
}

/** `asItShouldBe`: the part that may hold everything. */
export function shownSplit<Name extends string>(
  parts: Parts<Name>,
  asItShouldBe?: NoInfer<Name>,
): ShownSplit<Name> {
  const all = (Object.keys(parts) as Name[]).map((name) => ({ name, ...parts[name] }));
  const total = all.reduce((sum, { count }) => sum + count, 0);
  const some = all.filter(({ count }) => count > 0);
  const parting = hiddenOf(some, asItShouldBe);
  // Where nothing else is shown, the parts of nobody would say where everybody is.
  const hidden =
    parting.size > 0 && parting.size === some.length ? new Set(all.map(({ name }) => name)) : parting;
  return {
    total,
    parts: Object.fromEntries(
      all.map(({ name, count }) => [name, hidden.has(name) ? null : count]),
    ) as Record<Name, number | null>,
    together: all.filter(({ name }) => hidden.has(name)).reduce((sum, { count }) => sum + count, 0),
  };
}

function hiddenOf<Name extends string>(
  some: { name: Name; people: number }[],
  asItShouldBe: Name | undefined,
): Set<Name> {
  const [only, second] = some;
  if (only !== undefined && second === undefined) {
    return only.name === asItShouldBe && isMany(only) ? new Set() : new Set([only.name]);
  }
  const hidden = new Set<Name>();
  const rising = [...some].sort((a, b) => a.people - b.people);
  for (const part of rising) {
    // The first one of many people closes the list, where there is a list at all.
    if (isMany(part) && hidden.size === 0) break;
    hidden.add(part.name);
    if (isMany(part)) break;
  }
  return hidden;
}

/** A whole of its own people, which are fewer than the period's. */
function shownWhereMany<Name extends string>(
  parts: Parts<Name>,
  asItShouldBe: NoInfer<Name>,
): ShownSplit<Name> | null {
  const some = Object.values<Parts<Name>[Name]>(parts);
  return some.some(isMany) ? shownSplit(parts, asItShouldBe) : null;
}

export function shownAverage(average: number): {
  average: number;
  bound: "about" | "at-most" | "at-least";
} {
  const rounded = Math.round(average * 2) / 2;
  if (rounded <= averageEnds.least) return { average: averageEnds.least, bound: "at-most" };
  if (rounded >= averageEnds.most) return { average: averageEnds.most, bound: "at-least" };
  return { average: rounded, bound: "about" };
}

function stateOf({ people, meetings }: Group): "none" | "too-few" | "shown" {
  if (meetings === 0) return "none";
  return people >= threshold.people && meetings >= threshold.meetings ? "shown" : "too-few";
}

function isMany({ people }: { people: number }): boolean {
  return people >= threshold.people;
}
