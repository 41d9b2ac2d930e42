// What the journal asks of its collection: a port, so that its rules are tested without a database.
import type { JournalEntry } from "./index.ts";

/** Names one process's writing of the journal, from its start to its end: 24 hexadecimal digits, rising with time. */
export type Term = string;

/** Stands for the documents that were written before there were terms; nothing is added to them any more. */
export const formerTerm: Term = "former";

/**
 * One flush: the entries of all streams that arrived in its window. The documents of a term are a chain, numbered without
 * gaps as they are written; those without entries only keep their number from being used.
 */
export interface JournalDocument {
  id: string;
  term: Term;
  at: Date;
  entries: JournalEntry[];
}

/** `fenced`: another process has ended the term, and no document of it can land any more. */
export type Inserted = "landed" | "fenced";
export type Settled = "landed" | "void" | "fenced";

export interface JournalStore {
  /** Resolves once it is known for good. Repeating a document changes nothing: where it is there already, it has landed. */
  insert(document: JournalDocument): Promise<Inserted>;
  /** Takes the document's id with an empty one, unless it is taken; answers which is there for good. */
  settle(document: JournalDocument): Promise<Settled>;
  /** Ends a term by taking the next number of its chain; repeating it changes nothing. */
  fence(term: Term, end: { by: Term; at: Date }): Promise<void>;
  /** The term's documents in the order of the chain, page by page; not its fence. */
  scan(term: Term): AsyncIterable<JournalDocument[]>;
  remove(ids: string[]): Promise<void>;
  /** Removes everything of a closed term, its fence included. */
  forget(term: Term): Promise<void>;
  /** Stored size of a payload in bytes. Throws where it cannot be stored. */
  sizeOf(payload: unknown): number;
}

// Enough for a thousand documents a second over thirty years.
const numberDigits = 12;

/** Ids of a chain sort in the order of their numbers. */
export function documentId(term: Term, number: number): string {
  return `${term}/${String(number).padStart(numberDigits, "0")}`;
}

export function numberOf(id: string): number {
  return Number(id.slice(id.indexOf("/") + 1));
}
