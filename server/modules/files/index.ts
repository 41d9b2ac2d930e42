// Files of people: who sent them, for what, and whether anything names them; the bytes are in the file store.
import type { FileId, MeetingId, UserId } from "../../../shared/ids.ts";
import type { FileType, UploadPurpose } from "../../../shared/uploads.ts";
import type { ByteRange, FileStore } from "../../vendors/files/index.ts";

export { createFilesModule } from "./files.service.ts";

/** Files of other purposes are read and forgotten. */
export type KeptPurpose = Extract<UploadPurpose, "photo" | "attachment" | "resume">;

export interface FileRecord {
  id: FileId;
  ownerId: UserId;
  purpose: KeptPurpose;
  /** Of attachments. */
  meetingId: MeetingId | null;
  /** The sender's: names this upload among theirs of this purpose and meeting. */
  clientKey: string;
  name: string;
  type: FileType;
  bytes: number;
  sha256: string;
  width: number | null;
  height: number | null;
  /** `writing` until its bytes are there, `used` once something names it. */
  state: "writing" | "unused" | "used";
  /** What names it, by a key of the module that does; null while nothing does. */
  usedBy: string | null;
  usedAt: Date | null;
  createdAt: Date;
}

export interface NewFile extends Pick<
  FileRecord,
  "ownerId" | "purpose" | "meetingId" | "clientKey" | "name" | "type" | "width" | "height"
> {
  content: Uint8Array;
}

export interface FilesService {
  /**
   * Durable when it resolves. The same key with the same bytes answers the first one's file, with others it throws
   * IDEMPOTENCY_MISMATCH. What nothing names within an hour is removed.
   */
  keep(file: NewFile): Promise<FileRecord>;
  /** Null also while its bytes are still being written. */
  find(id: FileId): Promise<FileRecord | null>;
  read(id: FileId, range?: ByteRange): AsyncIterable<Uint8Array>;
  countIn(meetingId: MeetingId): Promise<number>;
  /** What somebody has sent to a meeting's chat, or of themselves (null), and is named by something; as it was sent. */
  sentBy(userId: UserId, meetingId: MeetingId | null): Promise<FileRecord[]>;
  /**
   * From now on the file stays as long as `usedBy` names it. False where it is not there, somebody else's, too old to be
   * waited for, or used by something else. May be repeated.
   */
  use(id: FileId, by: { ownerId: UserId; usedBy: string }): Promise<boolean>;
  /** At once. May be repeated. */
  remove(id: FileId): Promise<void>;
  /**
   * After a move or a restore: takes over the bytes of known files that lie in another store, which is then emptied or left
   * as it is. May be repeated. Answers how many.
   */
  adopt(other: Pick<FileStore, "ids" | "read" | "remove">, and: "empty" | "leave"): Promise<number>;
  /** Looks in a minute whether anything names it still, and removes it where nothing does: also if this process dies. */
  reconsider(id: FileId): Promise<void>;
  /** All that the person has sent. May be repeated. */
  removeOfPerson(userId: UserId): Promise<void>;
  removeOfMeeting(meetingId: MeetingId): Promise<void>;
}

/** Whether anything names a file that is used; asked before it is removed. */
export type InUse = Record<KeptPurpose, (file: FileRecord) => Promise<boolean>>;
