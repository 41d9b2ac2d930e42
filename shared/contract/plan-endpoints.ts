// The rows of the REST table for development plans: one's own alone.
import { z } from "zod";
import { milestoneIdSchema, planIdSchema } from "../ids.ts";
import {
  addMilestoneSchema,
  changeMilestoneSchema,
  changePlanSchema,
  createPlanSchema,
  planSchema,
  plansSchema,
} from "../schemas/plans.ts";
import { endpoint } from "./endpoint.ts";

const plan = z.object({ planId: planIdSchema });
const milestone = plan.extend({ milestoneId: milestoneIdSchema });

export const planEndpoints = {
  listPlans: endpoint({
    method: "GET",
    path: "/api/v1/plans",
    access: "signed-in",
    summary: "One's own development plans with their progress",
    response: plansSchema,
  }),
  createPlan: endpoint({
    method: "POST",
    path: "/api/v1/plans",
    access: "signed-in",
    summary: "Begin a development plan",
    body: createPlanSchema,
    response: planSchema,
    status: 201,
  }),
  changePlan: endpoint({
    method: "PATCH",
    path: "/api/v1/plans/:planId",
    access: "signed-in",
    summary: "Change a plan's role, time, skills or state; what is not named stays as it is",
    params: plan,
    body: changePlanSchema,
    response: planSchema,
  }),
  deletePlan: endpoint({
    method: "DELETE",
    path: "/api/v1/plans/:planId",
    access: "signed-in",
    summary: "Delete a plan with its milestones",
    params: plan,
    response: z.null(),
    status: 204,
  }),
  addMilestone: endpoint({
    method: "POST",
    path: "/api/v1/plans/:planId/milestones",
    access: "signed-in",
    summary: "Add a milestone to a plan",
    params: plan,
    body: addMilestoneSchema,
    response: planSchema,
    status: 201,
  }),
  changeMilestone: endpoint({
    method: "PATCH",
    path: "/api/v1/plans/:planId/milestones/:milestoneId",
    access: "signed-in",
    summary: "Change or complete a milestone",
    params: milestone,
    body: changeMilestoneSchema,
    response: planSchema,
  }),
  deleteMilestone: endpoint({
    method: "DELETE",
    path: "/api/v1/plans/:planId/milestones/:milestoneId",
    access: "signed-in",
    summary: "Take a milestone out of a plan",
    params: milestone,
    response: planSchema,
  }),
} as const;
