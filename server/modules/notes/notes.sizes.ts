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
  const remembered = new Map<string, Promise<DocumentSize>>();

  async function load(documentId: string): Promise<DocumentSize> {
    try {
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
    } catch (error) {
      remembered.delete(documentId);
      throw error;
    }
  }

  const sizes: DocumentSizes = {
    of(documentId) {
      const size = remembered.get(documentId) ?? load(documentId);
      remembered.delete(documentId);
      remembered.set(documentId, size);
      const oldest = remembered.keys().next().value;
      if (remembered.size > rememberedDocuments && oldest !== undefined) remembered.delete(oldest);
      return size;
    },
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
