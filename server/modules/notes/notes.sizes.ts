// How large each document is, so that one cannot grow without bound, and how much has come since its last snapshot.
import type { Journal, JournalEntry } from "../../platform/journal/index.ts";
import type { NotesRepository } from "./notes.repository.ts";

export interface DocumentSize {
  snapshotSequence: number;
  snapshotBytes: number;
  /** In the log, behind the snapshot. */
  logBytes: number;
  /** Accepted, and not in the log yet. */
  unmovedBytes: number;
}

export interface DocumentSizes {
  /** As far as this process has seen: other processes' updates, and what they have filed, it learns of by `renewed`. */
  of(documentId: string): Promise<DocumentSize>;
  /** As `of`, where that is known without a wait. */
  known(documentId: string): DocumentSize | null;
  /** Counted anew. */
  renewed(documentId: string): Promise<DocumentSize>;
  forget(documentId: string): void;
}

const rememberedDocuments = 5_000;

export function createDocumentSizes({
  journal,
  repository,
}: {
  journal: Journal;
  repository: NotesRepository;
}): DocumentSizes {
  const remembered = new Map<string, { size: DocumentSize | null; counted: Promise<DocumentSize> }>();

  async function count(documentId: string): Promise<DocumentSize> {
    const tail = await journal.tail(documentId, 1);
    const head = await repository.head(documentId);
    const last = await repository.lastSequence(documentId);
    const snapshotSequence = head?.snapshot?.sequence ?? 0;
    return {
      snapshotSequence,
      snapshotBytes: head?.snapshot?.bytes ?? 0,
      logBytes: await repository.bytesAfter(documentId, snapshotSequence),
      unmovedBytes: bytesOf(tail.filter(({ sequence }) => sequence > last)),
    };
  }

  function load(documentId: string) {
    const one = { size: null as DocumentSize | null, counted: count(documentId) };
    // Known before whoever waits goes on, so that nobody who comes later overtakes them.
    one.counted.then(
      (size) => (one.size = size),
      () => remembered.delete(documentId),
    );
    return one;
  }

  const sizes: DocumentSizes = {
    of(documentId) {
      const one = remembered.get(documentId) ?? load(documentId);
      remembered.delete(documentId);
      remembered.set(documentId, one);
      const oldest = remembered.keys().next().value;
      if (remembered.size > rememberedDocuments && oldest !== undefined) remembered.delete(oldest);
      return one.counted;
    },
    known: (documentId) => remembered.get(documentId)?.size ?? null,
    renewed(documentId) {
      remembered.delete(documentId);
      return sizes.of(documentId);
    },
    forget: (documentId) => void remembered.delete(documentId),
  };
  return sizes;
}

export function bytesOf(entries: JournalEntry[]): number {
  return entries.reduce(
    (sum, { payload }) => sum + (payload instanceof Uint8Array ? payload.byteLength : 0),
    0,
  );
}
