// Reading a document's durable updates: its snapshot, the log behind it, and what is still only in the journal.
import type { Journal, JournalEntry } from "../../platform/journal/index.ts";
import type { Logger } from "../../platform/logger.ts";
import type { NotesRepository, Snapshot, StoredUpdate } from "./notes.repository.ts";

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

interface Base {
  state: Uint8Array | null;
  sequence: number;
  /** What follows the state, of the log and of the tail. */
  updates: StoredUpdate[];
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

  /** A snapshot and what follows it, read at once; null where the snapshot cannot be read. */
  async function from(
    documentId: string,
    snapshot: Snapshot,
    tail: JournalEntry[],
    upTo?: number,
  ): Promise<Base | null> {
    const { sequence } = snapshot;
    const [state, updates] = await Promise.all([
      repository.readSnapshot(snapshot),
      stored(documentId, sequence, tail, upTo),
    ]);
    return state === null ? null : { state, sequence, updates };
  }

  async function fromLatest(documentId: string, tail: JournalEntry[]): Promise<Base> {
    for (let attempt = 0; attempt < snapshotTries; attempt += 1) {
      const snapshot = await repository.snapshot(documentId);
      if (snapshot === null) break;
      const found = await from(documentId, snapshot, tail);
      if (found !== null) return found;
      // The log holds every update since the first, so a snapshot that cannot be read costs time, not content.
      if (attempt === snapshotTries - 1)
        logger.error({ documentId }, "notes snapshot is incomplete: reading the whole log");
    }
    return { state: null, sequence: 0, updates: await stored(documentId, 0, tail) };
  }

  async function fromKept(documentId: string, version: number, tail: JournalEntry[]): Promise<Base> {
    for (const snapshot of await repository.snapshotsUntil(documentId, version)) {
      const found = await from(documentId, snapshot, tail, version);
      if (found !== null) return found;
    }
    return { state: null, sequence: 0, updates: await stored(documentId, 0, tail, version) };
  }

  return {
    async all(documentId) {
      // The tail first: what moves into the log in between is then seen twice, not never.
      const tail = await journal.tail(documentId, 1);
      const { state, sequence, updates } = await fromLatest(documentId, tail);
      return { state, updates, sequence: updates.at(-1)?.sequence ?? sequence };
    },

    async until(documentId, version) {
      const tail = (await journal.tail(documentId, 1)).filter(({ sequence }) => sequence <= version);
      const { state, updates } = await fromKept(documentId, version, tail);
      return { state, updates };
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
