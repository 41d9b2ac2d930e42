// Letting people into calls: the meeting's policy decides, the provider gives what a browser needs.
import type { Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { VideoProvider } from "../../vendors/video/index.ts";
import type { AuditService } from "../audit/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { VideoService } from "./index.ts";
import { createRooms } from "./video.rooms.ts";

export interface VideoOptions {
  provider: VideoProvider;
  meetings: Pick<MeetingsService, "record" | "authorize" | "placesOf">;
  jobs: Pick<Jobs, "register" | "rerun">;
  audit: Pick<AuditService, "record">;
  clock: Clock;
  logger: Logger;
}

/** Registers its job, so it is made before jobs start. */
export function createVideoModule(options: VideoOptions): VideoService {
  const { provider, meetings } = options;
  const rooms = provider.rooms === null ? null : createRooms({ ...options, rooms: provider.rooms });
  return {
    mode: provider.mode,
    maxPeers: provider.maxPeers,
    rooms,

    async access(actor, meetingId) {
      const { userId } = actor;
      const { role } = await meetings.authorize(actor, meetingId, "call.enter");
      const access = await provider.access({ meetingId, userId, role });
      if (rooms === null) return access;
      try {
        // Whoever was removed while the room was made ready was let in again by that.
        const now = await meetings.authorize(actor, meetingId, "call.enter");
        if (now.role !== role) await rooms.placeChanged(meetingId, userId);
      } catch (error) {
        await rooms.placeChanged(meetingId, userId);
        throw error;
      }
      return access;
    },
  };
}
