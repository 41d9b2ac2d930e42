// Photos of people: set and removed by themselves, seen by those who meet them or work with them.
import type { Actor } from "../../../shared/actor.ts";
import type { FileAnswer } from "../../../shared/contract/endpoint.ts";
import type { FileId, UserId } from "../../../shared/ids.ts";
import type { AcceptedFile } from "../../platform/uploads/index.ts";
import type { FileRecord } from "../files/index.ts";

export { createPhotosService } from "./photos.service.ts";

export interface PhotosService {
  /** The one before goes. Setting the same again changes nothing. */
  set(actor: Actor, photo: AcceptedFile): Promise<void>;
  remove(actor: Actor): Promise<void>;
  /** Throws NOT_FOUND where there is none, where it is not `version`, and to whoever may not see it. */
  of(actor: Actor, userId: UserId, version?: FileId): Promise<FileAnswer>;
  /** Whether this file is its owner's photo now. */
  isCurrent(file: FileRecord): Promise<boolean>;
}
