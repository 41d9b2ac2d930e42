// Development plans in the store, with the seeds' fields: one document a plan.
import mongoose from "mongoose";
import {
  actionItemIdSchema,
  meetingIdSchema,
  milestoneIdSchema,
  planIdSchema,
  userIdSchema,
  type OrgId,
} from "../../../shared/ids.ts";
import type { PlanSkill, PlanStatus } from "../../../shared/schemas/plans.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { PlansRepository, StoredMilestone, StoredPlan } from "./plans.repository.ts";

const { ObjectId } = mongoose.Types;
type ObjectId = mongoose.Types.ObjectId;
const { ObjectId: ObjectIdType } = mongoose.Schema.Types;

interface MilestoneDocument {
  id: string;
  title: string;
  description: string;
  targetDate: string | null;
  completedDate: Date | null;
  meetingId: string | null;
  actionId: string | null;
}

interface PlanDocument {
  _id: ObjectId;
  userId: string;
  orgId: string | null;
  targetRole: string | null;
  targetCompany: string | null;
  targetTimeline: number;
  skillsToDevelop: PlanSkill[];
  milestones: MilestoneDocument[];
  status: PlanStatus;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

const skillSchema = new mongoose.Schema<PlanSkill>(
  {
    skill: { type: String, required: true },
    currentLevel: { type: Number, required: true },
    targetLevel: { type: Number, required: true },
    priority: { type: String, required: true },
    developmentTime: { type: Number, default: null },
    resources: { type: [String], required: true },
    progress: { type: Number, required: true },
  },
  { _id: false, strict: "throw" },
);
const milestoneSchema = new mongoose.Schema<MilestoneDocument>(
  {
    id: { type: String, required: true },
    title: { type: String, required: true },
    description: { type: String, default: "" },
    targetDate: { type: String, default: null },
    completedDate: { type: Date, default: null },
    meetingId: { type: String, default: null },
    actionId: { type: String, default: null },
  },
  { _id: false, id: false, strict: "throw" },
);
const planSchema = new mongoose.Schema<PlanDocument>(
  {
    _id: { type: ObjectIdType, required: true },
    userId: { type: String, required: true },
    orgId: { type: String, default: null },
    targetRole: { type: String, default: null },
    targetCompany: { type: String, default: null },
    targetTimeline: { type: Number, required: true },
    skillsToDevelop: { type: [skillSchema], required: true },
    milestones: { type: [milestoneSchema], required: true },
    status: { type: String, required: true },
    revision: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: "developmentPlans", strict: "throw", autoIndex: false, autoCreate: false, versionKey: false },
);
planSchema.index({ userId: 1, createdAt: -1 });
planSchema.index({ userId: 1, status: 1 });
// By which a commitment that is closed finds its milestones.
planSchema.index({ "milestones.actionId": 1 });

const plansAtOnce = 100;

export async function createPlansRepository(connection: mongoose.Connection): Promise<PlansRepository> {
  const plans = connection.model<PlanDocument>("DevelopmentPlan", planSchema);
  await createIndexes(plans);
  return {
    async list({ userId, orgId }) {
      const found = await plans
        .find({ userId, orgId })
        .sort({ createdAt: -1 })
        .limit(plansAtOnce)
        .lean<PlanDocument[]>();
      return found.map(toPlan);
    },

    async find({ userId, orgId }, planId) {
      const found = await plans.findOne({ _id: planId, userId, orgId }).lean<PlanDocument>();
      return found === null ? null : toPlan(found);
    },

    async insert(plan) {
      const { _id, ...fields } = fromPlan(plan);
      const written = await plans.updateOne({ _id }, { $setOnInsert: fields }, { upsert: true });
      return written.upsertedCount === 1;
    },

    async replace(plan) {
      const { _id, userId, orgId, revision, createdAt: _created, ...fields } = fromPlan(plan);
      const written = await plans.updateOne(
        { _id, userId, orgId, revision },
        { $set: { ...fields, revision: revision + 1 } },
      );
      return written.matchedCount === 1;
    },

    async remove({ userId, orgId }, planId) {
      return (await plans.deleteOne({ _id: planId, userId, orgId })).deletedCount === 1;
    },

    async withAction(actionId) {
      const found = await plans.find({ "milestones.actionId": actionId }).lean<PlanDocument[]>();
      return found.map(toPlan);
    },

    async ofPerson(userId) {
      const found = await plans.find({ userId }).sort({ createdAt: -1 }).lean<PlanDocument[]>();
      return found.map(toPlan);
    },

    async removeOfPerson(userId) {
      await plans.deleteMany({ userId });
    },
  };
}

function fromPlan({ id, milestones, ...plan }: StoredPlan): PlanDocument {
  return {
    ...plan,
    _id: new ObjectId(id),
    milestones: milestones.map(({ completedAt, source, ...milestone }) => ({
      ...milestone,
      completedDate: completedAt,
      meetingId: source?.meetingId ?? null,
      actionId: source?.actionId ?? null,
    })),
  };
}

function toPlan(document: PlanDocument): StoredPlan {
  const { _id, userId, orgId, milestones, ...plan } = document;
  return {
    ...plan,
    id: planIdSchema.parse(_id.toHexString()),
    userId: userIdSchema.parse(userId),
    orgId: orgId as OrgId | null,
    milestones: milestones.map(toMilestone),
  };
}

function toMilestone(document: MilestoneDocument): StoredMilestone {
  const { id, title, description, targetDate, completedDate, meetingId, actionId } = document;
  return {
    id: milestoneIdSchema.parse(id),
    title,
    description,
    targetDate,
    completedAt: completedDate,
    source:
      meetingId === null || actionId === null
        ? null
        : { meetingId: meetingIdSchema.parse(meetingId), actionId: actionItemIdSchema.parse(actionId) },
  };
}
