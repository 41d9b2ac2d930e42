// What runs need of a store: the run itself, and what each stage has made; every write of a worker is fenced.
import type { Rubric } from "../../../../shared/schemas/career/rubric.ts";
import type { RunStage, RunStatus } from "../../../../shared/schemas/career/enums.ts";
import type {
  CoverageCounts,
  RunCacheHits,
  RunPage,
  RunPrompts,
  RunTailored,
  RunTiming,
} from "../../../../shared/schemas/career/runs.ts";
import type { SelectionConfig, SelectionPlan } from "../../../../shared/schemas/career/selection.ts";
import type { UserId } from "../../../../shared/ids.ts";
import type { CareerOwner } from "../career.policy.ts";
import type { PageFit } from "./page-fit.ts";

export interface RunVariant {
  key: string;
  name: string;
}

export interface StoredRun extends CareerOwner {
  runId: string;
  masterResumeId: string;
  jobId: string;
  resumeName: string;
  jobTitle: string;
  company: string | null;
  status: RunStatus;
  stage: RunStage;
  failedStage: RunStage | null;
  errorMessage: string | null;
  cancelledAt: Date | null;
  mockMode: boolean;
  variants: RunVariant[];
  primaryModelKey: string;
  promptVersions: RunPrompts;
  promptHashes: RunPrompts;
  config: SelectionConfig;
  page: RunPage;
  pins: string[];
  bans: string[];
  /** Rises with each time it is run again. */
  edition: number;
  /** The highest claim of its job that has written here. */
  fence: number;
  masterResumeHash: string | null;
  jobExtractedHash: string | null;
  rubricHash: string | null;
  timing: RunTiming;
  cacheHits: RunCacheHits;
  coverage: CoverageCounts | null;
  /** What measured pages have left of the budget; null until one was too long. */
  pageFit: PageFit | null;
  startedAt: Date | null;
  completedAt: Date | null;
  deletedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** By what right a worker writes: for this edition, and by no older claim than has written before. */
export interface RunLease {
  runId: string;
  edition: number;
  fence: number;
}

/** A job that was forgotten and enqueued again counts its claims anew: a later edition goes before any claim. */
export function writerOf({ edition, fence }: Pick<RunLease, "edition" | "fence">): number {
  return edition * 1_000_000 + fence;
}

export type RunChange = Partial<
  Omit<StoredRun, "runId" | "userId" | "orgId" | "masterResumeId" | "jobId" | "fence" | "edition">
>;

/** What runs are made of. */
export type RunSource = { masterResumeId: string } | { jobId: string };

export interface RunFilter {
  masterResumeId?: string | undefined;
  jobId?: string | undefined;
  status?: RunStatus | undefined;
  deleted?: boolean | undefined;
}

export interface RunsRepository {
  /** Throws CONFLICT where the id is taken. */
  insert(run: StoredRun): Promise<void>;
  /** Also where it is deleted: whoever asks looks at `deletedAt`. */
  find(owner: CareerOwner, runId: string): Promise<StoredRun | null>;
  /** For the worker. */
  load(runId: string): Promise<StoredRun | null>;
  /** Newest first; those behind `before`. */
  list(
    owner: CareerOwner,
    options: RunFilter & { before: { createdAt: Date; runId: string } | null; limit: number },
  ): Promise<StoredRun[]>;
  /** That neither wait nor run any more are not counted. */
  countOpen(owner: CareerOwner): Promise<number>;
  /** False where it has ended, was begun anew, is deleted, or a later claim has written. */
  move(lease: RunLease, change: RunChange): Promise<boolean>;
  /** Ends what waits or runs, whoever works on it; false where it had ended. */
  end(runId: string, change: RunChange): Promise<boolean>;
  /** Begins an ended one of this edition anew, as the next one or the same; false where it has not ended. */
  reopen(
    owner: CareerOwner,
    of: { runId: string; edition: number; next: boolean },
    change: RunChange,
  ): Promise<boolean>;
  /** Waiting or running and not written to since; the longest first. For a start after a crash. */
  stalled(before: Date, limit: number): Promise<string[]>;
  /** Null recovers it. False where it is so already. */
  setDeleted(owner: CareerOwner, runId: string, deletedAt: Date | null): Promise<boolean>;

  /** Each writes over what an earlier claim wrote; false where a later one has written. */
  putRubric(
    lease: RunLease,
    rubric: { rubric: Rubric; rubricHash: string; createdAt: Date },
  ): Promise<boolean>;
  putPlan(lease: RunLease, plan: SelectionPlan, createdAt: Date): Promise<boolean>;
  putTailored(lease: RunLease, tailored: RunTailored, createdAt: Date): Promise<boolean>;
  rubric(runId: string): Promise<{ rubric: Rubric; rubricHash: string } | null>;
  plan(runId: string, edition: number): Promise<SelectionPlan | null>;
  /** Of this edition. */
  tailored(runId: string, edition: number): Promise<RunTailored[]>;

  /** Of the person, in every organisation, with all that was made. */
  removeOfPerson(userId: UserId): Promise<string[]>;
  /** Runs that were deleted before, with all that was made. */
  removeDeleted(before: Date): Promise<string[]>;
  /** Whatever state it is in. */
  allOf(userId: UserId): Promise<StoredRun[]>;
  /** For what runs were made of: they go with it at this moment, end where they had not, and come back with it. */
  deletedWith(owner: CareerOwner, of: RunSource, at: Date): Promise<void>;
  /** Those that went at that moment, and none that had gone before. */
  restoredWith(owner: CareerOwner, of: RunSource, at: Date): Promise<void>;
  /** For good, with all that was made; their ids. */
  removedWith(of: RunSource): Promise<string[]>;
}
