// Development plans: a role somebody wants, skills and milestones on the way, and whether they are on track.
import type { Actor } from "../../../shared/actor.ts";
import type { MilestoneId, PlanId } from "../../../shared/ids.ts";
import type {
  AddMilestone,
  ChangeMilestone,
  ChangePlan,
  CreatePlan,
  Plan,
  Plans,
} from "../../../shared/schemas/plans.ts";
import type { CareerArea } from "../career/index.ts";
import type { MilestonesPort } from "../insights/index.ts";

export { createPlansModule } from "./plans.service.ts";
export { createPlansRepository } from "./plans.repository.mongo.ts";

/** Everything is the actor's own, in the organisation of their session; of others' plans it throws NOT_FOUND. */
export interface PlansService {
  list(actor: Actor): Promise<Plans>;
  /** Throws CONFLICT beyond `limits.plansPerPerson`. */
  create(actor: Actor, input: CreatePlan): Promise<Plan>;
  change(actor: Actor, planId: PlanId, input: ChangePlan): Promise<Plan>;
  remove(actor: Actor, planId: PlanId): Promise<void>;
  /** Throws CONFLICT beyond `limits.planMilestonesMost`. */
  addMilestone(actor: Actor, planId: PlanId, input: AddMilestone): Promise<Plan>;
  changeMilestone(
    actor: Actor,
    planId: PlanId,
    milestoneId: MilestoneId,
    input: ChangeMilestone,
  ): Promise<Plan>;
  removeMilestone(actor: Actor, planId: PlanId, milestoneId: MilestoneId): Promise<Plan>;
  /** What commitments of calls need of plans. */
  commitments: MilestonesPort;
  /** With their person. */
  data: CareerArea;
}
