// What notes need of their collections: a log of updates, snapshots of states, and the text of the shared document.

import type { UserId } from "../../../shared/ids.ts";

/** One Yjs update with who made it and when. */
export interface StoredUpdate {
  sequence: number;
  authorId: UserId | null;
  key: string | null;
  at: Date;
  update: Uint8Array;
}

/** Consecutive updates of one document. */
export interface LogPage {
  documentId: string;
  updates: StoredUpdate[];
}

export interface Snapshot {
  id: string;
  /** It contains every update up to this sequence, and no other. */
  sequence: number;
  bytes: number;
  chunks: number;
}

export interface NotesHead {
  /** Null until the first one is complete. */
  snapshot: Snapshot | null;
  /** Markdown as of `version`; null for one's own layer, and where it was too large to be kept ready. */
  content: string | null;
  /** The plain text as of `version`; null where `content` is. */
  text: string | null;
  version: number;
  updatedAt: Date | null;
}

export interface NotesRepository {
  /** Highest stored sequence, 0 for none. */
  lastSequence(documentId: string): Promise<number>;
  /**
   * In order. False where a page that begins with the same sequence of its document is there already; pages behind it are
   * then not written.
   */
  insertPages(pages: LogPage[]): Promise<boolean>;
  /** Updates with a sequence above `afterSequence`, up to and with `upTo`, in order, page by page. */
  updatesAfter(documentId: string, afterSequence: number, upTo?: number): AsyncIterable<StoredUpdate[]>;
  bytesAfter(documentId: string, afterSequence: number): Promise<number>;
  findByKeys(documentId: string, keys: string[]): Promise<StoredUpdate[]>;
  head(documentId: string): Promise<NotesHead | null>;
  /** That of the head, without its texts; null until the first one is complete. */
  snapshot(documentId: string): Promise<Snapshot | null>;
  /** States of this version or before it, the latest first; a few, as the first one readable is enough. */
  snapshotsUntil(documentId: string, version: number): Promise<Snapshot[]>;
  /** The latest one that is kept for good; 0 for none. */
  lastKeptSequence(documentId: string): Promise<number>;
  /** Null where its chunks are not all there: a newer snapshot has replaced it meanwhile. */
  readSnapshot(snapshot: Snapshot): Promise<Uint8Array | null>;
  /**
   * Becomes visible at once and whole; snapshots before the previous one are deleted, except for those to be kept: past
   * versions are built from them. Null, and nothing changes, where a later one is there.
   */
  writeSnapshot(
    documentId: string,
    state: { sequence: number; bytes: Uint8Array; at: Date; keep: boolean },
  ): Promise<Snapshot | null>;
  /** Kept unless a later version is there. */
  writeContent(
    documentId: string,
    text: { content: string | null; text: string | null; version: number; updatedAt: Date },
  ): Promise<void>;
}
