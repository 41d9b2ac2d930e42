import { describe, expect, test } from "vitest";
import type { Actor } from "../../../../shared/actor.ts";
import type { MeetingId, OrgId, UserId } from "../../../../shared/ids.ts";
import { FakeClock } from "../../../platform/clock.ts";
import { silentLogger } from "../../../platform/logger.ts";
import type { MeetingRecord } from "../../meetings/index.ts";
import type { UserRecord } from "../../users/index.ts";
import { defaultWeights } from "../score/weights.ts";
import { createAftermath } from "./aftermath.ts";
import { createQueuePresenter } from "./queue.presenter.ts";
import type { Proposal } from "./queue.repository.ts";
import { emptyView, type QueueView } from "./queue.views.ts";
import { memoryOutcomes, MemoryQueueStore, memoryRepository } from "./testing-queue.ts";
import { createTicking } from "./ticking.ts";

const [ada, ben] = ["a".repeat(24), "b".repeat(24)] as [UserId, UserId];
const meetingId = "c".repeat(24) as MeetingId;
const matchId = `${"1".repeat(24)}-${"2".repeat(24)}`;
const now = new Date("2026-01-05T09:00:00Z");
const factors = {
  complementarySkills: 1,
  sharedInterests: null,
  vectorSimilarity: null,
  historicalSuccess: null,
  availabilityOverlap: 1,
  freshness: 1,
  serendipity: null,
};
const proposal: Proposal = {
  id: matchId,
  people: [ada, ben],
  entryIds: ["1", "2"],
  state: "settled",
  acceptedBy: [ada, ben],
  declinedBy: null,
  factors,
  weights: defaultWeights,
  score: 1,
  plan: { startsAt: now, organizerId: ada, orgId: null, hosts: [ada, ben] },
  meetingId,
  expiresAt: now,
  createdAt: now,
  updatedAt: now,
};

const recordOf = (change: Partial<MeetingRecord>): MeetingRecord => ({
  id: meetingId,
  organizerId: ada,
  orgId: null,
  title: "Matched conversation",
  description: null,
  scheduledAt: now,
  durationMinutes: 30,
  timeZone: null,
  template: "blank",
  recapDelivery: "automatic",
  state: "concluded",
  startedAt: now,
  endedAt: now,
  participants: [ada, ben].map((userId) => ({ userId, role: "host", everJoined: true })),
  ...change,
});

async function createAfter(change: Partial<MeetingRecord> = {}) {
  const store = new MemoryQueueStore();
  const scores = new Map<UserId, number>();
  store.proposals.set(matchId, proposal);
  const outcomes = memoryOutcomes(store);
  for (const userId of [ada, ben])
    await outcomes.record({
      userId,
      matchId,
      outcome: "accepted",
      features: factors,
      weights: defaultWeights,
      createdAt: now,
    });
  const record = recordOf(change);
  const aftermath = createAftermath({
    repository: memoryRepository(store),
    outcomes,
    meetings: {
      record: () => Promise.resolve(record),
      recentlyConcluded: () => Promise.resolve([record]),
    },
    ratings: {
      scoresOf: () => Promise.resolve([...scores].map(([userId, score]) => ({ meetingId, userId, score }))),
    },
  });
  const of = (userId: UserId) => store.records.get(`${matchId}/${userId}`);
  return { aftermath, scores, of, outcomes };
}

describe("what became of a match", () => {
  test("[MATCH-51] a meeting to which both came completes it, with the factors and weights it was made by", async () => {
    const { aftermath, of, outcomes } = await createAfter();
    await aftermath.meetingEnded(meetingId);
    await aftermath.meetingEnded(meetingId);
    for (const userId of [ada, ben])
      expect(of(userId)).toMatchObject({
        outcome: "completed",
        came: true,
        features: factors,
        weights: { version: 0 },
      });
    expect(await outcomes.reliability(ada)).toEqual({ kept: 1, missed: 0 });
  });

  test("[MATCH-51] where one did not come it is not completed, and that one alone has missed it", async () => {
    const participants = [ada, ben].map((userId) => ({
      userId,
      role: "host" as const,
      everJoined: userId === ada,
    }));
    const { aftermath, of, outcomes } = await createAfter({ participants });
    // As after a restart: the event was heard by nobody.
    await aftermath.recordMissed();
    expect(of(ada)).toMatchObject({ outcome: "accepted", came: true });
    expect(of(ben)).toMatchObject({ outcome: "accepted", came: false });
    expect(await outcomes.reliability(ben)).toEqual({ kept: 0, missed: 1 });
  });

  test("[MATCH-51] a rating is kept as a number, and goes when it is taken back", async () => {
    const { aftermath, scores, of } = await createAfter();
    scores.set(ada, 5);
    await aftermath.ratingChanged(meetingId);
    expect(of(ada)?.feedback).toEqual({ rating: 5 });
    expect(of(ben)?.feedback).toBeNull();
    scores.clear();
    await aftermath.ratingChanged(meetingId);
    expect(of(ada)?.feedback).toBeNull();
  });
});

