// Handlers of development plans: each is one call of the service.
import type { PlansService } from "../../modules/plans/index.ts";
import type { Handlers } from "./endpoint-router.ts";

type PlanHandlers = Pick<
  Handlers,
  | "listPlans"
  | "createPlan"
  | "changePlan"
  | "deletePlan"
  | "addMilestone"
  | "changeMilestone"
  | "deleteMilestone"
>;

export function createPlanHandlers({ plans }: { plans: PlansService }): PlanHandlers {
  return {
    listPlans: (actor) => plans.list(actor),
    createPlan: (actor, { body }) => plans.create(actor, body),
    changePlan: (actor, { params, body }) => plans.change(actor, params.planId, body),
    async deletePlan(actor, { params }) {
      await plans.remove(actor, params.planId);
      return null;
    },
    addMilestone: (actor, { params, body }) => plans.addMilestone(actor, params.planId, body),
    changeMilestone: (actor, { params, body }) =>
      plans.changeMilestone(actor, params.planId, params.milestoneId, body),
    deleteMilestone: (actor, { params }) => plans.removeMilestone(actor, params.planId, params.milestoneId),
  };
}
