// Scheduling: finding a time that suits two people, and taking it so that nobody else can.
import type { Actor } from "../../../shared/actor.ts";
import type { UserId } from "../../../shared/ids.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import type { BookTime, SuggestedTimes, SuggestTimes } from "../../../shared/schemas/scheduling.ts";

export { openTimes } from "./availability.ts";
export { createClaimsRepository } from "./claims.repository.mongo.ts";
export { union, without } from "./intervals.ts";
export { createSchedulingModule } from "./scheduling.service.ts";

export interface SchedulingService {
  /** Throws NOT_FOUND where the actor may not see them. */
  suggest(actor: Actor, userId: UserId, search: SuggestTimes): Promise<SuggestedTimes>;
  /** Throws NOT_FOUND as `suggest`, CONFLICT where the time is not free for both any more. */
  book(actor: Actor, userId: UserId, input: BookTime): Promise<Meeting>;
}
