// What stored rounds and learning need of the outcomes of matches.
import type { UserId } from "../../../../shared/ids.ts";
import type { Factors, MatchingWeights } from "../score/weights.ts";

/** Of a round `accepted` says no more than that the two were brought together; `completed`: both came. */
export type RoundOutcome = "accepted" | "declined" | "completed";

export interface RoundMatch {
  matchId: string;
  userId: UserId;
  outcome: RoundOutcome;
  features: Factors;
  weights: MatchingWeights;
  createdAt: Date;
}

export interface StoredOutcome {
  matchId: string;
  userId: UserId;
  outcome: RoundOutcome;
  features: Factors;
  /** Whether the person came; null until the meeting is over, or where there was none. */
  came: boolean | null;
  /** How the queue knows that they rated it, from 1 to 5. */
  rating: number | null;
  createdAt: Date;
}

export interface OutcomesRepository {
  /** Makes them where they are not there; leaves those that are. */
  begin(matches: readonly RoundMatch[]): Promise<void>;
  /** Nothing where there is no such outcome. */
  settle(
    matchId: string,
    userId: UserId,
    result: { outcome: RoundOutcome; came: boolean | null },
  ): Promise<void>;
  /** How many meetings of matches each of them came to, and how many not. */
  kept(userIds: readonly UserId[]): Promise<Map<UserId, { kept: number; missed: number }>>;
  /** Of these people, the latest `limit` of each 200 of them. */
  of(userIds: readonly UserId[], limit: number): Promise<StoredOutcome[]>;
}

const roundPrefix = "round:";

/** One id for two people in a round, whoever is named first. */
export function roundMatchId(roundId: string, one: UserId, other: UserId): string {
  return `${roundPrefix}${roundId}:${[one, other].sort().join("-")}`;
}

export function isOfRound(matchId: string): boolean {
  return matchId.startsWith(roundPrefix);
}

/** The round that made it; null of a match that the queue has made. */
export function roundOf(matchId: string): string | null {
  return isOfRound(matchId) ? (matchId.split(":")[1] ?? null) : null;
}
