// Plans over an in-memory store: whose they are, what progress is, and how commitments come in and close.
import { describe, expect, test } from "vitest";
import { actor } from "../../../tests/factories/live-modules.ts";
import type { Actor } from "../../../shared/actor.ts";
import { actionItemIdSchema, meetingIdSchema, milestoneIdSchema, type OrgId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import { planSchema } from "../../../shared/schemas/plans.ts";
import { systemClock } from "../../platform/clock.ts";
import { countingIds } from "../../platform/ids.ts";
import { createMetrics } from "../../platform/metrics.ts";
import { createPlansModule } from "./index.ts";
import { endOf, progressOf } from "./plans.progress.ts";
import type { PlanOwner, PlansRepository, StoredPlan } from "./plans.repository.ts";

const [ann, ben] = [actor(), actor()];
const meetingId = meetingIdSchema.parse("e".repeat(24));
const [first, second] = [actionItemIdSchema.parse("1".repeat(24)), actionItemIdSchema.parse("2".repeat(24))];
const start = new Date("2026-01-31T12:00:00Z");

function memoryPlans(): PlansRepository {
  const plans = new Map<string, StoredPlan>();
  const isOf = (plan: StoredPlan, { userId, orgId }: PlanOwner) =>
    plan.userId === userId && plan.orgId === orgId;
  const all = () => [...plans.values()].map((plan) => structuredClone(plan));
  return {
    list: async (owner) =>
      all()
        .filter((plan) => isOf(plan, owner))
        .reverse(),
    find: async (owner, id) => all().find((plan) => plan.id === id && isOf(plan, owner)) ?? null,
    async insert(plan) {
      if (plans.has(plan.id)) return false;
      plans.set(plan.id, structuredClone(plan));
      return true;
    },
    async replace(plan) {
      if (plans.get(plan.id)?.revision !== plan.revision) return false;
      plans.set(plan.id, { ...structuredClone(plan), revision: plan.revision + 1 });
      return true;
    },
    async remove(owner, id) {
      const plan = plans.get(id);
      return plan !== undefined && isOf(plan, owner) && plans.delete(id);
    },
    withAction: async (actionId) =>
      all().filter(({ milestones }) => milestones.some(({ source }) => source?.actionId === actionId)),
    ofPerson: async (userId) => all().filter((plan) => plan.userId === userId),
    async removeOfPerson(userId) {
      for (const plan of all()) if (plan.userId === userId) plans.delete(plan.id);
    },
  };
}

function opened() {
  let now = start;
  const audited: string[] = [];
  const plans = createPlansModule({
    repository: memoryPlans(),
    clock: { ...systemClock, now: () => now },
    ids: countingIds(),
    audit: { record: async ({ action }) => void audited.push(action) },
    metrics: createMetrics({ processMetrics: false }),
  });
  const begin = (who: Actor, targetRole = "Head of design") =>
    plans.create(who, { targetRole, targetCompany: null, targetTimeline: 10, skillsToDevelop: [] });
  const promise = (id = first, text = "Send the plan") => ({ id, meetingId, text, day: null, done: false });
  return { plans, audited, begin, promise, at: (text: string) => (now = new Date(text)) };
}

test("[PLANS-1] nobody else finds a plan, not from another organisation, and not whoever acts as its person", async () => {
  const { plans, begin } = opened();
  const { id } = await begin(ann);
  expect((await plans.list(ben)).items).toEqual([]);
  const elsewhere = { ...ann, orgId: "org_other" as OrgId };
  expect((await plans.list(elsewhere)).items).toEqual([]);
  for (const other of [ben, elsewhere]) {
    await expect(plans.change(other, id, { status: "paused" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(plans.remove(other, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(
      plans.addMilestone(other, id, { title: "Mine", description: "", targetDate: null }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  }
  const support: Actor = { ...ann, impersonator: "support@example.org" } as Actor;
  await expect(plans.list(support)).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(await plans.commitments.madeBy(support)).toEqual(new Set());
});

test("[PLANS-2] progress follows milestones and skills, half each, and time decides what is on track", async () => {
  const { plans, begin, at } = opened();
  const { id } = await begin(ann);
  const skill = {
    currentLevel: 1,
    targetLevel: 4,
    priority: "high" as const,
    developmentTime: 6,
    resources: [],
  };
  await plans.change(ann, id, { skillsToDevelop: [{ ...skill, skill: "Listening", progress: 40 }] });
  let plan = await plans.addMilestone(ann, id, {
    title: "Ask three people",
    description: "",
    targetDate: null,
  });
  const [milestone] = plan.milestones;
  if (milestone === undefined) throw new Error("there is a milestone");
  expect(plan.progress).toMatchObject({ overallProgress: 20, timeGone: 0, onTrack: true });
  plan = await plans.changeMilestone(ann, id, milestone.id, { completed: true });
  expect(planSchema.parse(plan)).toEqual(plan);
  expect(plan.progress).toMatchObject({ overallProgress: 70, milestonesCompleted: 1 });
  at("2026-11-25T12:00:00Z");
  expect((await plans.list(ann)).items[0]?.progress).toMatchObject({ timeGone: 98, onTrack: false });
});

test("[PLANS-2] an open step whose day is over is late; one that is done is not", () => {
  const base = { createdAt: start, targetTimeline: 10, skillsToDevelop: [], status: "active" as const };
  const step = {
    id: milestoneIdSchema.parse("a".repeat(24)),
    title: "",
    description: "",
    targetDate: "2026-02-01",
    source: null,
  };
  const on = (day: string, completedAt: Date | null) =>
    progressOf({ ...base, milestones: [{ ...step, completedAt }] }, new Date(day));
  expect(on("2026-02-01T23:00:00Z", null)).toMatchObject({ milestonesLate: 0, onTrack: true });
  expect(on("2026-02-02T00:00:00Z", null)).toMatchObject({ milestonesLate: 1, onTrack: false });
  expect(on("2026-02-02T00:00:00Z", start)).toMatchObject({ milestonesLate: 0, onTrack: true });
  expect(endOf(start, 1).toISOString()).toBe("2026-02-28T12:00:00.000Z");
});

describe("commitments", () => {
  test("[PLANS-3] one becomes a milestone once, of the newest plan under way", async () => {
    const { plans, begin, promise, audited } = opened();
    await begin(ann, "First");
    const { id } = await begin(ann, "Second");
    const made = await plans.commitments.make(ann, promise());
    expect(made.planId).toBe(id);
    expect(await plans.commitments.make(ann, promise())).toEqual(made);
    expect([...(await plans.commitments.madeBy(ann))]).toEqual([first]);
    expect(await plans.commitments.madeBy(ben)).toEqual(new Set());
    expect(audited.filter((action) => action === "plan.add-milestone")).toHaveLength(1);
  });

  test("[PLANS-3] [PLANS-5] without a plan one begins with them, also where several come at once", async () => {
    const { plans, promise } = opened();
    await Promise.all([
      plans.commitments.make(ann, promise(first)),
      plans.commitments.make(ann, promise(second, "Call the clinic")),
    ]);
    const { items } = await plans.list(ann);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ targetRole: null, status: "active" });
    expect(items[0]?.milestones.map(({ title }) => title).toSorted()).toEqual([
      "Call the clinic",
      "Send the plan",
    ]);
  });

  test("[PLANS-4] closing it moves the plan of everybody who made it a milestone, and opening it moves it back", async () => {
    const { plans, promise } = opened();
    await plans.commitments.make(ann, promise());
    await plans.commitments.make(ben, promise());
    const reached = async (who: Actor) => (await plans.list(who)).items[0]?.progress.overallProgress;
    await plans.commitments.closed(first, true);
    await plans.commitments.closed(first, true);
    expect([await reached(ann), await reached(ben)]).toEqual([100, 100]);
    await plans.commitments.closed(first, false);
    expect([await reached(ann), await reached(ben)]).toEqual([0, 0]);
    await plans.commitments.closed(second, true);
  });
});

test("plans and their steps are bounded", async () => {
  const { plans, begin } = opened();
  const { id } = await begin(ann);
  for (let n = 1; n < limits.plansPerPerson; n += 1) await begin(ann);
  await expect(begin(ann)).rejects.toMatchObject({ code: "CONFLICT" });
  const step = { title: "Step", description: "", targetDate: null };
  for (let n = 0; n < limits.planMilestonesMost; n += 1) await plans.addMilestone(ann, id, step);
  await expect(plans.addMilestone(ann, id, step)).rejects.toMatchObject({ code: "CONFLICT" });
});

test("[PLANS-6] plans go with their person, who gets them with their data", async () => {
  const { plans, begin } = opened();
  await begin(ann);
  await begin(ben);
  expect((await plans.data.exportOf(ann.userId))["plans"]).toHaveLength(1);
  await plans.data.removeOfPerson(ann.userId);
  expect(await plans.data.exportOf(ann.userId)).toEqual({});
  expect((await plans.list(ben)).items).toHaveLength(1);
});
