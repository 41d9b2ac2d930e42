// What the ratings module needs of a store.
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { Score } from "./index.ts";

export interface StoredRating {
  score: number;
  comment: string | null;
  updatedAt: Date;
}

export interface RatingsRepository {
  find(meetingId: MeetingId, userId: UserId): Promise<StoredRating | null>;
  put(meetingId: MeetingId, userId: UserId, rating: StoredRating): Promise<void>;
  /** False where there was none. */
  remove(meetingId: MeetingId, userId: UserId): Promise<boolean>;
  scoresOf(meetingIds: readonly MeetingId[]): Promise<Score[]>;
}
