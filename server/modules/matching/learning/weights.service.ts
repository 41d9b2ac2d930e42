// Weights of an organisation as use cases: what holds, what was learned from outcomes, and applying or going back.
import { z } from "zod";
import { isOrgAdmin, type Actor } from "../../../../shared/actor.ts";
import { AppError, notFound } from "../../../../shared/errors.ts";
import { orgIdSchema, type MeetingId, type OrgId, type UserId } from "../../../../shared/ids.ts";
import type { ApplyWeights, WeightsHistory } from "../../../../shared/schemas/matching-rounds.ts";
import { defineJob, type Jobs } from "../../../jobs/index.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { IdSource } from "../../../platform/ids.ts";
import type { Metrics } from "../../../platform/metrics.ts";
import type { AuditService } from "../../audit/index.ts";
import {
  isOfRound,
  roundMatchId,
  roundOf,
  type OutcomesRepository,
  type StoredOutcome,
} from "../rounds/outcomes.repository.ts";
import type { PairingPerson, PairingPorts } from "../rounds/pairing.ports.ts";
import type { PairingRepository } from "../rounds/pairing.repository.ts";
import { defaultWeights, type MatchingWeights } from "../score/weights.ts";
import { learnWeights, type OutcomeSample } from "./learn.ts";
import type { StoredWeights, WeightsRepository } from "./weights.repository.ts";

export interface WeightsService {
  /** For whoever brings people together: the current ones, or those of a version. */
  of(orgId: OrgId | null, version?: number | null): Promise<MatchingWeights>;
  /** These for administrators of the organisation of the session: FORBIDDEN to others. */
  history(actor: Actor): Promise<WeightsHistory>;
  learn(actor: Actor): Promise<WeightsHistory>;
  /** Throws CONFLICT where other weights were applied, or something else was learned, since they looked. */
  apply(actor: Actor, input: ApplyWeights): Promise<WeightsHistory>;
}

const versionsShown = 30;
const peopleMost = 10_000;
/** Of each 200 people; older ones say less of how they are matched now. */
const outcomesEach = 4_000;
const matchesMost = 5_000;
const meetingsAtOnce = 200;
/** Somebody who gives less would rather not have met. */
const goodFrom = 3;

