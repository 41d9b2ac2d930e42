// Rounds and groups as administrators and members see them.
import type {
  OwnPairing,
  PairingGroup,
  PairingGroupList,
  PairingRound,
  PairingRoundSummary,
} from "../../../../shared/schemas/matching-rounds.ts";
import type { UserId } from "../../../../shared/ids.ts";
import type { PairingPerson } from "./pairing.ports.ts";
import type { OptOut, StoredGroup, StoredRound } from "./pairing.repository.ts";
import { fingerprintOf, otherPairs, type PairingPlan, type PairingRequest } from "./plan-pairing.ts";
import { staysOut } from "./preparing.ts";

type Names = readonly Pick<PairingPerson, "userId" | "name">[];

export function summaryOf(round: StoredRound): PairingRoundSummary {
  const { id, number, state, startsAt, publishAt, groups, alone, people } = round;
  const fixed = state === "publishing" || state === "published";
  const held = groups.filter((group) => group.state !== "void");
  return {
    id,
    number,
    state,
    startsAt: startsAt.toISOString(),
    publishAt: publishAt.toISOString(),
    figures: fixed
      ? {
          people: people.length,
          groups: held.length,
          repeats: held.flatMap(({ pairs }) => pairs).filter(({ repeat }) => repeat).length,
          alone: alone.length,
        }
      : null,
  };
}

export function groupView(group: StoredGroup, people: Names, rounds: readonly StoredRound[]): PairingGroup {
  const { id, version, active, name, kind, everybody, members, schedule } = group;
  const named = new Set(members.map(({ userId }) => userId));
  return {
    id,
    version,
    active,
    name,
    kind,
    everybody,
    members,
    schedule,
    people: people.filter(({ userId }) => named.has(userId)).map(personView),
    rounds: rounds.map(summaryOf),
  };
}

export function listedGroup(
  group: StoredGroup,
  rounds: readonly StoredRound[],
): PairingGroupList["groups"][number] {
  const { id, version, active, name, kind, everybody, members, schedule } = group;
  const next = rounds.find(({ state }) => state === "planned" || state === "publishing");
  const last = rounds.find(({ state }) => state === "published");
  return {
    id,
    version,
    active,
    name,
    kind,
    everybody,
    schedule,
    members: everybody ? null : members.length,
    next: next === undefined ? null : summaryOf(next),
    last: last === undefined ? null : summaryOf(last),
  };
}

type Basis = Omit<PairingRound, "groups" | "alone" | "others" | "weightsVersion" | "fingerprint">;

function basisOf(group: StoredGroup, round: StoredRound, people: Names): Basis {
  return {
    ...summaryOf(round),
    groupId: group.id,
    groupName: group.name,
    kind: group.kind,
    timeZone: group.schedule.timeZone,
    people: people.map(personView),
  };
}

/** As it would be now. */
export function previewOf(
  group: StoredGroup,
  round: StoredRound,
  made: { plan: PairingPlan; request: PairingRequest; people: Names },
): PairingRound {
  return {
    ...basisOf(group, round, made.people),
    groups: made.plan.groups.map(({ people, startsAt, pairs }) => ({
      people,
      startsAt: startsAt?.toISOString() ?? null,
      pairs: pairs.map(({ factors: _numbers, ...pair }) => pair),
      state: "planned" as const,
      meetingId: null,
    })),
    alone: made.plan.alone,
    others: otherPairs(made.request, made.plan),
    weightsVersion: made.plan.weightsVersion,
    fingerprint: fingerprintOf(made.plan),
  };
}

export function fixedOf(group: StoredGroup, round: StoredRound, people: Names): PairingRound {
  return {
    ...basisOf(group, round, people),
    groups: round.groups.map(({ people: those, startsAt, pairs, state, meetingId }) => ({
      people: those,
      startsAt: startsAt?.toISOString() ?? null,
      pairs: pairs.map(({ factors: _numbers, ...pair }) => pair),
      state,
      meetingId: state === "made" ? meetingId : null,
    })),
    alone: round.alone,
    others: [],
    weightsVersion: round.weightsVersion ?? 0,
    fingerprint: null,
  };
}

/** What one of its members sees: whether they take part, and whom they meet themselves. */
export function ownView(
  userId: UserId,
  group: StoredGroup,
  rounds: readonly StoredRound[],
  { optOut, names }: { optOut: OptOut | undefined; names: Names },
): OwnPairing["groups"][number] {
  const next = rounds.find(({ state }) => state === "planned");
  const latest = rounds.find(({ state }) => state === "published" || state === "publishing");
  const mine = latest?.groups.find(({ people, state }) => state === "made" && people.includes(userId));
  const out = next !== undefined && staysOut(optOut, next);
  return {
    id: group.id,
    name: group.name,
    kind: group.kind,
    stay: optOut?.always === true ? "always" : out ? "next" : "in",
    timeZone: group.schedule.timeZone,
    withinDays: group.schedule.withinDays,
    durationMinutes: group.schedule.durationMinutes,
    next:
      next === undefined
        ? null
        : { startsAt: next.startsAt.toISOString(), fixedAt: next.publishAt.toISOString() },
    meeting:
      mine === undefined
        ? null
        : {
            meetingId: mine.meetingId,
            startsAt: mine.startsAt?.toISOString() ?? null,
            people: names
              .filter((each) => each.userId !== userId && mine.people.includes(each.userId))
              .map(personView),
          },
  };
}

function personView({ userId, name }: Names[number]) {
  return { userId, name };
}
