// A round of a group as it is shown and published: who meets whom, when and why, and who meets nobody and why; pure.
import { createHash } from "node:crypto";
import type {
  PairingAlone,
  PairingFactor,
  PairingKind,
  PairingRole,
} from "../../../../shared/schemas/matching-rounds.ts";
import type { UserId } from "../../../../shared/ids.ts";
import type { Candidate } from "../score/candidate.ts";
import { mayMeet, type Widening } from "../score/constraints.ts";
import type { ReadyPerson } from "../score/people.ts";
import { reasonsOf } from "../score/reasons.ts";
import { scorePair, type PairScore } from "../score/score.ts";
import type { Factors, MatchingWeights } from "../score/weights.ts";
import { meetingTimes } from "./meeting-times.ts";
import { planCoaching } from "./plan-coaching.ts";
import { planRound, readyPool, repeatRounds, type RoundRequest } from "./plan-round.ts";

export interface Participant {
  candidate: Candidate;
  role: PairingRole;
  places: number;
}

export interface PairingRequest extends Omit<RoundRequest, "people"> {
  kind: PairingKind;
  participants: readonly Participant[];
  optedOut: readonly UserId[];
}

export interface PlannedPair {
  one: UserId;
  other: UserId;
  score: number;
  repeat: boolean;
  factors: Factors;
  reasons: { factor: PairingFactor; share: number }[];
}

export interface PlannedGroup {
  /** In coaching the coach first. */
  people: UserId[];
  startsAt: Date | null;
  pairs: PlannedPair[];
}

export interface PairingPlan {
  groups: PlannedGroup[];
  alone: PairingAlone[];
  weightsVersion: number;
}

/** The same people, past and seed give the same plan, in whatever order they come. */
export function planPairing(request: PairingRequest): PairingPlan {
  const people = request.participants.map(({ candidate }) => candidate);
  const ready = new Map(readyPool({ ...request, people }).map((person) => [person.candidate.id, person]));
  const { groups, alone } = request.kind === "peer" ? peers(request, ready) : coaching(request, ready);
  const starts = meetingTimes(
    groups.map((group) => group.people),
    (id) => ready.get(id)?.candidate.available ?? [],
    request.requirements.lengthMs,
  );
  const out = [...request.optedOut].sort().map((userId) => ({
    userId,
    reason: "opted-out" as const,
    widen: [],
  }));
  return {
    groups: groups.map((group, index) => {
      const startsAt = starts[index] ?? null;
      return { ...group, startsAt: startsAt === null ? null : new Date(startsAt) };
    }),
    alone: [...alone, ...out],
    weightsVersion: request.weights.version,
  };
}

/** Names what a plan says of people and times, so that who publishes it says what they have seen. */
export function fingerprintOf({ groups, weightsVersion }: PairingPlan): string {
  const said = groups.map(({ people, startsAt }) => [people, startsAt?.toISOString() ?? null]);
  return createHash("sha256")
    .update(JSON.stringify([said, weightsVersion]))
    .digest("hex")
    .slice(0, 24);
}

const othersEach = 2;
const othersMost = 300;

/** What was not chosen, for a picture: each person's best others who may meet them, the heaviest first. */
export function otherPairs(
  request: PairingRequest,
  { groups }: PairingPlan,
): { one: UserId; other: UserId; score: number }[] {
  const people = request.participants.map(({ candidate }) => candidate);
  const pool = readyPool({ ...request, people });
  const roleOf = new Map(request.participants.map(({ candidate, role }) => [candidate.id, role]));
  const chosen = new Set(
    groups.flatMap(({ pairs }) => pairs.flatMap(({ one, other }) => [one + other, other + one])),
  );
  const best = new Map<string, { one: UserId; other: UserId; score: number }>();
  for (const one of pool) {
    const found = pool
      .filter((other) => {
        const [a, b] = [one.candidate.id, other.candidate.id];
        const fits = request.kind === "peer" || roleOf.get(a) !== roleOf.get(b);
        return fits && !chosen.has(a + b) && mayMeet(one, other, request.requirements);
      })
      .map((other) => ({ other, score: scoreOf(one, other, request).total }))
      .sort((a, b) => b.score - a.score || (a.other.candidate.id < b.other.candidate.id ? -1 : 1))
      .slice(0, othersEach);
    for (const { other, score } of found) {
      const [a, b] = [one.candidate.id, other.candidate.id].sort() as [UserId, UserId];
      best.set(a + b, { one: a, other: b, score });
    }
  }
  return [...best.values()]
    .sort((a, b) => b.score - a.score || (a.one + a.other < b.one + b.other ? -1 : 1))
    .slice(0, othersMost);
}

type Ready = ReadonlyMap<string, ReadyPerson>;
type Untimed = { groups: Omit<PlannedGroup, "startsAt">[]; alone: PairingAlone[] };

function peers(request: PairingRequest, ready: Ready): Untimed {
  const plan = planRound({ ...request, people: request.participants.map(({ candidate }) => candidate) });
  return {
    groups: plan.groups.map(({ people, pairs }) => ({
      people: people as UserId[],
      pairs: pairs.flatMap(({ one, other, score, repeat }) => {
        const pair = pairOf(ready, one, other, score, request.weights);
        return pair === null ? [] : [{ ...pair, repeat }];
      }),
    })),
    alone: plan.alone.map(({ id, widen }) => aloneOf(id, "nobody", widen)),
  };
}

function coaching(request: PairingRequest, ready: Ready): Untimed {
  const of = (role: PairingRole) => request.participants.filter((each) => each.role === role);
  const plan = planCoaching({
    ...request,
    coaches: of("coach"),
    coachees: of("coachee").map(({ candidate }) => candidate),
  });
  return {
    groups: plan.coaches.flatMap((coach) =>
      coach.coachees.flatMap(({ id, score }) => {
        const pair = pairOf(ready, coach.id, id, score, request.weights);
        if (pair === null) return [];
        const since = request.roundsSince(coach.id, id);
        const repeat = since !== null && since <= repeatRounds;
        return [{ people: [coach.id, id] as UserId[], pairs: [{ ...pair, repeat }] }];
      }),
    ),
    alone: plan.alone.map(({ id, full, widen }) => aloneOf(id, full ? "full" : "nobody", full ? [] : widen)),
  };
}

function pairOf(
  ready: Ready,
  one: string,
  other: string,
  score: PairScore,
  weights: MatchingWeights,
): Omit<PlannedPair, "repeat"> | null {
  const [viewer, theirs] = [ready.get(one), ready.get(other)];
  if (viewer === undefined || theirs === undefined) return null;
  return {
    one: one as UserId,
    other: other as UserId,
    score: score.total,
    factors: score.factors,
    reasons: reasonsOf(score, { viewer, other: theirs }, weights).flatMap(({ factor, share }) =>
      factor === "repeat" ? [] : [{ factor, share }],
    ),
  };
}

function aloneOf(id: string, reason: PairingAlone["reason"], widen: readonly Widening[]): PairingAlone {
  return { userId: id as UserId, reason, widen: [...widen] };
}

function scoreOf(one: ReadyPerson, other: ReadyPerson, request: PairingRequest): PairScore {
  return scorePair(one, other, request.pastOf(one.candidate.id, other.candidate.id), request);
}
