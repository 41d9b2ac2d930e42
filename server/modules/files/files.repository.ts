// What is kept of files beside their bytes.
import type { FileId, MeetingId, UserId } from "../../../shared/ids.ts";
import type { FileRecord } from "./index.ts";

/** Bytes that a document names. */
export interface NamedFile {
  /** Of the document: where the next page begins. */
  key: string;
  id: FileId;
  createdAt: Date;
  /** False while its bytes are being written. */
  isWritten: boolean;
}

/** Which bytes documents of one kind name. */
export interface FileNames {
  /** Those of these that are named. */
  among(ids: readonly FileId[]): Promise<ReadonlySet<string>>;
  /** The next of all, in an order that stays. */
  page(after: string | null, limit: number): Promise<NamedFile[]>;
}

export type FileKey = Pick<FileRecord, "ownerId" | "purpose" | "meetingId" | "clientKey">;

export interface FilesRepository {
  /** False where the person has used the key for this purpose and meeting. */
  insert(file: FileRecord): Promise<boolean>;
  byKey(key: FileKey): Promise<FileRecord | null>;
  find(id: FileId): Promise<FileRecord | null>;
  /** Its bytes are there. */
  written(id: FileId): Promise<void>;
  /** False where it is not there, somebody else's, used by something else, or unused and made before `after`. */
  use(id: FileId, by: { ownerId: UserId; usedBy: string; after: Date; now: Date }): Promise<boolean>;
  remove(id: FileId): Promise<void>;
  /** Oldest first: a meeting holds few enough to be in memory. */
  used(of: Omit<FileKey, "clientKey">): Promise<FileRecord[]>;
  countIn(meetingId: MeetingId): Promise<number>;
  /** Any of them, at most `limit`. */
  some(of: { ownerId: UserId } | { meetingId: MeetingId }, limit: number): Promise<FileId[]>;
}
