// Postings: brought in from the web, a text or a file, each text once, and what each asks for.
import type { Actor } from "../../../../shared/actor.ts";
import type { PostingId } from "../../../../shared/ids.ts";
import type {
  AddedPosting,
  AddPosting,
  ChangePosting,
  ListPostings,
  PostingList,
  PostingRubric,
  PostingView,
  RubricMaker,
} from "../../../../shared/schemas/career/postings.ts";
import type { AcceptedFile } from "../../../platform/uploads/index.ts";
import type { CareerOwner } from "../career.policy.ts";
import type { CareerArea } from "../index.ts";
import type { ListedPosting, StoredPosting, StoredRubric } from "./postings.repository.ts";

export { verifiedRubric } from "../rubric/verified-rubric.ts";
export type { RubricWriter } from "./posting-rubrics.ts";
export { createIntake } from "./intake.ts";
export { createPostingsRepository } from "./postings.repository.mongo.ts";
export { createPostingsModule, type PostingsOptions } from "./postings.service.ts";
export type { StoredPosting, StoredRubric };

export interface PostingsService extends CareerArea {
  /** The one that is there, where the owner has this text; a deleted one is there again. Throws as the intake does. */
  add(actor: Actor, input: AddPosting): Promise<AddedPosting>;
  addFile(actor: Actor, file: AcceptedFile): Promise<AddedPosting>;
  list(actor: Actor, query: ListPostings): Promise<PostingList>;
  /** Throws NOT_FOUND, also for deleted ones. */
  get(actor: Actor, id: PostingId): Promise<PostingView>;
  change(actor: Actor, id: PostingId, change: ChangePosting): Promise<PostingView>;
  /** With what hangs on it; may be repeated. */
  remove(actor: Actor, id: PostingId): Promise<{ restorableUntil: string }>;
  /** Throws NOT_FOUND where it is gone for good. */
  restore(actor: Actor, id: PostingId): Promise<PostingView>;
  /** The best that was made, else by rules; with `by` made that way if it was not yet. */
  rubric(actor: Actor, id: PostingId, by?: RubricMaker): Promise<PostingRubric>;

  /** For other parts of the pipeline, within what its owner may see. Null where there is none, or it is deleted. */
  record(owner: CareerOwner, id: PostingId): Promise<StoredPosting | null>;
  /** Also deleted ones; newest first, those that are there before those that are not. */
  all(owner: CareerOwner): Promise<ListedPosting[]>;
  /** For runs: the same posting and rules have the same rubric. */
  rubricOf(posting: StoredPosting, by?: RubricMaker): Promise<StoredRubric>;
}

/** What hangs on a posting and goes and comes back with it: runs and applications. */
export interface PostingDependents {
  deletedWith(owner: CareerOwner, id: PostingId, at: Date): Promise<void>;
  /** What went at that moment, and nothing that had gone before. */
  restoredWith(owner: CareerOwner, id: PostingId, at: Date): Promise<void>;
  /** For good. */
  removedWith(id: PostingId): Promise<void>;
}
