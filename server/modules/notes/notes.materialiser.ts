// Moves note updates from the journal into the log, and renews snapshots and text when they are due.
import type { Clock } from "../../platform/clock.ts";
import type { JournalEntry, Materialiser } from "../../platform/journal/index.ts";
import type { Logger } from "../../platform/logger.ts";
import type { BuiltDocuments } from "./notes.built.ts";
import { notesStreamKind, parseDocument } from "./notes.documents.ts";
import { fromEntry, toEntry } from "./notes.log.ts";
import type { NotesRepository, StoredUpdate } from "./notes.repository.ts";
import type { Revisions } from "./notes.revisions.ts";
import { bytesOf, type DocumentSize, type DocumentSizes } from "./notes.sizes.ts";

const pageMaxUpdates = 500;
const pageMaxBytes = 4 * 1024 * 1024;

/** A large document is written again less often: the cost of a snapshot stays a share of what has come since. */
const usualSnapshotAfterUpdates = 500;
const snapshotBytesPerUpdate = 8 * 1024;
const snapshotAfterBytes = 1024 * 1024;

/**
 * Some are kept for good, so that a past version is a state and at most this many updates away; a large document keeps
 * fewer, so that what is kept stays a share of the log.
 */
const usualKeptAfterUpdates = 5_000;
const keptBytesPerUpdate = 1024;

/** Text above this size is made for each reader instead of being kept in a document that must stay below 16 MB. */
const contentMaxChars = 2 * 1024 * 1024;
/** Making the text may take one part in this of the time. */
const contentCostShare = 50;
const rememberedRenewals = 5_000;

export interface NotesMaterialiserParts {
  repository: NotesRepository;
  revisions: Revisions;
  built: BuiltDocuments;
  sizes: DocumentSizes;
  clock: Clock;
  logger: Logger;
  /** Smaller ones than usual, for tests. */
  snapshotAfterUpdates?: number;
  keptAfterUpdates?: number;
}

export function createNotesMaterialiser(parts: NotesMaterialiserParts): Materialiser {
  const { repository, revisions, built, sizes, clock, logger } = parts;
  const { snapshotAfterUpdates = usualSnapshotAfterUpdates, keptAfterUpdates = usualKeptAfterUpdates } =
    parts;
  const contentDueAtMs = new Map<string, number>();

  async function renewSnapshot(documentId: string, size: DocumentSize): Promise<void> {
    const state = await built.state(documentId);
    if (state === null) return;
    const since = state.sequence - (await repository.lastKeptSequence(documentId));
    const keep = since >= Math.max(keptAfterUpdates, state.bytes.byteLength / keptBytesPerUpdate);
    const written = await repository.writeSnapshot(documentId, { ...state, at: clock.now(), keep });
    if (written === null) return;
    size.snapshotSequence = written.sequence;
    size.snapshotBytes = written.bytes;
    size.logBytes = 0;
  }

  async function renewContent(documentId: string): Promise<void> {
    const startedMs = clock.monotonicMs();
    if ((contentDueAtMs.get(documentId) ?? 0) > startedMs) return;
    const { content, text, version, updatedAt } = await built.text(documentId);
    const endedMs = clock.monotonicMs();
    contentDueAtMs.delete(documentId);
    contentDueAtMs.set(documentId, endedMs + (endedMs - startedMs) * contentCostShare);
    const oldest = contentDueAtMs.keys().next().value;
    if (contentDueAtMs.size > rememberedRenewals && oldest !== undefined) contentDueAtMs.delete(oldest);
    if (updatedAt === null) return;
    const kept = content.length <= contentMaxChars ? { content, text } : { content: null, text: null };
    await repository.writeContent(documentId, { ...kept, version, updatedAt });
  }

  async function log(documentId: string, entries: JournalEntry[]): Promise<void> {
    if (await repository.insertPages(documentId, toPages(entries))) return;
    // An earlier try had landed, wholly or in part: only what lies behind it is missing.
    const last = await repository.lastSequence(documentId);
    const missing = entries.filter(({ sequence }) => sequence > last);
    if (!(await repository.insertPages(documentId, toPages(missing))))
      throw new Error("two writers move the same notes");
  }

  return {
    kind: notesStreamKind,
    lastSequence: (documentId) => repository.lastSequence(documentId),
    async findByKeys(documentId, keys) {
      return (await repository.findByKeys(documentId, keys)).map((update) => toEntry(documentId, update));
    },
    async read(documentId, fromSequence, limit) {
      const entries: JournalEntry[] = [];
      for await (const page of repository.updatesAfter(documentId, fromSequence - 1)) {
        entries.push(...page.map((update) => toEntry(documentId, update)));
        if (entries.length >= limit) break;
      }
      return entries;
    },
    async write(documentId, entries) {
      const size = await sizes.of(documentId);
      await log(documentId, entries);
      const moved = bytesOf(entries);
      size.logBytes += moved;
      size.unmovedBytes = Math.max(0, size.unmovedBytes - moved);
      try {
        await revisions.add(documentId, entries.map(fromEntry));
        const last = entries.at(-1)?.sequence ?? 0;
        if (isSnapshotDue(size, last, snapshotAfterUpdates)) await renewSnapshot(documentId, size);
        if (parseDocument(documentId).layer === "shared") await renewContent(documentId);
      } catch (error) {
        // The updates are in the log, which is what was promised; what is derived from it is renewed with the next ones.
        logger.error({ documentId, error: error as Error }, "notes could not be summed up");
      }
    },
  };
}

function isSnapshotDue(size: DocumentSize, lastSequence: number, snapshotAfterUpdates: number): boolean {
  const updates = lastSequence - size.snapshotSequence;
  return (
    updates >= snapshotAfterUpdates + size.snapshotBytes / snapshotBytesPerUpdate ||
    size.logBytes >= Math.max(snapshotAfterBytes, size.snapshotBytes)
  );
}

function toPages(entries: JournalEntry[]): StoredUpdate[][] {
  const pages: StoredUpdate[][] = [];
  let bytes = 0;
  for (const update of entries.map(fromEntry)) {
    const page = pages.at(-1);
    if (
      page === undefined ||
      page.length >= pageMaxUpdates ||
      bytes + update.update.byteLength > pageMaxBytes
    ) {
      pages.push([update]);
      bytes = update.update.byteLength;
    } else {
      page.push(update);
      bytes += update.update.byteLength;
    }
  }
  return pages;
}
