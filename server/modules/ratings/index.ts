// Ratings: how a call was for each of its people, theirs to see and to change; to others a number among many.
import type { Actor } from "../../../shared/actor.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { GiveRating, OwnRating } from "../../../shared/schemas/ratings.ts";

export { createRatingsModule } from "./ratings.service.ts";

/** What figures over many people are made of. */
export interface Score {
  meetingId: MeetingId;
  userId: UserId;
  score: number;
}

export interface RatingsService {
  own(actor: Actor, meetingId: MeetingId): Promise<OwnRating>;
  /** Replaces one's former rating. Throws CONFLICT where the time for it is over. */
  give(actor: Actor, meetingId: MeetingId, rating: GiveRating): Promise<OwnRating>;
  withdraw(actor: Actor, meetingId: MeetingId): Promise<OwnRating>;
  /** For counting only: never to be shown by person or meeting. Without the comments. */
  scoresOf(meetingIds: readonly MeetingId[]): Promise<Score[]>;
}
