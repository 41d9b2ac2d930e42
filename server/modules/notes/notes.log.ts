// Reading a document's durable updates: its snapshot, the log behind it, and what is still only in the journal.
import type { Journal, JournalEntry } from "../../platform/journal/index.ts";
import type { Logger } from "../../platform/logger.ts";
import type { NotesRepository, StoredUpdate } from "./notes.repository.ts";

export interface NotesLog {
  /** Everything durable: a state up to some sequence, if there is one, and the updates behind it in order. */
  all(documentId: string): Promise<{ state: Uint8Array | null; updates: StoredUpdate[]; sequence: number }>;
  /** Every durable update with a sequence above `sequence`, in order. */
  after(documentId: string, sequence: number): Promise<StoredUpdate[]>;
}

const snapshotTries = 3;

export function createNotesLog({
  journal,
  repository,
  logger,
}: {
  journal: Journal;
  repository: NotesRepository;
  logger: Logger;
}): NotesLog {
  async function stored(documentId: string, sequence: number, tail: JournalEntry[]): Promise<StoredUpdate[]> {
    const updates: StoredUpdate[] = [];
    for await (const page of repository.updatesAfter(documentId, sequence)) updates.push(...page);
    const last = updates.at(-1)?.sequence ?? sequence;
    for (const entry of tail) if (entry.sequence > last) updates.push(fromEntry(entry));
    return updates;
  }

  async function snapshot(documentId: string): Promise<{ state: Uint8Array; sequence: number } | null> {
    for (let attempt = 0; attempt < snapshotTries; attempt += 1) {
      const head = await repository.head(documentId);
      if (head === null || head.snapshot === null) return null;
      const state = await repository.readSnapshot(head.snapshot);
      if (state !== null) return { state, sequence: head.snapshot.sequence };
    }
    // The log holds every update since the first, so a snapshot that cannot be read costs time, not content.
    logger.error({ documentId }, "notes snapshot is incomplete: reading the whole log");
    return null;
  }

  return {
    async all(documentId) {
      // The tail first: what moves into the log in between is then seen twice, not never.
      const tail = await journal.tail(documentId, 1);
      const base = await snapshot(documentId);
      const updates = await stored(documentId, base?.sequence ?? 0, tail);
      return {
        state: base?.state ?? null,
        updates,
        sequence: updates.at(-1)?.sequence ?? base?.sequence ?? 0,
      };
    },

    async after(documentId, sequence) {
      const tail = await journal.tail(documentId, sequence + 1);
      if (tail[0]?.sequence === sequence + 1) return tail.map(fromEntry);
      return stored(documentId, sequence, tail);
    },
  };
}

export function fromEntry({ sequence, authorId, key, at, payload }: JournalEntry): StoredUpdate {
  if (!(payload instanceof Uint8Array)) throw new Error("a notes entry holds bytes");
  return { sequence, authorId, key, at, update: payload };
}

export function toEntry(documentId: string, { update, ...rest }: StoredUpdate): JournalEntry {
  return { stream: documentId, ...rest, payload: update };
}
