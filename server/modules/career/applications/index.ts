// Applications: how each goes, from the wish to the answer, what is next, and a reminder of it.
import type { Actor } from "../../../../shared/actor.ts";
import type { ApplicationId, PostingId } from "../../../../shared/ids.ts";
import type {
  AddApplication,
  AddedApplication,
  ApplicationBoard,
  ApplicationView,
  ChangeApplication,
  Funnel,
  MoveApplication,
} from "../../../../shared/schemas/career/applications.ts";
import type { CareerOwner } from "../career.policy.ts";
import type { CareerArea } from "../index.ts";

export { createApplicationsRepository } from "./applications.repository.mongo.ts";
export { createReminders } from "./reminders.ts";
export { createApplicationsModule, type ApplicationsOptions } from "./applications.service.ts";

export interface ApplicationsService extends CareerArea {
  /** The one that the posting has, where there is one; a deleted one is there again. Throws NOT_FOUND. */
  add(actor: Actor, input: AddApplication): Promise<AddedApplication>;
  board(actor: Actor, query: { deleted?: boolean | undefined }): Promise<ApplicationBoard>;
  funnel(actor: Actor): Promise<Funnel>;
  get(actor: Actor, id: ApplicationId): Promise<ApplicationView>;
  change(actor: Actor, id: ApplicationId, change: ChangeApplication): Promise<ApplicationView>;
  /** Any status may follow any other: people make mistakes. Sets the date that it stands for, the first time. */
  move(actor: Actor, id: ApplicationId, move: MoveApplication): Promise<ApplicationView>;
  note(actor: Actor, id: ApplicationId, text: string): Promise<ApplicationView>;
  remove(actor: Actor, id: ApplicationId): Promise<{ restorableUntil: string }>;
  restore(actor: Actor, id: ApplicationId): Promise<ApplicationView>;

  /** It goes with its posting, and comes back with it. */
  deletedWith(owner: CareerOwner, jobId: PostingId, at: Date): Promise<void>;
  restoredWith(owner: CareerOwner, jobId: PostingId, at: Date): Promise<void>;
  removedWith(jobId: PostingId): Promise<void>;
  /** A run is gone for good: applications that it was made for stay without it. */
  forgetRun(runId: string): Promise<void>;
}
