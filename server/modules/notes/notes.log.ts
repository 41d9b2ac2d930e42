// Reading a document's durable updates: its snapshot, the log behind it, and what is still only in the journal.
import type { Journal, JournalEntry } from "../../platform/journal/index.ts";
import type { Logger } from "../../platform/logger.ts";
import type { NotesRepository, StoredUpdate } from "./notes.repository.ts";

export interface NotesLog {
  /** Everything durable: a state up to some sequence, if there is one, and the updates behind it in order. */
  all(documentId: string): Promise<{ state: Uint8Array | null; updates: StoredUpdate[]; sequence: number }>;
  /** Everything up to `version`: a state before it, if there is one, and the updates that lead to it. */
  until(documentId: string, version: number): Promise<{ state: Uint8Array | null; updates: StoredUpdate[] }>;
  /** The durable update with this key, wherever it is; null where there is none. */
  byKey(documentId: string, key: string): Promise<StoredUpdate | null>;
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
  async function stored(
    documentId: string,
    sequence: number,
    tail: JournalEntry[],
    upTo?: number,
  ): Promise<StoredUpdate[]> {
    const updates: StoredUpdate[] = [];
    for await (const page of repository.updatesAfter(documentId, sequence, upTo)) updates.push(...page);
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

  async function keptState(
    documentId: string,
    version: number,
  ): Promise<{ state: Uint8Array; sequence: number } | null> {
    for (const snapshot of await repository.snapshotsUntil(documentId, version)) {
      const state = await repository.readSnapshot(snapshot);
      if (state !== null) return { state, sequence: snapshot.sequence };
    }
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

    async until(documentId, version) {
      const tail = (await journal.tail(documentId, 1)).filter(({ sequence }) => sequence <= version);
      const base = await keptState(documentId, version);
      const updates = await stored(documentId, base?.sequence ?? 0, tail, version);
      return { state: base?.state ?? null, updates };
    },

    async byKey(documentId, key) {
      const entry = (await journal.tail(documentId, 1)).find((each) => each.key === key);
      if (entry !== undefined) return fromEntry(entry);
      return (await repository.findByKeys(documentId, [key]))[0] ?? null;
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