describe("what one is shown", () => {
  const org = "org_1" as OrgId;
  const actor = { userId: ada, orgId: org } as Actor;
  const user = { id: ben, displayName: "Ben", photo: "photo", erasedAt: null, deletedAt: null };
  const stay: QueueView["stay"] = {
    availableFrom: now,
    availableTo: now,
    roles: ["coach"],
    wishes: { interests: ["Chess"], roles: [], organization: "any" },
    since: now,
  };
  const present = (options: { colleague: boolean; record?: MeetingRecord }) =>
    createQueuePresenter({
      users: {
        byIds: () => Promise.resolve([user as unknown as UserRecord]),
        profiles: {
          of: () =>
            Promise.resolve([
              {
                userId: ben,
                displayName: "Ben",
                photo: null,
                timeZone: null,
                bio: "About me",
                goals: "Secret",
                experience: "Secret",
                interests: ["Chess"],
                offers: [],
                seeks: [],
                languages: [],
                workingHours: [],
              },
            ]),
          change: () => Promise.reject(new Error("not asked")),
          search: () => Promise.reject(new Error("not asked")),
        },
      },
      organizations: { membersAmong: () => Promise.resolve(new Set(options.colleague ? [ben] : [])) },
      meetings: { record: () => Promise.resolve(options.record ?? recordOf({ state: "scheduled" })) },
    });
  const proposing: QueueView = {
    ...emptyView("waiting", stay),
    proposals: [
      {
        id: matchId,
        with: ben,
        reasons: ["You share an interest in Chess."],
        startsAt: now,
        accepted: false,
        acceptedByThem: false,
        expiresAt: now,
      },
    ],
  };
  const matched: QueueView = {
    ...emptyView("matched", stay),
    match: { with: ben, meetingId, startsAt: now },
  };

  test("[MATCH-52] words about themselves and the photo of somebody proposed are for their organisation alone", async () => {
    const [near, far] = await Promise.all(
      [true, false].map(async (colleague) => (await present({ colleague })(actor, proposing)).proposals[0]),
    );
    expect(near?.with).toMatchObject({ displayName: "Ben", photo: "photo", bio: "About me" });
    expect(far?.with).toMatchObject({ displayName: "Ben", photo: null, bio: null, interests: ["Chess"] });
    expect(JSON.stringify([near, far])).not.toContain("Secret");
    const own = await present({ colleague: false })(actor, matched);
    expect(own.match?.with).toMatchObject({ photo: "photo", bio: "About me" });
  });

  test("[MATCH-52] a match is shown as long as its meeting is ahead or runs, and one has a place in it", async () => {
    const of = async (record: MeetingRecord) =>
      (await present({ colleague: true, record })(actor, matched)).status;
    expect(await of(recordOf({ state: "active" }))).toBe("matched");
    expect(await of(recordOf({ state: "concluded" }))).toBe("none");
    expect(await of(recordOf({ state: "cancelled" }))).toBe("none");
    expect(await of(recordOf({ state: "scheduled", participants: [] }))).toBe("none");
  });
});

describe("regular work", () => {
  test("[MATCH-46] is done often while somebody waits, soon after a change, and goes on after a failure", async () => {
    const clock = new FakeClock();
    const queue = { ticks: 0, people: 1, changes: 1 };
    let told = 0;
    const ticking = createTicking({
      queue: {
        tick() {
          queue.ticks += 1;
          return queue.ticks === 1 ? Promise.reject(new Error("once")) : Promise.resolve();
        },
        version: () => queue.changes,
        waiting: () => queue.people,
      },
      clock,
      logger: silentLogger,
    });
    const pass = async (ms: number) => {
      clock.advance(ms);
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    };
    ticking.start(() => (told += 1));
    await pass(0);
    expect([queue.ticks, told]).toEqual([1, 1]);
    await pass(2_000);
    expect([queue.ticks, told]).toEqual([2, 1]);
    queue.changes = 2;
    ticking.soon();
    ticking.soon();
    await pass(250);
    expect([queue.ticks, told]).toEqual([3, 2]);
    queue.people = 0;
    await pass(2_000);
    await pass(2_000);
    expect(queue.ticks).toBe(4);
    await ticking.stop();
    await pass(60_000);
    expect(queue.ticks).toBe(4);
  });
});
