// What became of proposals, to make better ones: one record a person and proposal.
import type { UserId } from "../../../../shared/ids.ts";
import type { Factors, MatchingWeights } from "../score/weights.ts";

/** `completed`: both came. */
export type Outcome = "accepted" | "declined" | "completed";

export interface MatchRecord {
  userId: UserId;
  matchId: string;
  outcome: Outcome;
  features: Factors;
  weights: MatchingWeights;
  createdAt: Date;
}

export interface StoredRecord extends MatchRecord {
  /** Whether the person came to the meeting; null until it is over, or where there was none. */
  came: boolean | null;
  /** How they rated the meeting, from 1 to 5; without their words. */
  feedback: { rating: number } | null;
}

export interface OutcomesRepository {
  /** Makes it, or replaces its outcome. */
  record(record: MatchRecord): Promise<void>;
  /** The meeting is over. Nothing where there is no record. May be repeated. */
  conclude(
    matchId: string,
    userId: UserId,
    result: { came: boolean; outcome: "accepted" | "completed" },
  ): Promise<void>;
  /** Null takes it back. Nothing where there is no record. */
  rate(matchId: string, userId: UserId, rating: number | null): Promise<void>;
  /** Of these proposals; at most 500. */
  ofMatches(matchIds: readonly string[]): Promise<StoredRecord[]>;
  /** To how many meetings of matches the person came, and to how many not. */
  reliability(userId: UserId): Promise<{ kept: number; missed: number }>;
}
