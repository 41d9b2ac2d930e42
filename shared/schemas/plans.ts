// Development plans: the role somebody wants, the skills and milestones on the way, and how far they are.
import { z } from "zod";
import { actionItemIdSchema, meetingIdSchema, milestoneIdSchema, planIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { plainText, timestampSchema } from "./common.ts";

export const planStatusSchema = z.enum(["active", "paused", "completed"]);
export type PlanStatus = z.infer<typeof planStatusSchema>;

export const skillPrioritySchema = z.enum(["high", "medium", "low"]);
const name = plainText(limits.planNameMaxChars).pipe(z.string().trim().min(1));
const level = z.number().int().min(0).max(5);

export const planSkillSchema = z.object({
  skill: name,
  /** From 0 (none yet) to 5 (others learn it from them), as the person sees themselves. */
  currentLevel: level,
  targetLevel: level,
  priority: skillPrioritySchema,
  /** In weeks; null where nobody has said. */
  developmentTime: z.number().int().min(1).max(520).nullable(),
  resources: z.array(plainText(limits.planTextMaxChars)).max(10),
  /** How far the way from one level to the other is gone, in percent. */
  progress: z.number().int().min(0).max(100),
});
export type PlanSkill = z.infer<typeof planSkillSchema>;

export const milestoneSchema = z.object({
  id: milestoneIdSchema,
  title: z.string(),
  description: z.string(),
  targetDate: z.iso.date().nullable(),
  completed: z.boolean(),
  completedDate: timestampSchema.nullable(),
  /** The commitment of a call that it was made of: closing that one closes it. */
  source: z.object({ meetingId: meetingIdSchema, actionId: actionItemIdSchema }).nullable(),
});
export type Milestone = z.infer<typeof milestoneSchema>;

export const planProgressSchema = z.object({
  /** In percent: half by milestones and half by skills, where there are both. */
  overallProgress: z.number().int().min(0).max(100),
  /** What of the plan's time is gone, in percent. */
  timeGone: z.number().int().min(0).max(100),
  milestonesCompleted: z.number().int().min(0),
  /** Open ones whose day is over. */
  milestonesLate: z.number().int().min(0),
  /** In days, from now to the end of the timeline. */
  timeRemaining: z.number().int().min(0),
  onTrack: z.boolean(),
});
export type PlanProgress = z.infer<typeof planProgressSchema>;

export const planSchema = z.object({
  id: planIdSchema,
  /** Null as long as nobody has named it. */
  targetRole: z.string().nullable(),
  targetCompany: z.string().nullable(),
  /** In months from its beginning. */
  targetTimeline: z.number().int().min(1).max(120),
  skillsToDevelop: z.array(planSkillSchema),
  milestones: z.array(milestoneSchema),
  status: planStatusSchema,
  progress: planProgressSchema,
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
});
export type Plan = z.infer<typeof planSchema>;

/** Newest first. */
export const plansSchema = z.object({ items: z.array(planSchema) });
export type Plans = z.infer<typeof plansSchema>;

const skills = z.array(planSkillSchema).max(limits.planSkillsMost);

export const createPlanSchema = z.strictObject({
  targetRole: name.nullable().default(null),
  targetCompany: name.nullable().default(null),
  targetTimeline: z.number().int().min(1).max(120).default(12),
  skillsToDevelop: skills.default([]),
});
export type CreatePlan = z.infer<typeof createPlanSchema>;

/** What is not named stays as it is. */
export const changePlanSchema = z.strictObject({
  targetRole: name.nullable().optional(),
  targetCompany: name.nullable().optional(),
  targetTimeline: z.number().int().min(1).max(120).optional(),
  status: planStatusSchema.optional(),
  skillsToDevelop: skills.optional(),
});
export type ChangePlan = z.infer<typeof changePlanSchema>;

const milestoneTitle = plainText(limits.planTextMaxChars).pipe(z.string().trim().min(1));

export const addMilestoneSchema = z.strictObject({
  title: milestoneTitle,
  description: plainText(limits.planTextMaxChars).default(""),
  targetDate: z.iso.date().nullable().default(null),
});
export type AddMilestone = z.infer<typeof addMilestoneSchema>;

export const changeMilestoneSchema = z.strictObject({
  title: milestoneTitle.optional(),
  description: plainText(limits.planTextMaxChars).optional(),
  targetDate: z.iso.date().nullable().optional(),
  completed: z.boolean().optional(),
});
export type ChangeMilestone = z.infer<typeof changeMilestoneSchema>;

/** Where a commitment stands in its person's plan. */
export const madeMilestoneSchema = z.object({ planId: planIdSchema, milestoneId: milestoneIdSchema });
export type MadeMilestone = z.infer<typeof madeMilestoneSchema>;
