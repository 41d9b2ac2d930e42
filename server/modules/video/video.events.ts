// What the video service tells, each delivery taken once: our own sockets and our meeting decide, whatever it says.
import { createHash } from "node:crypto";
import { AppError, toAppError } from "../../../shared/errors.ts";
import { limits } from "../../../shared/limits.ts";
import type { StreamDelivery } from "../../../shared/schemas/video.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { VideoEvent } from "../../vendors/video/index.ts";
import type { AuditService } from "../audit/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { TranscriptsService } from "../transcripts/index.ts";
import type { VideoDeliveriesRepository } from "./video-deliveries.repository.mongo.ts";
import type { Rooms } from "./video.rooms.ts";

const takenMs = 30 * 24 * 60 * 60_000;
/** The service says none: less than what somebody typed. */
const captionConfidence = 0.9;
const underWayMost = 1_000;

export interface VideoEventsParts {
  rooms: Rooms;
  readEvent(event: StreamDelivery["event"]): VideoEvent;
  repository: VideoDeliveriesRepository;
  meetings: Pick<MeetingsService, "record" | "consents">;
  transcripts: Pick<TranscriptsService, "appendFromVendor">;
  audit: Pick<AuditService, "record">;
  clock: Clock;
  metrics: Metrics;
}

/** Resolves when what it says is durable; may be repeated. */
export function createVideoEvents(parts: VideoEventsParts): (delivery: StreamDelivery) => Promise<void> {
  const { rooms, readEvent, repository, meetings, transcripts, audit, clock } = parts;
  const events = parts.metrics.counter(
    "video_events_total",
    "Events of the video service by what became of them",
    ["kind", "outcome"],
  );
  const underWay = new Map<string, Promise<void>>();

  async function takeCaption(event: Extract<VideoEvent, { kind: "caption" }>): Promise<string> {
    const { meetingId, caption } = event;
    const record = await meetings.record(meetingId);
    if (record?.state !== "active" || record.startedAt === null) return "over";
    // A microphone that a machine listens to: silence is a no.
    const answers = (await meetings.consents(meetingId)).get(caption.speakerId);
    if (answers?.captions !== "given") return "withheld";
    const startedMs = record.startedAt.getTime();
    const within = (at: Date) => Math.min(Math.max(at.getTime() - startedMs, 0), limits.timelineMaxMs);
    const startMs = within(caption.startsAt);
    try {
      await transcripts.appendFromVendor(meetingId, [
        {
          clientKey: `stream-${createHash("sha256").update(caption.id).digest("hex").slice(0, 40)}`,
          speakerId: caption.speakerId,
          text: caption.text,
          confidence: captionConfidence,
          startMs,
          endMs: Math.max(startMs, within(caption.endsAt)),
        },
      ]);
      return "taken";
    } catch (error) {
      const { code } = toAppError(error);
      if (code === "MEETING_NOT_ACTIVE" || code === "NOT_FOUND" || code === "VALIDATION_ERROR") return "over";
      throw error;
    }
  }

  async function apply(event: VideoEvent): Promise<string> {
    if (event.kind === "other") return "ignored";
    if (clock.now().getTime() - event.saidAt.getTime() > takenMs) return "too-old";
    switch (event.kind) {
      case "caption":
        return await takeCaption(event);
      case "joined":
        // Who is present say our own sockets; this only finds who should not be there.
        return (await rooms.checkPlace(event.meetingId, event.userId)) ? "taken" : "put-out";
      case "left":
        return "taken";
      case "said":
        if ((await meetings.record(event.meetingId)) === null) return "unknown";
        await audit.record({
          actorUserId: null,
          resourceType: "meeting",
          resourceId: event.meetingId,
          action: `video.${event.what}`,
          outcome: "done",
        });
        return "taken";
    }
  }

  async function takeOnce({ ids, event: raw }: StreamDelivery): Promise<void> {
    const event = readEvent(raw);
    if (await repository.isTaken(ids)) return events.inc({ kind: event.kind, outcome: "repeated" });
    const outcome = await apply(event);
    // Last: a crash before it has the delivery taken again, which changes nothing more.
    await repository.markTaken(ids, clock.now());
    events.inc({ kind: event.kind, outcome });
  }

  return (delivery) => {
    const [key = ""] = delivery.ids;
    const current = underWay.get(key);
    if (current !== undefined) return current;
    if (underWay.size >= underWayMost) throw new AppError("UNAVAILABLE", "Too many events at once.");
    const work = takeOnce(delivery).finally(() => underWay.delete(key));
    underWay.set(key, work);
    return work;
  };
}
