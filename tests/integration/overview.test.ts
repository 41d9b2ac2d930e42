// The organisation's figures with everything real behind them: from calls that were held to what an administrator gets.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOverviewModule, type OverviewService } from "../../server/modules/overview/index.ts";
import { FakeClock } from "../../server/platform/clock.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import type { Actor } from "../../shared/actor.ts";
import type { OrgId } from "../../shared/ids.ts";
import { giveRatingSchema } from "../../shared/schemas/ratings.ts";
import type { Overview } from "../../shared/schemas/overview.ts";
import { openCoaching, type Coaching } from "../factories/coaching.ts";
import { codeOf } from "../factories/live-modules.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const orgId = "org_practice" as OrgId;

let store: TestStore;
let house: Coaching;
let clock: FakeClock;
let overview: OverviewService;
let coaches: Actor[];
let admin: Actor;

const overviewOn = (house: Coaching) =>
  createOverviewModule({
    // A process compiles its models once; here several follow each other on one store.
    connection: store.connection.useDb(store.connection.name, { useCache: false }),
    meetings: house.meetings,
    insights: house.insights,
    ratings: house.ratings,
    organizations: { ids: () => Promise.resolve([orgId]) },
    clock,
    metrics: createMetrics({ processMetrics: false }),
    logger: silentLogger,
  });

/** Held at once, as nobody can hold a meeting in the past; with a rating and a commitment of everybody. */
async function held(coach: Actor, coachee: Actor, score: number): Promise<void> {
  const { id } = await house.create(coach, {
    title: "canary-title",
    participants: [{ email: coachee.email }],
  });
  await house.meetings.start(coach, id);
  for (const person of [coach, coachee]) await house.meetings.join(person, id, "here");
  await house.say(coach, id, [
    [coachee, "I'll send you the canary-words by Friday."],
    [coach, "I'll call the canary-person tomorrow."],
  ]);
  const prepared = house.next("recap.changed", ({ meetingId }) => meetingId === id);
  await house.meetings.end(coach, id);
  await house.insights.prepare(id);
  await prepared;
  for (;;) {
    if ((await house.insights.recap(coach, id)).status === "ready") break;
    await house.next("recap.changed");
  }
  for (const person of [coach, coachee])
    await house.ratings.give(person, id, giveRatingSchema.parse({ score, comment: "canary-comment" }));
}

beforeAll(async () => {
  store = await openTestStore();
  house = await openCoaching(store);
  const actors = await Promise.all(
    ["ann", "ben", "cleo", "dora", "eva", "finn"].map((name) => house.actorOf(name)),
  );
  coaches = actors.map((actor) => ({ ...actor, orgId }));
  admin = { ...(await house.actorOf("admin")), orgId, orgRole: "admin" };
  const pairs = [
    [0, 1, 4],
    [2, 3, 2],
    [4, 5, 3],
  ] as const;
  for (const [coach, coachee, score] of pairs)
    await held(coaches[coach] as Actor, coaches[coachee] as Actor, score);
  const planned = new Date().toISOString();
  const { id } = await house.create(coaches[0] as Actor, {
    scheduledAt: planned,
    participants: [{ email: "ben@example.org" }],
  });
  await house.meetings.cancel(coaches[0] as Actor, id);
  // Far enough ahead that the week and the block of four are complete and settled.
  clock = new FakeClock(new Date(Date.now() + 40 * dayMs));
  overview = await overviewOn(house);
});

afterAll(async () => {
  await house.close();
  await store.close();
});

const happened = ({ weeks }: Overview) => weeks.filter(({ state }) => state !== "none");

test("[OVERVIEW-1] [OVERVIEW-2] [OVERVIEW-11] meetings, commitments and ratings of the weeks that are complete", async () => {
  const report = await overview.report(admin, { weeks: 12 });
  expect(report.weeks).toHaveLength(12);
  const [week] = happened(report);
  // One meeting of two people was cancelled: neither it nor what it is told apart from stands alone.
  expect(week).toMatchObject({
    state: "shown",
    meetings: { total: 4, parts: { held: null, cancelled: null, "not-held": null }, together: 4 },
    places: { total: 6, parts: { came: 6, missed: 0 } },
    averageMinutes: 0,
  });
  const block = report.blocks.find(({ ratingsState }) => ratingsState !== "none");
  expect(block).toMatchObject({
    commitmentsState: "shown",
    commitments: { total: 6, parts: { done: null, open: null }, together: 6 },
    ratingsState: "shown",
    ratings: { average: 3, bound: "about", people: { total: 6, together: 6 } },
  });
  const csv = await overview.csv(admin, { weeks: 12 });
  expect(csv.split("\r\n").filter((line) => line.startsWith("week,"))).toHaveLength(12);
  expect(csv).toMatch(/^four weeks,.*,6,,,6,6,3,about,,,,,,6$/m);
  for (const said of [JSON.stringify(report), csv]) {
    expect(said).not.toContain("canary");
    for (const { userId, email } of coaches) {
      expect(said).not.toContain(userId);
      expect(said).not.toContain(email);
    }
  }
});

test("[OVERVIEW-3] another organisation's administrator gets nothing of it, and nobody else anything", async () => {
  const elsewhere = { ...admin, orgId: "org_elsewhere" as OrgId };
  expect(happened(await overview.report(elsewhere, { weeks: 52 }))).toEqual([]);
  const member = { ...admin, orgRole: "member" };
  expect(await codeOf(overview.report(member, { weeks: 12 }))).toBe("FORBIDDEN");
  expect(await codeOf(overview.csv({ ...admin, orgId: null }, { weeks: 12 }))).toBe("FORBIDDEN");
});

test("[OVERVIEW-14] [OVERVIEW-20] [OVERVIEW-22] what was counted stays, in every process, until it is counted anew", async () => {
  const before = await overview.report(admin, { weeks: 12 });
  const again = await overviewOn(house);
  const { userId } = coaches[0] as Actor;
  await store.connection.collection("meetingRatings").deleteMany({ userId });
  expect(await again.report(admin, { weeks: 12 })).toEqual(before);
  await again.recount(orgId);
  const after = await again.report(admin, { weeks: 12 });
  expect(after.blocks.find(({ ratingsState }) => ratingsState !== "none")?.ratings).toMatchObject({
    people: { total: 5 },
  });
  const first = JSON.stringify(after);
  await Promise.all([overview.recount(orgId), again.count(orgId)]);
  await again.count(orgId);
  expect(JSON.stringify(await again.report(admin, { weeks: 12 }))).toBe(first);
});

test("[OVERVIEW-14] [OVERVIEW-21] the present week is not shown, and the hourly round counts without anybody looking", async () => {
  const present = new FakeClock(new Date());
  const kept = () => store.connection.collection("overviewPeriods").countDocuments({ orgId });
  await store.connection.collection("overviewPeriods").deleteMany({ orgId });
  const standing = clock;
  clock = present;
  const now = await overviewOn(house);
  clock = standing;
  expect(happened(await now.report(admin, { weeks: 52 }))).toEqual([]);
  await store.connection.collection("overviewPeriods").deleteMany({ orgId });
  now.start();
  present.advance(60 * 60 * 1_000);
  await expect.poll(kept, { timeout: 60_000 }).toBeGreaterThanOrEqual(64);
  await now.stop();
});
