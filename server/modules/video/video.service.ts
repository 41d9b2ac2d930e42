// Letting people into calls: the meeting's policy decides, the provider gives what a browser needs.
import type { Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { StreamDelivery } from "../../../shared/schemas/video.ts";
import type { VideoEvent, VideoProvider } from "../../vendors/video/index.ts";
import type { AuditService } from "../audit/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { TranscriptsService } from "../transcripts/index.ts";
import type { VideoService } from "./index.ts";
import type { VideoDeliveriesRepository } from "./video-deliveries.repository.mongo.ts";
import { createVideoEvents } from "./video.events.ts";
import { createRooms } from "./video.rooms.ts";

export interface VideoOptions {
  provider: VideoProvider;
  /** Null where no service tells anything. */
  readEvent: ((event: StreamDelivery["event"]) => VideoEvent) | null;
  repository: VideoDeliveriesRepository;
  meetings: Pick<MeetingsService, "record" | "authorize" | "placesOf" | "consents">;
  transcripts: Pick<TranscriptsService, "appendFromVendor">;
  jobs: Pick<Jobs, "register" | "rerun">;
  audit: Pick<AuditService, "record">;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

export function createVideoService(options: VideoOptions): VideoService {
  const { provider, meetings, readEvent } = options;
  const rooms = provider.rooms === null ? null : createRooms({ ...options, rooms: provider.rooms });
  const receive =
    rooms === null || readEvent === null ? null : createVideoEvents({ ...options, rooms, readEvent });
  return {
    mode: provider.mode,
    maxPeers: provider.maxPeers,
    rooms,
    receive: async (delivery) => await receive?.(delivery),

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
