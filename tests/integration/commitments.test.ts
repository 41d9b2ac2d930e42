// What people said that they would do, after the call: ticked off, moved to another day, and followed until it is done.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Actor } from "../../shared/actor.ts";
import { actionItemIdSchema, type MeetingId } from "../../shared/ids.ts";
import { updateActionItemSchema } from "../../shared/schemas/insights.ts";
import { openCoaching, type Coaching } from "../factories/coaching.ts";
import { delivered, recapWhen } from "../factories/recaps.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
let house: Coaching;
let ann: Actor;
let ben: Actor;
let olga: Actor;
let round = 0;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  round += 1;
  house = await openCoaching(store);
  [ann, ben, olga] = [
    await house.actorOf(`ann${round}`),
    await house.actorOf(`ben${round}`),
    await house.actorOf(`olga${round}`),
  ];
  // Olga observes, by the consent of the two others.
  for (const speaker of [ann, ben])
    await house.consent.decideDefault(speaker, { purpose: "sharing", answer: "given", wording: 1 });
});
afterEach(() => house.close());

async function conclude(title = "Call"): Promise<MeetingId> {
  const { id } = await house.create(ann, {
    title,
    participants: [{ email: ben.email }, { email: olga.email, role: "observer" }],
  });
  await house.meetings.start(ann, id);
  await house.say(ann, id, [
    [ann, "What will you do about the knee?"],
    [ben, "I'll call the physiotherapist by Friday."],
    [ann, "Great, I'll send you the training plan tomorrow."],
  ]);
  await house.meetings.end(ann, id);
  return id;
}

