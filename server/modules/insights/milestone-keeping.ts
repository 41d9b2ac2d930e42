// Keeps milestones of plans in step with the commitments they were made of, also where the process ends in between.
import { z } from "zod";
import {
  actionItemIdSchema,
  meetingIdSchema,
  type ActionItemId,
  type MeetingId,
} from "../../../shared/ids.ts";
import { defineJob, type Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { MilestonesPort } from "./index.ts";
import type { InsightsRepository } from "./insights.repository.ts";

export interface MilestoneKeeping {
  /**
   * Durable when it resolves: after the change, or without it where the process ends, milestones are made to say what
   * the commitment says. Called before the commitment is changed.
   */
  changing(meetingId: MeetingId, actionId: ActionItemId): Promise<void>;
}

const payload = z.object({ meetingId: meetingIdSchema, actionId: actionItemIdSchema });
/** The change is long written by then; whoever made it has usually moved the milestone, too. */
const afterMs = 10_000;

/** Registers its job, so it is made before the queue starts. */
export function createMilestoneKeeping({
  jobs,
  clock,
  repository,
  milestones,
  checkAfterMs = afterMs,
}: {
  jobs: Jobs;
  clock: Clock;
  repository: Pick<InsightsRepository, "actions">;
  milestones: Pick<MilestonesPort, "closed">;
  checkAfterMs?: number | undefined;
}): MilestoneKeeping {
  const keep = defineJob({
    name: "insights.keep-milestone",
    payload,
    maxAttempts: 8,
    leaseMs: 60_000,
    backoffMs: (attempt) => Math.min(600_000, 1_000 * 4 ** attempt),
    async run({ meetingId, actionId }) {
      const action = (await repository.actions(meetingId)).find(({ id }) => id === actionId);
      // What it says now, not what somebody changed it to then: runs in any order end alike.
      if (action !== undefined) await milestones.closed(actionId, action.done);
    },
  });
  jobs.register(keep);
  return {
    async changing(meetingId, actionId) {
      const now = clock.now().getTime();
      await jobs.enqueue(
        keep,
        { meetingId, actionId },
        { key: `${actionId}/${now}`, runAt: new Date(now + checkAfterMs) },
      );
    },
  };
}
