// What the journal asks of its collection: a port, so that its rules are tested without a database.
import type { JournalEntry } from "./index.ts";

/** One flush: the entries of all streams that arrived in its window. A void document has none. */
export interface JournalDocument {
  /** 24 hexadecimal digits, rising with time. */
  id: string;
  node: string;
  /** Term of the owner who wrote it: late writes of an earlier owner can be told apart by it. */
  epoch: number;
  at: Date;
  entries: JournalEntry[];
}

export interface JournalStore {
  /** Resolves once durable. Repeating a document changes nothing: where its id is there already, it resolves too. */
  insert(document: JournalDocument): Promise<void>;
  /** Takes the document's id with an empty one, unless it has landed; answers which of both is there for good. */
  settle(document: JournalDocument): Promise<"landed" | "void">;
  /** All documents in order of id, page by page. */
  scan(): AsyncIterable<JournalDocument[]>;
  remove(ids: string[]): Promise<void>;
  /** Stored size of a payload in bytes. Throws where it cannot be stored. */
  sizeOf(payload: unknown): number;
}
