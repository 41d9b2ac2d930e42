// Ratings as use cases: giving, changing and taking back one's own.
import type mongoose from "mongoose";
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { OwnRating } from "../../../shared/schemas/ratings.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AuditService } from "../audit/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { RatingsService } from "./index.ts";
import { createRatingsRepository } from "./ratings.repository.mongo.ts";

const dayMs = 24 * 60 * 60 * 1_000;

type Change = "given" | "changed" | "withdrawn";

export async function createRatingsModule(options: {
  connection: mongoose.Connection;
  meetings: Pick<MeetingsService, "authorize" | "record">;
  bus: EventBus;
  audit: Pick<AuditService, "record">;
  metrics: Metrics;
  clock: Clock;
}): Promise<RatingsService> {
  const { meetings, bus, audit, metrics, clock } = options;
  const repository = await createRatingsRepository(options.connection);
  const counted = metrics.counter("ratings_total", "Ratings of meetings given, changed and taken back", [
    "change",
  ]);

  async function view(actor: Actor, meetingId: MeetingId): Promise<OwnRating> {
    const [rating, until] = await Promise.all([
      repository.find(meetingId, actor.userId),
      changeableUntil(meetingId),
    ]);
    return {
      meetingId,
      rating: rating === null ? null : { ...rating, updatedAt: rating.updatedAt.toISOString() },
      changeableUntil: until?.toISOString() ?? null,
    };
  }

  async function changeableUntil(meetingId: MeetingId): Promise<Date | null> {
    const record = await meetings.record(meetingId);
    if (record?.state !== "concluded" || record.endedAt === null) return null;
    return new Date(record.endedAt.getTime() + limits.ratingChangeableDays * dayMs);
  }

  async function changed(actor: Actor, meetingId: MeetingId, change: Change): Promise<void> {
    bus.publish("rating.changed", { meetingId });
    counted.inc({ change });
    await audit.record({
      actorUserId: actor.userId,
      resourceType: "meeting",
      resourceId: meetingId,
      action: change === "withdrawn" ? "rating.withdraw" : "rating.give",
      outcome: "done",
      metadata: { change },
    });
  }

  return {
    async own(actor, meetingId) {
      await meetings.authorize(actor, meetingId, "rating.read");
      assertOneself(actor);
      return await view(actor, meetingId);
    },

    async give(actor, meetingId, { score, comment }) {
      await meetings.authorize(actor, meetingId, "rating.give");
      assertOneself(actor);
      const [before, until] = await Promise.all([
        repository.find(meetingId, actor.userId),
        changeableUntil(meetingId),
      ]);
      if (before?.score === score && before.comment === comment) return await view(actor, meetingId);
      const now = clock.now();
      if (until === null || now >= until) {
        throw new AppError(
          "CONFLICT",
          `A call can be rated for ${limits.ratingChangeableDays} days after its end; that time is over.`,
        );
      }
      await repository.put(meetingId, actor.userId, { score, comment, updatedAt: now });
      await changed(actor, meetingId, before === null ? "given" : "changed");
      return await view(actor, meetingId);
    },

    async withdraw(actor, meetingId) {
      await meetings.authorize(actor, meetingId, "rating.withdraw");
      assertOneself(actor);
      if (await repository.remove(meetingId, actor.userId)) await changed(actor, meetingId, "withdrawn");
      return await view(actor, meetingId);
    },

    scoresOf: (meetingIds) => repository.scoresOf(meetingIds),
  };
}

/** What a person says for their own eyes is not for whoever acts in their name. */
function assertOneself({ impersonator }: Actor): void {
  if (impersonator === undefined) return;
  throw new AppError(
    "FORBIDDEN",
    "A rating is for the person who gave it: it is closed to whoever acts as them.",
  );
}
