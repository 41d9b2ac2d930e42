// Ratings with everything real behind them: who rates, until when, and what anybody else learns of it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { FakeClock } from "../../server/platform/clock.ts";
import type { Actor } from "../../shared/actor.ts";
import type { MeetingId } from "../../shared/ids.ts";
import { giveRatingSchema } from "../../shared/schemas/ratings.ts";
import { openCoaching, type Coaching } from "../factories/coaching.ts";
import { codeOf } from "../factories/live-modules.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const secret = "canary-rating-comment-3e";

let store: TestStore;
let house: Coaching;
let clock: FakeClock;
let ann: Actor, ben: Actor, olga: Actor, stranger: Actor;

beforeAll(async () => {
  store = await openTestStore();
  clock = new FakeClock(new Date());
  house = await openCoaching(store, { ratingsClock: clock });
  [ann, ben, olga, stranger] = (await Promise.all(
    ["ann", "ben", "olga", "stranger"].map((name) => house.actorOf(name)),
  )) as [Actor, Actor, Actor, Actor];
});

afterAll(async () => {
  await house.close();
  await store.close();
});

async function call(): Promise<MeetingId> {
  const { id } = await house.create(ann, {
    participants: [{ email: ben.email }, { email: olga.email, role: "observer" }],
  });
  await house.meetings.start(ann, id);
  return id;
}

const rate = (who: Actor, id: MeetingId, score: number, comment: string | null = null) =>
  house.ratings.give(who, id, giveRatingSchema.parse({ score, comment }));
const own = async (who: Actor, id: MeetingId) => (await house.ratings.own(who, id)).rating;

test("[RATINGS-1] hosts and participants rate a meeting that is over, observers and strangers do not", async () => {
  const id = await call();
  expect(await codeOf(rate(ann, id, 5))).toBe("MEETING_NOT_ACTIVE");
  expect(await house.ratings.own(ben, id)).toEqual({ meetingId: id, rating: null, changeableUntil: null });
  await house.meetings.end(ann, id);
  expect(await rate(ann, id, 5)).toMatchObject({ rating: { score: 5, comment: null } });
  expect(await codeOf(rate(olga, id, 5))).toBe("FORBIDDEN");
  expect(await codeOf(own(olga, id))).toBe("FORBIDDEN");
  expect(await codeOf(rate(stranger, id, 5))).toBe("NOT_FOUND");
  expect(await codeOf(own(stranger, id))).toBe("NOT_FOUND");
  for (const wrong of [0, 6, 2.5, "3"])
    expect(giveRatingSchema.safeParse({ score: wrong }).success).toBe(false);
  expect(giveRatingSchema.safeParse({ score: 3, comment: "x".repeat(1_001) }).success).toBe(false);
});

test("[RATINGS-4] nobody reads another's rating, not even acting as them, and figures get the number alone", async () => {
  const id = await call();
  await house.meetings.end(ann, id);
  await rate(ben, id, 2, secret);
  expect(await own(ben, id)).toMatchObject({ score: 2, comment: secret });
  expect(await own(ann, id)).toBeNull();
  const support = { ...ben, impersonator: "support@example.org" };
  expect(await codeOf(own(support, id))).toBe("FORBIDDEN");
  expect(await codeOf(rate(support, id, 5))).toBe("FORBIDDEN");
  expect(await house.ratings.scoresOf([id])).toEqual([{ meetingId: id, userId: ben.userId, score: 2 }]);
});

test("[RATINGS-2] [RATINGS-3] [RATINGS-5] [RATINGS-6] it is changed within seven days and taken back at any time, and the log has no content", async () => {
  const id = await call();
  await house.meetings.end(ann, id);
  const heard: string[] = [];
  const stop = house.bus.subscribe("rating.changed", ({ meetingId }) => heard.push(meetingId));
  await rate(ben, id, 4, secret);
  await rate(ben, id, 4, secret);
  await rate(ben, id, 3, "  ");
  expect(await own(ben, id)).toMatchObject({ score: 3, comment: null });
  clock.advance(8 * dayMs);
  expect(await codeOf(rate(ben, id, 1))).toBe("CONFLICT");
  expect(await own(ben, id)).toMatchObject({ score: 3 });
  await house.ratings.withdraw(ben, id);
  await house.ratings.withdraw(ben, id);
  expect(await own(ben, id)).toBeNull();
  expect(heard).toEqual([id, id, id]);
  stop();
  const entries = await store.connection
    .collection("auditLogs")
    .find({ resourceId: id, action: /^rating\./ })
    .sort({ _id: 1 })
    .toArray();
  expect(entries.map(({ action, metadata }) => [action, metadata])).toEqual([
    ["rating.give", { change: "given" }],
    ["rating.give", { change: "changed" }],
    ["rating.withdraw", { change: "withdrawn" }],
  ]);
  expect(JSON.stringify(entries)).not.toContain(secret);
});
