// Every query of stored rounds and weights, and whether its writes keep what they promise: the same that is expected of memory.
import type { Connection } from "mongoose";
import { erasePairing } from "../../server/modules/deletion/erase-pairing.mongo.ts";
import { pairingOf } from "../../server/modules/export/export.pairing.mongo.ts";
import { createWeightsRepository } from "../../server/modules/matching/learning/weights.repository.mongo.ts";
import { createOutcomesRepository } from "../../server/modules/matching/rounds/pairing-outcomes.repository.mongo.ts";
import { createPairingRepository } from "../../server/modules/matching/rounds/pairing.repository.mongo.ts";
import type { StoredRound } from "../../server/modules/matching/rounds/pairing.repository.ts";
import { defaultWeights } from "../../server/modules/matching/score/weights.ts";
import { systemIds } from "../../server/platform/ids.ts";
import type { MeetingId, OrgId, UserId } from "../../shared/ids.ts";

const orgId = "org_pairing" as OrgId;

/** Throws where a write did what it must not. */
export async function makePairingQueries(connection: Connection, now: Date): Promise<void> {
  await rounds(connection, now);
  await outcomesAndWeights(connection, now);
}

async function rounds(connection: Connection, now: Date): Promise<void> {
  const repository = await createPairingRepository(connection);
  const userId = systemIds.objectId() as UserId;
  const groupId = systemIds.objectId();
  const schedule = {
    firstDay: "2026-02-02",
    atMinute: 600,
    timeZone: "UTC",
    everyWeeks: 1,
    withinDays: 0,
    durationMinutes: 30,
    publishHours: 24,
    remindHours: 24,
    automatic: true,
  };
  await repository.insertGroup({
    id: groupId,
    orgId,
    name: "Coffee",
    kind: "peer",
    everybody: false,
    members: [{ userId, role: "peer", places: 1 }],
    schedule,
    active: true,
    version: 1,
    createdAt: now,
    updatedAt: now,
  });
  expectAll((await repository.groups(orgId)).length === 1, (await repository.group(groupId))?.version === 1);
  expectAll(await repository.changeGroup(groupId, 1, { name: "Tea" }, now));
  expectAll(!(await repository.changeGroup(groupId, 1, { name: "Water" }, now)));
  const round: StoredRound = {
    id: `${groupId}-1`,
    groupId,
    orgId,
    number: 1,
    state: "planned",
    startsAt: now,
    publishAt: now,
    revision: 1,
    people: [],
    groups: [],
    alone: [],
    weightsVersion: null,
    createdAt: now,
    updatedAt: now,
  };
  expectAll(await repository.insertRound(round), !(await repository.insertRound(round)));
  expectAll(await repository.moveRound(round.id, { startsAt: now, publishAt: now }, now));
  expectAll(await repository.touchRound(round.id, now));
  const plan = {
    people: [userId],
    groups: [
      {
        people: [userId],
        startsAt: now,
        pairs: [],
        meetingId: systemIds.objectId() as MeetingId,
        state: "planned" as const,
      },
    ],
    alone: [],
    weightsVersion: 0,
  };
  expectAll(!(await repository.fixRound(round.id, 1, plan, now)));
  expectAll(await repository.fixRound(round.id, 3, plan, now));
  expectAll(
    !(await repository.fixRound(round.id, 3, plan, now)),
    !(await repository.skipRound(round.id, now)),
  );
  expectAll((await repository.open(10)).length === 1);
  const step = { from: "planned", to: "making" } as const;
  expectAll(await repository.movePair(round.id, 0, step, now));
  expectAll(!(await repository.movePair(round.id, 0, step, now)));
  await repository.closeRound(round.id, now);
  const [published] = await repository.publishedSince(orgId, now, 10);
  expectAll((await repository.publishedBefore({ groupId, number: 2 }, 10)).length === 1);
  expectAll(published?.groups[0]?.state === "making", published?.state === "published");
  expectAll((await repository.round(round.id))?.people.length === 1);
  expectAll((await repository.rounds(groupId, 5)).length === 1);
  await repository.setOptOut({ groupId, userId, always: true, round: null }, now);
  await repository.setOptOut({ groupId, userId, always: false, round: 1 }, now);
  expectAll((await repository.optOuts(groupId))[0]?.round === 1);
  await repository.removeOptOut(groupId, userId);
  const database = connection.db;
  if (database === undefined) throw new Error("There is no connection.");
  await pairingOf(database, userId);
  await repository.setOptOut({ groupId, userId, always: true, round: null }, now);
  await repository.removePerson(orgId, userId);
  expectAll(
    (await repository.optOutsOf(userId)).length === 0,
    (await repository.group(groupId))?.members.length === 0,
  );
  await erasePairing(database, userId);
  expectAll((await repository.round(round.id))?.people.length === 0);
}

async function outcomesAndWeights(connection: Connection, now: Date): Promise<void> {
  const outcomes = await createOutcomesRepository(connection);
  const userId = systemIds.objectId() as UserId;
  const features = {
    complementarySkills: null,
    sharedInterests: 1,
    vectorSimilarity: null,
    historicalSuccess: null,
    availabilityOverlap: 1,
    freshness: 1,
    serendipity: null,
  };
  const match = { matchId: "round:x:y", userId, features, weights: defaultWeights, createdAt: now };
  await outcomes.begin([{ ...match, outcome: "accepted" }]);
  await outcomes.settle(match.matchId, userId, { outcome: "completed", came: true });
  await outcomes.begin([{ ...match, outcome: "accepted" }]);
  const [known] = await outcomes.of([userId], 10);
  expectAll(known?.outcome === "completed", (await outcomes.kept([userId])).get(userId)?.kept === 1);

  const repository = await createWeightsRepository(connection);
  const stored = {
    orgId,
    weights: { ...defaultWeights, version: 1 },
    source: "revert" as const,
    revertedTo: 0,
    appliedBy: userId,
    appliedAt: now,
    report: null,
  };
  expectAll(await repository.add(stored), !(await repository.add(stored)));
  expectAll(
    (await repository.versions(orgId, 5)).length === 1,
    (await repository.version(orgId, 1))?.appliedBy === userId,
  );
  const learning = { orgId, state: "running" as const, at: now, against: 1, weights: null, report: null };
  await repository.startLearning({ ...learning, id: "first" });
  await repository.startLearning({ ...learning, id: "second" });
  const result = { state: "done" as const, against: 1, weights: null, report: null };
  await repository.endLearning(orgId, "first", result);
  expectAll((await repository.learning(orgId))?.state === "running");
  await repository.endLearning(orgId, "second", result);
  expectAll((await repository.learning(orgId))?.state === "done");
}

function expectAll(...holds: boolean[]): void {
  if (holds.includes(false)) throw new Error("A write of stored rounds did not do what it promises.");
}
