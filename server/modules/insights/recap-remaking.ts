// When people answer differently after the call, or lines are corrected: what was made from other words is held back, and made anew.
import { z } from "zod";
import { meetingIdSchema, userIdSchema, type MeetingId } from "../../../shared/ids.ts";
import { defineJob, type JobDefinition, type Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { MailService } from "../mail/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { InsightsRepository, StoredRecap } from "./insights.repository.ts";
import type { RecapBasisCheck } from "./recap-basis.ts";

export const meetingPayloadSchema = z.object({ meetingId: meetingIdSchema });

/**
 * From the first change on. Somebody who changes their mind and back within this time costs nothing, and who keeps at it one
 * recap a time; whoever corrects a line corrects others, too, and each recap may ask a model.
 */
const settlesMs = { stale: 1_000, corrected: 60_000 } as const;
type Cause = keyof typeof settlesMs;
const recapsAtOnce = 100;

export type Remaking = ReturnType<typeof createRemaking>;

/** Registers a job with the queue, and what holds emails back with the outbox. */
export function createRemaking(options: {
  repository: InsightsRepository;
  basis: RecapBasisCheck;
  clock: Clock;
  jobs: Jobs;
  mail: Pick<MailService, "guard">;
  meetings: Pick<MeetingsService, "reached">;
  bus: EventBus;
  prepare: JobDefinition<typeof meetingPayloadSchema>;
  retries: Pick<JobDefinition, "maxAttempts" | "leaseMs" | "backoffMs">;
}) {
  const { repository, basis, clock, jobs, mail, meetings, bus, prepare, retries } = options;

  /** Once for all changes of a moment. */
  async function remake(meetingId: MeetingId, cause: Cause): Promise<void> {
    const runAt = new Date(clock.now().getTime() + settlesMs[cause]);
    await jobs.rerun(prepare, { meetingId }, { key: meetingId, runAt });
  }

  /** False where it is not ready, or is not what people allow or the lines say any more; then it is made anew. */
  async function mayBeShown(recap: StoredRecap): Promise<boolean> {
    const standing = await basis.standing(recap);
    if (standing === "stale" || standing === "corrected") await remake(recap.meetingId, standing);
    return recap.status === "ready" && standing === "current";
  }

  /** While a call runs there is none, and nothing is done. */
  async function ofMeeting(meetingId: MeetingId, cause: Cause): Promise<void> {
    const recap = await repository.recap(meetingId);
    if (recap === null) return;
    const standing = await basis.standing(recap);
    // One that is being made may have looked at answers and lines before they changed.
    if (standing !== "current") await remake(meetingId, standing === "unmade" ? cause : standing);
    bus.publish("recap.changed", { meetingId });
  }

  const ofPerson = defineJob({
    name: "insights.reconsider",
    payload: z.object({ userId: userIdSchema }),
    ...retries,
    async run({ userId }, { signal }) {
      let after: MeetingId | null = null;
      for (;;) {
        const found: MeetingId[] = await repository.spokenIn(userId, { after, limit: recapsAtOnce });
        for (const meetingId of found) {
          signal.throwIfAborted();
          await ofMeeting(meetingId, "stale");
        }
        after = found.at(-1) ?? null;
        if (found.length < recapsAtOnce) return;
      }
    },
  });

  jobs.register(ofPerson);
  mail.guard("recap", async ({ meetingId, toUserId, edition }) => {
    if (meetingId === null || toUserId === null) return false;
    const recap = await repository.recap(meetingId);
    if (recap?.delivery !== "queued" || recap.edition !== edition) return false;
    // Whoever has left the organisation since may not read it any more.
    if (!(await meetings.reached(meetingId)).has(toUserId)) return false;
    return mayBeShown(recap);
  });
  return { mayBeShown, ofMeeting, ofPerson };
}
