// What reviews need of a store: one a call and coach, with what it was made from.
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { ReviewFigures } from "../../../shared/schemas/reviews.ts";

export interface StoredReview {
  meetingId: MeetingId;
  userId: UserId;
  startedAt: Date;
  /** Which rules and weights made it. */
  rules: string;
  /** Who spoke, and whose words it leaves out. */
  speakers: UserId[];
  withheld: UserId[];
  /** The latest line and correction in it. */
  lastSequence: number;
  revision: number;
  /** Null where making it has failed. */
  figures: ReviewFigures | null;
  problem: string | null;
  madeAt: Date;
}

export interface ReviewsRepository {
  find(meetingId: MeetingId, userId: UserId): Promise<StoredReview | null>;
  /** Writes over what was there. */
  put(review: StoredReview): Promise<void>;
  /** Whether anything was made of this meeting. */
  hasAny(meetingId: MeetingId): Promise<boolean>;
  /** By the calls' start, newest first; those that failed are left out. */
  newest(userId: UserId, limit: number): Promise<StoredReview[]>;
  /** Meetings in whose reviews the person speaks, in the order of their ids. */
  spokenIn(userId: UserId, options: { after: MeetingId | null; limit: number }): Promise<MeetingId[]>;
}
