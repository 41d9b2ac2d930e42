// What two people must have in common to meet at all, and which of one's own wishes keeps how many away.
import { canMeet, type Wishes } from "./candidate.ts";
import { countShared, type ReadyPerson } from "./people.ts";

/** In the order in which they are checked and told. */
export const constraintNames = [
  "block",
  "organization",
  "languages",
  "roles",
  "interests",
  "availability",
] as const;
export type ConstraintName = (typeof constraintNames)[number];

export interface Requirements {
  /** How long a meeting takes, without a break. */
  lengthMs: number;
}

/** Whether nothing stands between them. */
export function mayMeet(one: ReadyPerson, other: ReadyPerson, requirements: Requirements): boolean {
  const left = one.candidate.wishes;
  const right = other.candidate.wishes;
  return (
    one.candidate.id !== other.candidate.id &&
    !blocked(one, other) &&
    wantsOrganization(left, one, other) &&
    wantsOrganization(right, other, one) &&
    speak(one, other) &&
    wantsRole(left, other) &&
    wantsRole(right, one) &&
    wantsTopics(one, other) &&
    wantsTopics(other, one) &&
    haveTime(one, other, requirements)
  );
}

/** What alone keeps two apart as far as `one` could change it; null where nothing does, "more" where more than that does. */
export function obstacleTo(
  one: ReadyPerson,
  other: ReadyPerson,
  requirements: Requirements,
): ConstraintName | "more" | null {
  const { wishes } = one.candidate;
  const back = other.candidate.wishes;
  let found: ConstraintName | null = null;
  for (const name of constraintNames) {
    if (meets(name, wishes, one, other, requirements)) continue;
    if (found !== null) return "more";
    found = name;
  }
  const theirs = wantsOrganization(back, other, one) && wantsRole(back, one) && wantsTopics(other, one);
  return theirs ? found : "more";
}

function meets(
  name: ConstraintName,
  wishes: Wishes,
  one: ReadyPerson,
  other: ReadyPerson,
  requirements: Requirements,
): boolean {
  switch (name) {
    case "block":
      return !blocked(one, other);
    case "organization":
      return wantsOrganization(wishes, one, other);
    case "languages":
      return speak(one, other);
    case "roles":
      return wantsRole(wishes, other);
    case "interests":
      return wantsTopics(one, other);
    case "availability":
      return haveTime(one, other, requirements);
  }
}

/** A wish of one's own that alone keeps people away, and how many. */
export interface Widening {
  constraint: Exclude<ConstraintName, "block">;
  people: number;
}

/**
 * How many of the others fit; and what would bring somebody more choice: each of their wishes that is the only thing
 * between them and others, the most people first. Blocks are never counted: nobody is told of them.
 */
export function outlookAmong(
  one: ReadyPerson,
  others: Iterable<ReadyPerson>,
  requirements: Requirements,
): { fitting: number; widen: Widening[] } {
  const counts = new Map<Widening["constraint"], number>();
  let fitting = 0;
  for (const other of others) {
    if (other.candidate.id === one.candidate.id) continue;
    const only = obstacleTo(one, other, requirements);
    if (only === null) fitting += 1;
    else if (only !== "more" && only !== "block") counts.set(only, (counts.get(only) ?? 0) + 1);
  }
  const order = (name: ConstraintName) => constraintNames.indexOf(name);
  const widen = [...counts]
    .map(([constraint, people]) => ({ constraint, people }))
    .sort((a, b) => b.people - a.people || order(a.constraint) - order(b.constraint));
  return { fitting, widen };
}

function blocked({ candidate: one }: ReadyPerson, { candidate: other }: ReadyPerson): boolean {
  // Nearly nobody has blocked anybody, and it is asked of everybody who waits.
  return (
    (one.blockedWith.size > 0 && one.blockedWith.has(other.id)) ||
    (other.blockedWith.size > 0 && other.blockedWith.has(one.id))
  );
}

function wantsOrganization(wishes: Wishes, own: ReadyPerson, other: ReadyPerson): boolean {
  return wishes.organization === "any" || own.candidate.orgId === other.candidate.orgId;
}

/** Whoever has named no language understands anybody: nothing is known against it. */
function speak(one: ReadyPerson, other: ReadyPerson): boolean {
  if (one.languages.length === 0 || other.languages.length === 0) return true;
  return countShared(one.languages, other.languages) > 0;
}

function wantsRole({ roles }: Wishes, other: ReadyPerson): boolean {
  return roles.length === 0 || other.candidate.roles.some((role) => roles.includes(role));
}

function wantsTopics(one: ReadyPerson, other: ReadyPerson): boolean {
  return one.wished.length === 0 || countShared(one.wished, other.topics) > 0;
}

function haveTime(one: ReadyPerson, other: ReadyPerson, { lengthMs }: Requirements): boolean {
  return canMeet(one.candidate.available, other.candidate.available, lengthMs);
}
