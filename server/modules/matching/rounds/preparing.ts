// From a stored group and what is known of its people to the plan of a round, the same for whoever asks.
import { AppError } from "../../../../shared/errors.ts";
import { pairingLimits } from "../../../../shared/schemas/matching-rounds.ts";
import type { PairPast } from "../score/candidate.ts";
import { pairKey } from "../score/chance.ts";
import type { MatchingWeights } from "../score/weights.ts";
import { meetingPeriod } from "./calendar.ts";
import type { OutcomesRepository } from "./outcomes.repository.ts";
import type { PairingPerson, PairingPorts } from "./pairing.ports.ts";
import type { PairingRepository, StoredGroup, StoredRound } from "./pairing.repository.ts";
import type { PairingRequest, Participant } from "./plan-pairing.ts";
import { repeatRounds } from "./plan-round.ts";

export interface PreparingParts {
  repository: PairingRepository;
  outcomes: Pick<OutcomesRepository, "kept">;
  ports: Pick<PairingPorts, "members" | "membersAmong" | "profiles">;
  /** The current ones, or those of a version. */
  weightsOf(orgId: StoredGroup["orgId"], version?: number | null): Promise<MatchingWeights>;
}

export interface Prepared {
  request: PairingRequest;
  /** Everybody in the group who is still here, also those who stay out. */
  people: PairingPerson[];
}

const minuteMs = 60_000;
const pastMs = 365 * 24 * 60 * minuteMs;
const pastRoundsMost = 200;

/** Who of the group is still here. Throws CONFLICT where that are more than can be compared. */
export async function peopleOf(
  ports: Pick<PairingPorts, "members" | "membersAmong">,
  { orgId, everybody, members }: Pick<StoredGroup, "orgId" | "everybody" | "members">,
): Promise<PairingPerson[]> {
  const people = everybody
    ? await ports.members(orgId, pairingLimits.people + 1)
    : await ports.membersAmong(
        orgId,
        members.map(({ userId }) => userId),
      );
  if (people.length > pairingLimits.people)
    throw new AppError(
      "CONFLICT",
      `A group has at most ${pairingLimits.people} people: name those who are to take part, in several groups.`,
    );
  return [...people].sort((a, b) => (a.userId < b.userId ? -1 : 1));
}

export function staysOut(
  optOut: { always: boolean; round: number | null } | undefined,
  round: Pick<StoredRound, "number">,
): boolean {
  return optOut !== undefined && (optOut.always || optOut.round === round.number);
}

/** What its pairs are made of, as it is now; time counts from when they are fixed, so that looking earlier shows the same. */
export async function prepare(
  parts: PreparingParts,
  group: StoredGroup,
  round: StoredRound,
): Promise<Prepared> {
  const people = await peopleOf(parts.ports, group);
  const optOuts = new Map((await parts.repository.optOuts(group.id)).map((each) => [each.userId, each]));
  const optedOut = people.map(({ userId }) => userId).filter((id) => staysOut(optOuts.get(id), round));
  const out = new Set(optedOut);
  const taking = people.map(({ userId }) => userId).filter((id) => !out.has(id));
  const { schedule } = group;
  const period = meetingPeriod(schedule, round.startsAt);
  const [profiles, kept, weights, past] = await Promise.all([
    parts.ports.profiles(taking, {
      ...period,
      orgId: group.orgId,
      timeZone: schedule.timeZone,
      usualHours: schedule.withinDays > 0,
    }),
    parts.outcomes.kept(taking),
    parts.weightsOf(group.orgId),
    pastOfGroup(parts.repository, group, round),
  ]);
  const placeOf = new Map(group.members.map((member) => [member.userId, member]));
  const participants = taking.flatMap((id): Participant[] => {
    const profile = profiles.get(id);
    if (profile === undefined) return [];
    const { role, places } = placeOf.get(id) ?? { role: "peer" as const, places: 1 };
    const wishes = { interests: [], roles: [], organization: "any" as const };
    const history = kept.get(id) ?? { kept: 0, missed: 0 };
    return [
      { role, places, candidate: { ...profile, ...history, id, orgId: group.orgId, roles: [role], wishes } },
    ];
  });
  return {
    people,
    request: {
      kind: group.kind,
      participants,
      optedOut,
      weights,
      now: round.publishAt.getTime(),
      requirements: { lengthMs: schedule.durationMinutes * minuteMs },
      seed: round.id,
      ...past,
    },
  };
}

/** Of all the organisation's rounds what two have had with each other; of this group's, how many rounds ago. */
async function pastOfGroup(
  repository: PairingRepository,
  group: StoredGroup,
  round: StoredRound,
): Promise<Pick<PairingRequest, "pastOf" | "roundsSince">> {
  const since = new Date(round.startsAt.getTime() - pastMs);
  const [before, own] = await Promise.all([
    repository.publishedSince(group.orgId, since, pastRoundsMost),
    // However long ago they were, and however many rounds other groups have had since.
    repository.publishedBefore(round, repeatRounds),
  ]);
  const met = new Map<string, PairPast>();
  const last = new Map<string, number>();
  for (const earlier of before) {
    if (earlier.id === round.id) continue;
    for (const key of pairsOf(earlier)) {
      const known = met.get(key) ?? { metAt: [], again: 0, notAgain: 0, declined: 0 };
      const metAt = [...known.metAt, earlier.startsAt.getTime()].sort((a, b) => b - a);
      met.set(key, { ...known, metAt });
    }
  }
  // The latest first, so that the first that is found is the last time.
  own.forEach((earlier, index) => {
    for (const key of pairsOf(earlier)) if (!last.has(key)) last.set(key, index + 1);
  });
  return {
    pastOf: (one, other) => met.get(pairKey(one, other)) ?? null,
    roundsSince: (one, other) => last.get(pairKey(one, other)) ?? null,
  };
}

function pairsOf({ groups }: Pick<StoredRound, "groups">): string[] {
  return groups
    .filter(({ state }) => state !== "void")
    .flatMap(({ pairs }) => pairs.map(({ one, other }) => pairKey(one, other)));
}