test("[INSIGHTS-12] ticked off by one, an action is ticked off for all; observers and strangers do not tick", async () => {
  const id = await conclude();
  await house.insights.prepare(id);
  const [action] = (await recapWhen(house, ann, id, delivered)).insight?.actionItems ?? [];
  if (action === undefined) throw new Error("an action is expected");
  const changed = house.next("recap.changed");
  await house.insights.updateActionItem(ben, id, action.id, { done: true });
  expect((await changed).meetingId).toBe(id);
  for (const reader of [ann, ben, olga]) {
    const { insight } = await house.insights.recap(reader, id);
    expect(insight?.actionItems.find((one) => one.id === action.id)?.done).toBe(true);
  }
  const refused = (who: Actor, code: string) =>
    expect(house.insights.updateActionItem(who, id, action.id, { done: false })).rejects.toMatchObject({
      code,
    });
  await refused(olga, "FORBIDDEN");
  await refused(await house.actorOf("stranger"), "NOT_FOUND");
  const nobodys = actionItemIdSchema.parse("0".repeat(24));
  await expect(house.insights.updateActionItem(ann, id, nobodys, { done: true })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("[INSIGHTS-14] open actions follow hosts and participants until they are done, each exactly once", async () => {
  const id = await conclude("Knee");
  await house.insights.prepare(id);
  await recapWhen(house, ben, id, delivered);
  const open = await house.insights.openCommitments(ben);
  expect(
    open.map(({ text, mine, ownerName, meetingTitle }) => ({ text, mine, ownerName, meetingTitle })),
  ).toEqual(
    expect.arrayContaining([
      {
        text: "Call the physiotherapist by Friday",
        mine: true,
        ownerName: ben.displayName,
        meetingTitle: "Knee",
      },
      {
        text: "Send you the training plan tomorrow",
        mine: false,
        ownerName: ann.displayName,
        meetingTitle: "Knee",
      },
    ]),
  );
  expect(open).toHaveLength(2);
  expect(await house.insights.openCommitments(olga)).toEqual([]);
  await house.insights.updateActionItem(ben, id, actionItemIdSchema.parse(open[0]?.id), { done: true });
  expect(await house.insights.openCommitments(ben)).toHaveLength(1);
  expect(await house.insights.openCommitments(ann)).toHaveLength(1);
});

test("[INSIGHTS-17] an open action is moved to a day and back, for all; a recap that is made anew keeps it", async () => {
  const id = await conclude();
  await house.insights.prepare(id);
  const [action] = (await recapWhen(house, ann, id, delivered)).insight?.actionItems ?? [];
  if (action === undefined) throw new Error("an action is expected");
  const moved = await house.insights.updateActionItem(ben, id, action.id, { movedTo: "2030-02-28" });
  expect(moved).toMatchObject({ movedTo: "2030-02-28", dueText: action.dueText, done: false });
  await house.insights.prepare(id);
  for (const reader of [ann, ben]) {
    const open = await house.insights.openCommitments(reader);
    expect(open.find((one) => one.id === action.id)).toMatchObject({ movedTo: "2030-02-28" });
  }
  // Ticking it off is another matter.
  expect(await house.insights.updateActionItem(ann, id, action.id, { done: true })).toMatchObject({
    movedTo: "2030-02-28",
    done: true,
  });
  expect(await house.insights.updateActionItem(ann, id, action.id, { movedTo: null })).toMatchObject({
    movedTo: null,
    done: true,
  });
  await expect(
    house.insights.updateActionItem(olga, id, action.id, { movedTo: "2030-02-28" }),
  ).rejects.toMatchObject({ code: "FORBIDDEN" });
  for (const body of [{}, { movedTo: "2030-02-30" }, { movedTo: "soon" }, { movedTo: 5 }])
    expect(updateActionItemSchema.safeParse(body).success).toBe(false);
});

test("[PLANS-3] [PLANS-4] an own commitment becomes a step of one's plan, and closing it moves the plan", async () => {
  const id = await conclude("Knee");
  await house.insights.prepare(id);
  const { insight } = await recapWhen(house, ben, id, delivered);
  const own = insight?.actionItems.find(({ ownerId }) => ownerId === ben.userId);
  if (own === undefined) throw new Error("an action of Ben's is expected");
  for (const other of [ann, olga])
    await expect(house.insights.makeMilestone(other, id, own.id)).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  await house.insights.makeMilestone(ben, id, own.id);
  await house.insights.makeMilestone(ben, id, own.id);
  const isMilestone = async (reader: Actor) =>
    (await house.insights.recap(reader, id)).insight?.actionItems.find((one) => one.id === own.id)?.milestone;
  expect([await isMilestone(ben), await isMilestone(ann)]).toEqual([true, false]);
  const planOf = async (who: Actor) => (await house.plans.list(who)).items;
  expect(await planOf(ann)).toEqual([]);
  expect(await planOf(ben)).toMatchObject([
    { progress: { overallProgress: 0 }, milestones: [{ title: own.text, completed: false }] },
  ]);
  // Whoever of the call ticks it off.
  await house.insights.updateActionItem(ann, id, own.id, { done: true });
  expect(await planOf(ben)).toMatchObject([{ progress: { overallProgress: 100 } }]);
});

test("[PLANS-7] a process that ends between ticking a commitment and the milestone leaves the milestone to a job", async () => {
  const id = await conclude("Knee");
  await house.insights.prepare(id);
  const { insight } = await recapWhen(house, ben, id, delivered);
  const own = insight?.actionItems.find(({ ownerId }) => ownerId === ben.userId);
  if (own === undefined) throw new Error("an action of Ben's is expected");
  await house.insights.makeMilestone(ben, id, own.id);
  const { commitments } = house.plans;
  const closed = commitments.closed;
  commitments.closed = () => {
    commitments.closed = closed;
    return Promise.reject(new Error("the process ends here"));
  };
  await expect(house.insights.updateActionItem(ben, id, own.id, { done: true })).rejects.toThrow("ends here");
  await expect
    .poll(async () => (await house.plans.list(ben)).items, { timeout: 60_000, interval: 50 })
    .toMatchObject([{ milestones: [{ completed: true }] }]);
  // The job of before changes nothing of what came after it.
  expect(await house.insights.updateActionItem(ann, id, own.id, { done: false })).toMatchObject({
    done: false,
  });
  await expect
    .poll(() => house.jobs.counts(), { timeout: 60_000, interval: 50 })
    .toMatchObject({ waiting: 0, running: 0, dead: 0 });
  expect((await house.plans.list(ben)).items).toMatchObject([{ milestones: [{ completed: false }] }]);
});
