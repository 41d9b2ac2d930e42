// Plans as use cases: each is its person's alone; commitments of calls come in as milestones and close them.
import { createHash } from "node:crypto";
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import { milestoneIdSchema, planIdSchema, type PlanId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { Plan } from "../../../shared/schemas/plans.ts";
import type { Clock } from "../../platform/clock.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AuditService } from "../audit/index.ts";
import type { PlansService } from "./index.ts";
import { progressOf } from "./plans.progress.ts";
import type { PlanOwner, PlansRepository, StoredMilestone, StoredPlan } from "./plans.repository.ts";

/** Two pages of one person at once, and a commitment closed meanwhile: more do not come together. */
const triesMost = 8;
const firstTimelineMonths = 12;

export function createPlansModule(options: {
  repository: PlansRepository;
  clock: Clock;
  ids: Pick<IdSource, "objectId">;
  audit: Pick<AuditService, "record">;
  metrics: Metrics;
}): PlansService {
  const { repository, clock, ids, audit } = options;
  const changes = options.metrics.counter("plan_changes_total", "Changes of development plans", ["change"]);

  async function note(actor: Pick<Actor, "userId">, planId: PlanId, action: string): Promise<void> {
    changes.inc({ change: action });
    await audit.record({
      actorUserId: actor.userId,
      resourceType: "plan",
      resourceId: planId,
      action,
      outcome: "done",
    });
  }

  function view(plan: StoredPlan): Plan {
    const { id, targetRole, targetCompany, targetTimeline, skillsToDevelop, status, createdAt, updatedAt } =
      plan;
    return {
      id,
      targetRole,
      targetCompany,
      targetTimeline,
      skillsToDevelop,
      milestones: plan.milestones.map(({ completedAt, ...milestone }) => ({
        ...milestone,
        completed: completedAt !== null,
        completedDate: completedAt?.toISOString() ?? null,
      })),
      status,
      progress: progressOf(plan, clock.now()),
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    };
  }

  /** Applied to the plan as it is; again where somebody else was quicker. The plan itself where `change` gives it back. */
  async function changed(
    owner: PlanOwner,
    planId: PlanId,
    change: (plan: StoredPlan) => StoredPlan,
  ): Promise<StoredPlan> {
    for (let tries = 0; tries < triesMost; tries += 1) {
      const plan = await repository.find(owner, planId);
      if (plan === null) throw notFound("This plan");
      const next = change(plan);
      if (next === plan) return plan;
      if (await repository.replace({ ...next, updatedAt: clock.now() })) return next;
    }
    throw new AppError("CONFLICT", "The plan is being changed elsewhere: try again in a moment.");
  }

  function withMilestone(
    plan: StoredPlan,
    id: string,
    change: (milestone: StoredMilestone) => StoredMilestone[],
  ): StoredPlan {
    if (!plan.milestones.some((one) => one.id === id)) throw notFound("This milestone");
    return { ...plan, milestones: plan.milestones.flatMap((one) => (one.id === id ? change(one) : [one])) };
  }

  function added(plan: StoredPlan, milestone: StoredMilestone): StoredPlan {
    if (plan.milestones.length >= limits.planMilestonesMost)
      throw new AppError("CONFLICT", `A plan holds ${limits.planMilestonesMost} milestones at most.`);
    return { ...plan, milestones: [...plan.milestones, milestone] };
  }

  function newPlan(owner: PlanOwner, id: PlanId): StoredPlan {
    const now = clock.now();
    return {
      ...owner,
      id,
      targetRole: null,
      targetCompany: null,
      targetTimeline: firstTimelineMonths,
      skillsToDevelop: [],
      milestones: [],
      status: "active",
      revision: 0,
      createdAt: now,
      updatedAt: now,
    };
  }

  /** The newest that is under way; else a new one, the same for all who come at once. */
  async function activePlan(actor: Actor, owner: PlanOwner): Promise<StoredPlan> {
    const plans = await repository.list(owner);
    const active = plans.find(({ status }) => status === "active");
    if (active !== undefined) return active;
    const plan = newPlan(owner, firstPlanId(owner, plans.length));
    if (await repository.insert(plan)) await note(actor, plan.id, "plan.create");
    return plan;
  }

  return {
    async list(actor) {
      return { items: (await repository.list(ownerOf(actor))).map(view) };
    },

    async create(actor, input) {
      const owner = ownerOf(actor);
      if ((await repository.list(owner)).length >= limits.plansPerPerson)
        throw new AppError("CONFLICT", `You have ${limits.plansPerPerson} plans: delete one first.`);
      const plan = { ...newPlan(owner, planIdSchema.parse(ids.objectId())), ...input };
      await repository.insert(plan);
      await note(actor, plan.id, "plan.create");
      return view(plan);
    },

    async change(actor, planId, input) {
      const named = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
      const plan = await changed(ownerOf(actor), planId, (before) => ({ ...before, ...named }));
      await note(actor, planId, "plan.change");
      return view(plan);
    },

    async remove(actor, planId) {
      if (!(await repository.remove(ownerOf(actor), planId))) throw notFound("This plan");
      await note(actor, planId, "plan.delete");
    },

    async addMilestone(actor, planId, { title, description, targetDate }) {
      const milestone: StoredMilestone = {
        id: milestoneIdSchema.parse(ids.objectId()),
        title,
        description,
        targetDate,
        completedAt: null,
        source: null,
      };
      const plan = await changed(ownerOf(actor), planId, (before) => added(before, milestone));
      await note(actor, planId, "plan.add-milestone");
      return view(plan);
    },

    async changeMilestone(actor, planId, milestoneId, { completed, ...words }) {
      const named = Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
      const plan = await changed(ownerOf(actor), planId, (before) =>
        withMilestone(before, milestoneId, (one) => [
          {
            ...one,
            ...named,
            completedAt:
              completed === undefined ? one.completedAt : completed ? (one.completedAt ?? clock.now()) : null,
          },
        ]),
      );
      await note(actor, planId, "plan.change-milestone");
      return view(plan);
    },

    async removeMilestone(actor, planId, milestoneId) {
      const plan = await changed(ownerOf(actor), planId, (before) =>
        withMilestone(before, milestoneId, () => []),
      );
      await note(actor, planId, "plan.delete-milestone");
      return view(plan);
    },

    commitments: {
      async make(actor, { id, meetingId, text, day, done }) {
        const owner = ownerOf(actor);
        const known = (await repository.list(owner)).find(({ milestones }) => milestoneOf(milestones, id));
        const before = known ?? (await activePlan(actor, owner));
        const milestone: StoredMilestone = {
          id: milestoneIdSchema.parse(ids.objectId()),
          title: text.slice(0, limits.planTextMaxChars),
          description: "",
          targetDate: day,
          completedAt: done ? clock.now() : null,
          source: { meetingId, actionId: id },
        };
        const plan = await changed(owner, before.id, (now) =>
          milestoneOf(now.milestones, id) === undefined ? added(now, milestone) : now,
        );
        const made = milestoneOf(plan.milestones, id);
        if (made === undefined) throw notFound("This milestone");
        if (made.id === milestone.id) await note(actor, plan.id, "plan.add-milestone");
        return { planId: plan.id, milestoneId: made.id };
      },

      async closed(actionId, done) {
        for (const { id, userId, orgId } of await repository.withAction(actionId))
          await changed({ userId, orgId }, id, (plan) => {
            const one = milestoneOf(plan.milestones, actionId);
            if (one === undefined || (one.completedAt !== null) === done) return plan;
            const completedAt = done ? clock.now() : null;
            return withMilestone(plan, one.id, (milestone) => [{ ...milestone, completedAt }]);
          });
      },

      async madeBy(actor) {
        // Whoever acts as somebody sees their calls, not their plans.
        if (actor.impersonator !== undefined) return new Set();
        const plans = await repository.list(ownerOf(actor));
        return new Set(
          plans.flatMap(({ milestones }) => milestones.flatMap(({ source }) => source?.actionId ?? [])),
        );
      },
    },

    data: {
      removeOfPerson: (userId) => repository.removeOfPerson(userId),
      async exportOf(userId) {
        const plans = await repository.ofPerson(userId);
        return plans.length === 0 ? {} : { plans: plans.map(view) };
      },
      // Deleted plans are gone at once.
      removeDeleted: () => Promise.resolve(0),
    },
  };
}

function milestoneOf(milestones: readonly StoredMilestone[], actionId: string): StoredMilestone | undefined {
  return milestones.find(({ source }) => source?.actionId === actionId);
}

/** Nobody else finds what is theirs, and not they themselves from another organisation. */
function ownerOf({ userId, orgId, impersonator }: Actor): PlanOwner {
  if (impersonator !== undefined)
    throw new AppError("FORBIDDEN", "A plan is for its person alone: it is closed to whoever acts as them.");
  return { userId, orgId };
}

/** Follows from the person and what they have, so that two who come at once make one. */
function firstPlanId({ userId, orgId }: PlanOwner, place: number): PlanId {
  const digest = createHash("sha256")
    .update(`plan/${orgId ?? ""}/${userId}/${place}`)
    .digest("hex");
  return planIdSchema.parse(digest.slice(0, 24));
}
