// Files: bytes under an id, in a directory of DATA_DIR or in the document store; who may see them is decided above.
import type { FileId } from "../../../shared/ids.ts";

export interface StoredBytes {
  bytes: number;
  /** In hexadecimal. */
  sha256: string;
}

/** The first and the last byte, both included, counted from 0. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface FileStore {
  mode: "directory" | "database";
  /**
   * Durable when it resolves; until then nothing is found under the id. What is there already is replaced as a whole.
   * Where `content` throws, that is thrown, and what was there stays.
   */
  put(id: FileId, content: AsyncIterable<Uint8Array>): Promise<StoredBytes>;
  /** Null where there is none. */
  stat(id: FileId): Promise<{ bytes: number } | null>;
  /**
   * Piece by piece, in order, never all of it in memory. Throws NOT_FOUND at the first piece where there is none, and
   * INTERNAL where what is there is damaged. A range beyond the end is cut.
   */
  read(id: FileId, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** Those that are there when it comes to them, in any order. */
  ids(): AsyncIterable<FileId>;
  /**
   * The next of them, in an order that stays; none where `after` was the last. Also those of which an interrupted `put` has
   * left something.
   */
  page(after: FileId | null, limit: number): Promise<FileId[]>;
  /**
   * Removes it where it was last put before then. False where it was not, or was not there: a `put` at the same time is
   * either kept or comes after.
   */
  removeOlder(id: FileId, before: Date): Promise<boolean>;
  /** Nothing happens where there is none; also what an interrupted `put` has left goes. */
  remove(id: FileId): Promise<void>;
}
