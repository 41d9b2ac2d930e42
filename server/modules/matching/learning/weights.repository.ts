// What weights of organisations need of a store: versions that are only added to, and the latest try at learning.
import type { OrgId, UserId } from "../../../../shared/ids.ts";
import type { LearningReport } from "../../../../shared/schemas/matching-rounds.ts";
import type { MatchingWeights } from "../score/weights.ts";

export interface StoredWeights {
  orgId: OrgId;
  weights: MatchingWeights;
  source: "learned" | "revert";
  revertedTo: number | null;
  /** Null where their account was deleted. */
  appliedBy: UserId | null;
  appliedAt: Date;
  report: LearningReport | null;
}

export interface StoredLearning {
  id: string;
  orgId: OrgId;
  state: "running" | "done" | "failed";
  at: Date;
  /** The version that was to be beaten. */
  against: number;
  weights: MatchingWeights | null;
  report: LearningReport | null;
}

export interface WeightsRepository {
  /** The latest first. */
  versions(orgId: OrgId, limit: number): Promise<StoredWeights[]>;
  version(orgId: OrgId, version: number): Promise<StoredWeights | null>;
  /** False where there is one with this version. */
  add(weights: StoredWeights): Promise<boolean>;
  /** Of the organisation; there is one at a time. */
  learning(orgId: OrgId): Promise<StoredLearning | null>;
  /** Takes the place of the former one. */
  startLearning(learning: StoredLearning): Promise<void>;
  /** Nothing where another one has taken its place. */
  endLearning(
    orgId: OrgId,
    id: string,
    result: Pick<StoredLearning, "state" | "against" | "weights" | "report">,
  ): Promise<void>;
}
