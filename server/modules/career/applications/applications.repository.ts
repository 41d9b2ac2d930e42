// What applications need of a store: one person's in one organisation, one for each posting.
import type { ApplicationId, PostingId, UserId } from "../../../../shared/ids.ts";
import type { ApplicationStatus } from "../../../../shared/schemas/career/enums.ts";
import type { CareerOwner } from "../career.policy.ts";

export interface StoredEntry {
  at: Date;
  kind: "created" | "status" | "note" | "next-action" | "reminded";
  from: ApplicationStatus | null;
  to: ApplicationStatus | null;
  text: string | null;
}

export const statusDates = [
  "appliedAt",
  "responseReceivedAt",
  "interviewScheduledAt",
  "offerReceivedAt",
  "rejectedAt",
] as const;
export type StatusDates = Record<(typeof statusDates)[number], Date | null>;

export interface StoredApplication extends CareerOwner, StatusDates {
  id: ApplicationId;
  jobId: PostingId;
  /** Null where nothing was made for it here. */
  runId: string | null;
  masterResumeId: string | null;
  applicationStatus: ApplicationStatus;
  notes: string;
  nextAction: string | null;
  nextActionDue: Date | null;
  /** Oldest first. */
  timeline: StoredEntry[];
  isDeleted: boolean;
  deletedAt: Date | null;
  /** Rises with every change: who changes what they have read changes nothing that came between. */
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

export type ApplicationChange = Partial<
  StatusDates &
    Pick<
      StoredApplication,
      | "runId"
      | "masterResumeId"
      | "applicationStatus"
      | "notes"
      | "nextAction"
      | "nextActionDue"
      | "timeline"
      | "isDeleted"
      | "deletedAt"
    >
>;

export interface ApplicationsRepository {
  /** False where the posting has one already. */
  insert(application: StoredApplication): Promise<boolean>;
  find(owner: CareerOwner, id: ApplicationId): Promise<StoredApplication | null>;
  ofPosting(owner: CareerOwner, jobId: PostingId): Promise<StoredApplication | null>;
  /** Last changed first. */
  list(owner: CareerOwner, options: { deleted: boolean; limit: number }): Promise<StoredApplication[]>;
  /** Null where it is not there, or not at this revision any more. */
  change(
    at: Pick<StoredApplication, "userId" | "orgId" | "id" | "revision">,
    set: ApplicationChange,
    now: Date,
  ): Promise<StoredApplication | null>;

  /** For the reminder, which nobody asks for. */
  byId(id: ApplicationId): Promise<StoredApplication | null>;
  ofRun(runId: string): Promise<StoredApplication[]>;
  removeOfPosting(jobId: PostingId): Promise<void>;
  removeOfPerson(userId: UserId): Promise<void>;
  allOfPerson(userId: UserId): Promise<StoredApplication[]>;
  removeDeletedBefore(before: Date): Promise<number>;
}
