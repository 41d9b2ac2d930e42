// What plans need of a store: one document a plan, written over only where nobody else has changed it meanwhile.
import type { ActionItemId, MeetingId, MilestoneId, OrgId, PlanId, UserId } from "../../../shared/ids.ts";
import type { PlanSkill, PlanStatus } from "../../../shared/schemas/plans.ts";

/** Whose a plan is: every query by a person asks for both. */
export interface PlanOwner {
  userId: UserId;
  orgId: OrgId | null;
}

export interface StoredMilestone {
  id: MilestoneId;
  title: string;
  description: string;
  /** `YYYY-MM-DD`. */
  targetDate: string | null;
  completedAt: Date | null;
  source: { meetingId: MeetingId; actionId: ActionItemId } | null;
}

export interface StoredPlan extends PlanOwner {
  id: PlanId;
  targetRole: string | null;
  targetCompany: string | null;
  /** Months. */
  targetTimeline: number;
  skillsToDevelop: PlanSkill[];
  milestones: StoredMilestone[];
  status: PlanStatus;
  /** Rises with every change. */
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface PlansRepository {
  /** Newest first. */
  list(owner: PlanOwner): Promise<StoredPlan[]>;
  find(owner: PlanOwner, planId: PlanId): Promise<StoredPlan | null>;
  /** False where there is one of that id. */
  insert(plan: StoredPlan): Promise<boolean>;
  /** As the next revision; false where it has changed since, or is gone. */
  replace(plan: StoredPlan): Promise<boolean>;
  remove(owner: PlanOwner, planId: PlanId): Promise<boolean>;
  /** Of anybody. */
  withAction(actionId: ActionItemId): Promise<StoredPlan[]>;
  /** In every organisation. */
  ofPerson(userId: UserId): Promise<StoredPlan[]>;
  removeOfPerson(userId: UserId): Promise<void>;
}