export function createWeightsService(parts: {
  repository: WeightsRepository;
  outcomes: Pick<OutcomesRepository, "of">;
  rounds: Pick<PairingRepository, "round">;
  ports: Pick<PairingPorts, "members" | "membersAmong" | "scoresOf">;
  jobs: Jobs;
  audit: Pick<AuditService, "record">;
  clock: Clock;
  ids: IdSource;
  metrics: Metrics;
}): WeightsService {
  const { repository, outcomes, rounds, ports, jobs, audit, clock, ids } = parts;
  const learned = parts.metrics.counter("matching_learning_total", "Tries at learning weights, by verdict", [
    "verdict",
  ]);

  const job = defineJob({
    name: "matching.learn",
    payload: z.object({ orgId: orgIdSchema, learning: z.string() }),
    maxAttempts: 3,
    leaseMs: 120_000,
    backoffMs: (attempt) => attempt * 10_000,
    async run({ orgId, learning }) {
      const current = await weightsOf(orgId);
      const { weights, report } = learnWeights(await samplesOf(orgId), current);
      await repository.endLearning(orgId, learning, {
        state: "done",
        against: current.version,
        weights,
        report,
      });
      learned.inc({ verdict: report.verdict });
    },
    async onDead({ orgId, learning }) {
      await repository.endLearning(orgId, learning, {
        state: "failed",
        against: 0,
        weights: null,
        report: null,
      });
    },
  });
  jobs.register(job);

  async function weightsOf(orgId: OrgId | null, version?: number | null): Promise<MatchingWeights> {
    if (orgId === null || version === defaultWeights.version) return defaultWeights;
    if (version !== undefined && version !== null)
      return (await repository.version(orgId, version))?.weights ?? defaultWeights;
    const [latest] = await repository.versions(orgId, 1);
    return latest?.weights ?? defaultWeights;
  }

  /** What became of matches of those who are members now: what is still open says nothing yet. */
  async function samplesOf(orgId: OrgId): Promise<OutcomeSample[]> {
    const members = await ports.members(orgId, peopleMost);
    const userIds = members.map(({ userId }) => userId);
    const found = (await outcomes.of(userIds, outcomesEach))
      .filter(({ matchId, outcome, came }) => outcome !== "accepted" || came !== null || !isOfRound(matchId))
      .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.matchId < b.matchId ? -1 : 1));
    const latest = new Set([...new Set(found.map(({ matchId }) => matchId))].slice(0, matchesMost));
    const counted = found.filter(({ matchId }) => latest.has(matchId));
    const scores = await scoresOf(counted);
    return counted.map((outcome) => {
      const { matchId, userId, features, createdAt } = outcome;
      const rating = outcome.rating ?? scores.get(keyOf(outcome)) ?? null;
      return { matchId, userId, features, good: isGood(outcome, rating), at: createdAt.getTime() };
    });
  }

  /** Of rounds, by match and person; asked for anew each time, so that nothing of a rating is kept. */
  async function scoresOf(found: readonly StoredOutcome[]): Promise<Map<string, number>> {
    const meetingOf = new Map<string, MeetingId>();
    for (const roundId of new Set(found.flatMap(({ matchId }) => roundOf(matchId) ?? []))) {
      for (const { pairs, meetingId } of (await rounds.round(roundId))?.groups ?? [])
        for (const { one, other } of pairs) meetingOf.set(roundMatchId(roundId, one, other), meetingId);
    }
    const meetings = [...new Set(meetingOf.values())];
    const given = new Map<string, number>();
    for (let at = 0; at < meetings.length; at += meetingsAtOnce)
      for (const { meetingId, userId, score } of await ports.scoresOf(
        meetings.slice(at, at + meetingsAtOnce),
      ))
        given.set(`${meetingId}/${userId}`, score);
    return new Map(
      found.flatMap((outcome) => {
        const meetingId = meetingOf.get(outcome.matchId);
        const score = meetingId === undefined ? undefined : given.get(`${meetingId}/${outcome.userId}`);
        return score === undefined ? [] : [[keyOf(outcome), score] as const];
      }),
    );
  }

  async function historyOf(orgId: OrgId): Promise<WeightsHistory> {
    const [versions, learning] = await Promise.all([
      repository.versions(orgId, versionsShown),
      repository.learning(orgId),
    ]);
    const appliers = [...new Set(versions.flatMap(({ appliedBy }) => appliedBy ?? []))];
    const people = await ports.membersAmong(orgId, appliers);
    return {
      current: versions[0]?.weights ?? defaultWeights,
      versions: [...versions.map((each) => versionView(each, people)), product],
      learning: {
        state: learning?.state ?? "none",
        id: learning?.id ?? null,
        at: learning?.at.toISOString() ?? null,
        against: learning?.against ?? null,
        report: learning?.report ?? null,
      },
    };
  }

  async function wanted(
    orgId: OrgId,
    input: ApplyWeights,
  ): Promise<Pick<StoredWeights, "weights" | "source" | "revertedTo" | "report">> {
    if ("revertTo" in input) {
      const { revertTo } = input;
      const before = revertTo === 0 ? null : await repository.version(orgId, revertTo);
      if (before === null && revertTo !== 0) throw notFound("This version");
      const weights = before?.weights ?? defaultWeights;
      return { weights, source: "revert", revertedTo: revertTo, report: null };
    }
    const learning = await repository.learning(orgId);
    if (learning?.id !== input.learning || learning.state !== "done" || learning.weights === null)
      throw new AppError("CONFLICT", "Something else was learned meanwhile. Please look at it first.");
    if (learning.against !== input.version)
      throw new AppError("CONFLICT", "This was learned against other weights than hold now: learn again.");
    const { weights, report } = learning;
    return { weights, source: "learned", revertedTo: null, report };
  }

  return {
    of: weightsOf,
    async history(actor) {
      return await historyOf(administered(actor));
    },

    async learn(actor) {
      const orgId = administered(actor);
      const { version } = await weightsOf(orgId);
      const id = ids.objectId();
      await repository.startLearning({
        id,
        orgId,
        state: "running",
        at: clock.now(),
        against: version,
        weights: null,
        report: null,
      });
      await jobs.enqueue(job, { orgId, learning: id }, { key: id });
      return await historyOf(orgId);
    },

    async apply(actor, input) {
      const orgId = administered(actor);
      const { weights, ...rest } = await wanted(orgId, input);
      const changed = () =>
        new AppError("CONFLICT", "Other weights were applied meanwhile. Please look at them first.");
      if ((await weightsOf(orgId)).version !== input.version) throw changed();
      const version = input.version + 1;
      const added = await repository.add({
        ...rest,
        orgId,
        weights: { ...weights, version },
        appliedBy: actor.userId,
        appliedAt: clock.now(),
      });
      if (!added) throw changed();
      await audit.record({
        actorUserId: actor.userId,
        resourceType: "organization",
        resourceId: orgId,
        action: "matching.apply-weights",
        outcome: "done",
        metadata: { version, source: rest.source, verdict: rest.report?.verdict ?? "none" },
      });
      return await historyOf(orgId);
    },
  };
}

/** A yes in the queue is good until it turns out that one of them did not come; a meeting is, unless it was rated badly. */
export function isGood({ outcome, came }: Pick<StoredOutcome, "outcome" | "came">, rating: number | null) {
  if (outcome === "declined") return false;
  if (outcome === "accepted") return came === null;
  return rating === null || rating >= goodFrom;
}

function keyOf({ matchId, userId }: Pick<StoredOutcome, "matchId" | "userId">): string {
  return `${matchId}/${userId}`;
}

const product: WeightsHistory["versions"][number] = {
  weights: defaultWeights,
  source: "product",
  revertedTo: null,
  appliedBy: null,
  appliedAt: null,
  report: null,
};

function versionView(
  { weights, source, revertedTo, appliedBy, appliedAt, report }: StoredWeights,
  people: readonly PairingPerson[],
): WeightsHistory["versions"][number] {
  const name = people.find(({ userId }: { userId: UserId }) => userId === appliedBy)?.name ?? null;
  return { weights, source, revertedTo, appliedBy: name, appliedAt: appliedAt.toISOString(), report };
}

function administered(actor: Actor): OrgId {
  if (!isOrgAdmin(actor)) throw new AppError("FORBIDDEN", "This is for administrators of an organisation.");
  return actor.orgId;
}
