// What the postings need of a store: one person's in one organisation, each text once.
import type { PostingId, UserId } from "../../../../shared/ids.ts";
import type { PostingStatus } from "../../../../shared/schemas/career/enums.ts";
import type { Rubric } from "../../../../shared/schemas/career/rubric.ts";
import type { RubricMaker } from "../../../../shared/schemas/career/postings.ts";
import type { CareerOwner } from "../career.policy.ts";
import type { FoundPosting } from "./found-posting.ts";

export interface StoredPosting extends CareerOwner, FoundPosting {
  id: PostingId;
  /** Of the extracted text, keyed: the same text is the same posting. */
  descriptionHash: string;
  userTags: string[];
  notes: string;
  isFavorite: boolean;
  status: PostingStatus;
  rating: number | null;
  isDeleted: boolean;
  deletedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Without what is long. */
export type ListedPosting = Omit<StoredPosting, "rawDescription" | "extractedText" | "notes">;

export type PostingChange = Partial<
  Pick<
    StoredPosting,
    | "title"
    | "company"
    | "location"
    | "salary"
    | "employmentType"
    | "seniority"
    | "userTags"
    | "notes"
    | "isFavorite"
    | "status"
    | "rating"
    | "isDeleted"
    | "deletedAt"
  >
>;

export interface StoredRubric extends CareerOwner {
  /** Posting and what made it, by a hash: made once. */
  id: string;
  jobId: PostingId;
  madeBy: RubricMaker;
  generatedBy: string;
  promptHash: string | null;
  descriptionHash: string;
  droppedQuotes: number;
  rubric: Rubric;
  rubricHash: string;
  createdAt: Date;
}

export interface PostingsRepository {
  /** False where the owner has a posting of this text, also a deleted one. */
  insert(posting: StoredPosting): Promise<boolean>;
  find(owner: CareerOwner, id: PostingId): Promise<StoredPosting | null>;
  byHash(owner: CareerOwner, descriptionHash: string): Promise<StoredPosting | null>;
  count(owner: CareerOwner): Promise<number>;
  /** Newest first. */
  list(owner: CareerOwner, options: { deleted: boolean; limit: number }): Promise<ListedPosting[]>;
  /** Null where there is none; a deletion also where it is deleted already, and changes nothing then. */
  change(owner: CareerOwner, id: PostingId, set: PostingChange, now: Date): Promise<StoredPosting | null>;

  rubric(owner: CareerOwner, id: string): Promise<StoredRubric | null>;
  /** The last one of a maker for this text; null where there is none. */
  latestRubric(
    owner: CareerOwner,
    jobId: PostingId,
    of: { descriptionHash: string; madeBy: RubricMaker },
  ): Promise<StoredRubric | null>;
  putRubric(rubric: StoredRubric): Promise<void>;

  /** In every organisation. */
  removeOfPerson(userId: UserId): Promise<void>;
  allOfPerson(userId: UserId): Promise<{ postings: StoredPosting[]; rubrics: StoredRubric[] }>;
  deletedBefore(before: Date, limit: number): Promise<(CareerOwner & { id: PostingId })[]>;
  /** With its rubrics. */
  remove(id: PostingId): Promise<void>;
}
