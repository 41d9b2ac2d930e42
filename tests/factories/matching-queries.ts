// Every query of the live queue, and whether its writes keep what they promise: the same that is expected of memory.
import type { Connection } from "mongoose";
import { createOutcomesRepository } from "../../server/modules/matching/queue/outcomes.repository.mongo.ts";
import { createQueueRepository } from "../../server/modules/matching/queue/queue.repository.mongo.ts";
import type { Proposal, QueueEntry } from "../../server/modules/matching/queue/queue.repository.ts";
import { defaultWeights, type Factors } from "../../server/modules/matching/score/weights.ts";
import { systemIds } from "../../server/platform/ids.ts";
import type { UserId } from "../../shared/ids.ts";

const factors: Factors = {
  complementarySkills: null,
  sharedInterests: 1,
  vectorSimilarity: null,
  historicalSuccess: null,
  availabilityOverlap: 1,
  freshness: 1,
  serendipity: null,
};

/** Throws where a write did what it must not. */
export async function makeMatchingQueries(connection: Connection, now: Date): Promise<void> {
  const repository = await createQueueRepository(connection);
  const outcomes = await createOutcomesRepository(connection);
  const [one, other] = [systemIds.objectId(), systemIds.objectId()].sort() as [UserId, UserId];
  const later = new Date(now.getTime() + 60_000);
  const entryOf = (userId: UserId): QueueEntry => ({
    userId,
    entryId: systemIds.objectId(),
    orgId: null,
    availableFrom: now,
    availableTo: later,
    roles: ["peer"],
    wishes: { interests: ["Chess"], roles: ["peer"], organization: "any" },
    status: "waiting",
    heldBy: null,
    matchedWith: null,
    matchId: null,
    createdAt: now,
    updatedAt: now,
  });
  const [first, second] = [entryOf(one), entryOf(other)];
  expectAll(await repository.enter(first), await repository.enter(second));
  expectNone(await repository.enter(entryOf(one)));
  const proposal: Proposal = {
    id: `${first.entryId}-${second.entryId}`,
    people: [one, other],
    entryIds: [first.entryId, second.entryId],
    state: "open",
    acceptedBy: [],
    declinedBy: null,
    factors,
    weights: defaultWeights,
    score: 1,
    plan: { startsAt: now, organizerId: one, orgId: null, hosts: [one, other] },
    meetingId: null,
    expiresAt: later,
    createdAt: now,
    updatedAt: now,
  };
  const { id } = proposal;
  expectAll(await repository.propose(proposal));
  expectNone(await repository.propose(proposal));
  expectAll(
    (await repository.openProposalsOf(one)).length === 1,
    (await repository.proposalsSince(now)).length > 0,
  );
  await repository.accept(id, one, now);
  const again = await repository.accept(id, one, now);
  expectAll(again?.acceptedBy.length === 1, (await repository.accept(id, one, later)) === null);
  const accepted = await repository.accept(id, other, now);
  expectAll(accepted?.acceptedBy.length === 2, (await repository.unfinished(10)).length === 1);
  expectAll(
    await repository.hold(one, first.entryId, id, now),
    await repository.hold(one, first.entryId, id, now),
  );
  expectNone(
    await repository.hold(one, first.entryId, "another", now),
    await repository.hold(one, "a former stay", id, now),
    await repository.leave(one, first.entryId, "cancelled", now),
  );
  expectAll((await repository.held(10)).length === 1);
  await repository.release(one, "another", now);
  expectAll((await repository.entry(one))?.heldBy === id);
  await repository.release(one, id, now);
  expectAll(
    await repository.hold(one, first.entryId, id, now),
    await repository.close(id, { state: "settled" }, now),
  );
  expectNone(await repository.close(id, { state: "void" }, now));
  await repository.match(one, { proposalId: id, matchedWith: other, now });
  await repository.match(other, { proposalId: id, matchedWith: one, now });
  expectAll(
    (await repository.entry(one))?.status === "matched",
    (await repository.entry(other))?.status === "waiting",
  );
  expectAll((await repository.unfinished(10)).length === 1);
  const meetingId = systemIds.objectId();
  await repository.setMeeting(id, meetingId, now);
  // What has a meeting is not undone.
  await repository.annul(id, now);
  expectAll(
    (await repository.unfinished(10)).length === 0,
    (await repository.proposal(id))?.meetingId === meetingId,
    (await repository.ofMeetings([meetingId])).length === 1,
    (await repository.waitingFrom("org_matching")).length === 0,
  );
  await repository.unmatch("another", now);
  expectAll((await repository.entry(one))?.status === "matched");
  await repository.unmatch(id, now);
  expectAll((await repository.entry(one))?.status === "cancelled");
  expectAll(await repository.enter(entryOf(one)), (await repository.overdueEntries(later, 10)).length === 2);
  expectAll(await repository.leave(other, second.entryId, "expired", now));
  expectAll(
    (await repository.entriesSince(now)).length === 2,
    (await repository.pastOf(one, 10)).length === 1,
  );
  await repository.overdueProposals(later, 10);
  const record = { userId: one, matchId: id, features: factors, weights: defaultWeights, createdAt: now };
  await outcomes.record({ ...record, outcome: "accepted" });
  await outcomes.conclude(id, one, { came: true, outcome: "completed" });
  await outcomes.conclude(id, other, { came: true, outcome: "completed" });
  await outcomes.rate(id, one, 5);
  const [known, ...more] = await outcomes.ofMatches([id]);
  const { kept, missed } = await outcomes.reliability(one);
  expectAll(known?.outcome === "completed", known?.feedback?.rating === 5, more.length === 0);
  expectAll(kept === 1, missed === 0);
}

function expectAll(...holds: boolean[]): void {
  if (holds.includes(false)) throw new Error("A write of the live queue did not do what it promises.");
}

function expectNone(...holds: boolean[]): void {
  expectAll(...holds.map((each) => !each));
}
