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

/** What keeps `other` away, as far as `one` could change it; `theirs` where something else does so too. */
export interface Obstacles {
  own: ConstraintName[];
  theirs: boolean;
}

export function obstaclesOf(one: ReadyPerson, other: ReadyPerson, requirements: Requirements): Obstacles {
  const { wishes } = one.candidate;
  const met: Record<ConstraintName, boolean> = {
    block: !blocked(one, other),
    organization: wantsOrganization(wishes, one, other),
    languages: speak(one, other),
    roles: wantsRole(wishes, other),
    interests: wantsTopics(one, other),
    availability: haveTime(one, other, requirements),
  };
  const back = other.candidate.wishes;
  return {
    own: constraintNames.filter((name) => !met[name]),
    theirs: !(wantsOrganization(back, other, one) && wantsRole(back, one) && wantsTopics(other, one)),
  };
}

/** A wish of one's own that alone keeps people away, and how many. */
export interface Widening {
  constraint: Exclude<ConstraintName, "block">;
  people: number;
}

/**
 * What would bring somebody more choice: each of their wishes that is the only thing between them and others, the most
 * people first. Blocks are never counted: nobody is told of them.
 */
export function widenings(
  one: ReadyPerson,
  others: Iterable<ReadyPerson>,
  requirements: Requirements,
): Widening[] {
  const counts = new Map<Widening["constraint"], number>();
  for (const other of others) {
    if (other.candidate.id === one.candidate.id) continue;
    const { own, theirs } = obstaclesOf(one, other, requirements);
    const [only] = own;
    if (theirs || own.length !== 1 || only === undefined || only === "block") continue;
    counts.set(only, (counts.get(only) ?? 0) + 1);
  }
  const order = (name: ConstraintName) => constraintNames.indexOf(name);
  return [...counts]
    .map(([constraint, people]) => ({ constraint, people }))
    .sort((a, b) => b.people - a.people || order(a.constraint) - order(b.constraint));
}

function blocked(one: ReadyPerson, other: ReadyPerson): boolean {
  return (
    one.candidate.blockedWith.has(other.candidate.id) || other.candidate.blockedWith.has(one.candidate.id)
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
