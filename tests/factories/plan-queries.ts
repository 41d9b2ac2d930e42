// Every query of development plans, once.
import type mongoose from "mongoose";
import { createPlansRepository } from "../../server/modules/plans/index.ts";
import {
  actionItemIdSchema,
  meetingIdSchema,
  milestoneIdSchema,
  planIdSchema,
  type UserId,
} from "../../shared/ids.ts";

export async function makePlanQueries(
  connection: mongoose.Connection,
  { userId, now }: { userId: UserId; now: Date },
): Promise<void> {
  const plans = await createPlansRepository(connection);
  const owner = { userId, orgId: null };
  const id = planIdSchema.parse("a".repeat(24));
  const actionId = actionItemIdSchema.parse("b".repeat(24));
  const plan = {
    ...owner,
    id,
    targetRole: "Head of design",
    targetCompany: null,
    targetTimeline: 12,
    skillsToDevelop: [
      {
        skill: "Listening",
        currentLevel: 1,
        targetLevel: 4,
        priority: "high" as const,
        developmentTime: 6,
        resources: ["A book"],
        progress: 10,
      },
    ],
    milestones: [
      {
        id: milestoneIdSchema.parse("c".repeat(24)),
        title: "Ask three people",
        description: "",
        targetDate: "2026-03-01",
        completedAt: now,
        source: { meetingId: meetingIdSchema.parse("d".repeat(24)), actionId },
      },
    ],
    status: "active" as const,
    revision: 0,
    createdAt: now,
    updatedAt: now,
  };
  await plans.insert(plan);
  await plans.list(owner);
  await plans.find(owner, id);
  await plans.replace(plan);
  await plans.withAction(actionId);
  await plans.ofPerson(userId);
  await plans.remove(owner, id);
  await plans.removeOfPerson(userId);
}
