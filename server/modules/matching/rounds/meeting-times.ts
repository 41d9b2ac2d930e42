// When the groups of a round meet: each at the first time that all of it have, and nobody at two places at once.
import { rangesInCommon, type TimeRange } from "../score/candidate.ts";

const quarterMs = 15 * 60_000;

/**
 * By group: when they begin, at a whole quarter of an hour; null where no time is left to them together, so that they find
 * one themselves. Groups are served in the given order.
 */
export function meetingTimes(
  groups: readonly (readonly string[])[],
  availableOf: (person: string) => readonly TimeRange[],
  lengthMs: number,
): (number | null)[] {
  const taken = new Map<string, TimeRange[]>();
  return groups.map((people) => {
    const [first = [], ...others] = people.map((person) => [...availableOf(person)]);
    const common = others.reduce<TimeRange[]>((sofar, each) => rangesInCommon(sofar, each), first);
    const busy = people.flatMap((person) => taken.get(person) ?? []);
    const startsAt = firstFree(common, busy, lengthMs);
    if (startsAt !== null)
      for (const person of people)
        taken.set(person, [...(taken.get(person) ?? []), { from: startsAt, to: startsAt + lengthMs }]);
    return startsAt;
  });
}

function firstFree(
  ranges: readonly TimeRange[],
  busy: readonly TimeRange[],
  lengthMs: number,
): number | null {
  for (const { from, to } of ranges) {
    for (let at = Math.ceil(from / quarterMs) * quarterMs; at + lengthMs <= to; at += quarterMs) {
      if (!busy.some((each) => each.from < at + lengthMs && at < each.to)) return at;
    }
  }
  return null;
}
