// Rooms follow the meeting: at once, and once more by a job, which goes on until the service has answered.
import { z } from "zod";
import { toAppError } from "../../../shared/errors.ts";
import { meetingIdSchema, userIdSchema, type MeetingId, type UserId } from "../../../shared/ids.ts";
import type { MeetingRole } from "../../../shared/schemas/meetings.ts";
import { defineJob, type Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { VideoRooms } from "../../vendors/video/index.ts";
import type { AuditService } from "../audit/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { VideoConsequences } from "./index.ts";

/** After this the job makes sure; it does nothing more where all is as it should be. */
const jobAfterMs = 3_000;
const retryWaitsMs = [2_000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000];

export interface RoomsParts {
  rooms: VideoRooms;
  meetings: Pick<MeetingsService, "record" | "authorize" | "placesOf">;
  jobs: Pick<Jobs, "register" | "rerun">;
  audit: Pick<AuditService, "record">;
  clock: Clock;
  logger: Logger;
}

export interface Rooms extends VideoConsequences {
  /** Somebody came in: takes them out where they may not be in the call now. Answers whether they may. */
  checkPlace(meetingId: MeetingId, userId: UserId): Promise<boolean>;
}

const payload = z.object({
  meetingId: meetingIdSchema,
  /** Null: the meeting is over. */
  userId: userIdSchema.nullable(),
  /** They may not be here, whatever the meeting's list of people says. */
  gone: z.boolean(),
});
type Work = z.infer<typeof payload>;

export function createRooms({ rooms, meetings, jobs, audit, clock, logger }: RoomsParts): Rooms {
  const job = defineJob({
    name: "video.settle-room",
    payload,
    maxAttempts: retryWaitsMs.length + 1,
    leaseMs: 60_000,
    backoffMs: (attempt) => retryWaitsMs[attempt - 1] ?? 0,
    run: settle,
  });
  jobs.register(job);

  /** Null: none, or not now. "over": nobody has one. */
  async function standingOf(meetingId: MeetingId, userId: UserId): Promise<MeetingRole | "over" | null> {
    const record = await meetings.record(meetingId);
    if (record?.state !== "active") return "over";
    if (!record.participants.some((person) => person.userId === userId)) return null;
    try {
      // Whether their session is in the right organisation was asked when they were let in.
      const reader = { userId, orgId: record.orgId };
      return (await meetings.authorize(reader, meetingId, "call.enter")).role;
    } catch (error) {
      const { kind } = toAppError(error);
      if (kind === "not-found" || kind === "forbidden") return null;
      throw error;
    }
  }

  async function remove(meetingId: MeetingId, userId: UserId): Promise<void> {
    await rooms.remove(meetingId, userId);
    await audit.record({
      actorUserId: null,
      resourceType: "meeting",
      resourceId: meetingId,
      action: "video.remove",
      outcome: "done",
      metadata: { userId },
    });
  }

  async function settle({ meetingId, userId, gone }: Work): Promise<void> {
    if (userId === null) {
      const record = await meetings.record(meetingId);
      if (record === null || record.state !== "active") await rooms.end(meetingId);
      return;
    }
    const standing = gone ? null : await standingOf(meetingId, userId);
    if (standing === "over") return;
    if (standing === null) await remove(meetingId, userId);
    else await rooms.changeRole({ meetingId, userId, role: standing });
  }

  async function follow(work: Work): Promise<void> {
    const key = `${work.meetingId}/${work.userId ?? ""}/${work.gone ? "gone" : "place"}`;
    const runAt = new Date(clock.now().getTime() + jobAfterMs);
    // Durable first: what is done at once may fail, or die with this process.
    await jobs.rerun(job, work, { key, runAt });
    await settle(work).catch((error: unknown) => {
      logger.warn(
        { meetingId: work.meetingId, error: error as Error },
        "video room not settled: again by a job",
      );
    });
  }

  return {
    async checkPlace(meetingId, userId) {
      const standing = await standingOf(meetingId, userId);
      if (standing === "over") await settle({ meetingId, userId: null, gone: false });
      else if (standing === null) await remove(meetingId, userId);
      return standing !== null && standing !== "over";
    },

    placeChanged: (meetingId, userId) => follow({ meetingId, userId, gone: false }),

    async consentChanged(meetingId) {
      const record = await meetings.record(meetingId);
      if (record?.state !== "active") return;
      const observers = record.participants.filter(({ role }) => role === "observer");
      await Promise.all(observers.map(({ userId }) => follow({ meetingId, userId, gone: false })));
    },

    async personEnded(userId, orgId) {
      const places = await meetings.placesOf(userId);
      const records = await Promise.all(places.map((meetingId) => meetings.record(meetingId)));
      const left = records.flatMap((record) =>
        record?.state === "active" && (orgId === null || record.orgId === orgId) ? [record.id] : [],
      );
      await Promise.all(left.map((meetingId) => follow({ meetingId, userId, gone: true })));
    },

    meetingEnded: (meetingId) => follow({ meetingId, userId: null, gone: false }),
  };
}
