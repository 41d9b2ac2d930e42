// Moves note updates from the journal into the log, and renews snapshots and text when they are due.
import type { Clock } from "../../platform/clock.ts";
import type { JournalEntry, Materialiser } from "../../platform/journal/index.ts";
import type { Logger } from "../../platform/logger.ts";
import type { BuiltDocuments } from "./notes.built.ts";
import { createContentRenewal } from "./notes.content.ts";
import { notesStreamKind, parseDocument } from "./notes.documents.ts";
import { fromEntry, toEntry } from "./notes.log.ts";
import type { LogPage, NotesRepository, StoredUpdate } from "./notes.repository.ts";
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
  const content = createContentRenewal(parts);

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

  async function log(pages: LogPage[]): Promise<void> {
    if (await repository.insertPages(pages)) return;
    let overtaken = false;
    for (const [documentId, some] of Map.groupBy(pages, (page) => page.documentId)) {
      // An earlier try had landed, wholly or in part: only what lies behind it is missing.
      const last = await repository.lastSequence(documentId);
      const updates = some.flatMap((page) => page.updates);
      overtaken ||= last > (updates.at(-1)?.sequence ?? last);
      const missing = updates.filter(({ sequence }) => sequence > last);
      if (!(await repository.insertPages(toPages(documentId, missing))))
        throw new Error("two writers move the same notes");
    }
    // Who took over from this process has filed beyond these: its next page would begin within one of theirs.
    if (overtaken) throw new Error("another process files the same notes");
  }

  async function sumUp(documentId: string, size: DocumentSize, entries: JournalEntry[]): Promise<void> {
    const last = entries.at(-1)?.sequence ?? 0;
    if (isSnapshotDue(size, last, snapshotAfterUpdates)) await renewSnapshot(documentId, size);
    if (parseDocument(documentId).layer === "shared") content.changed(documentId);
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
    async write(runs) {
      const all = await Promise.all(runs.map(({ stream }) => sizes.of(stream)));
      const pages = runs.flatMap(({ stream, entries }) => toPages(stream, entries.map(fromEntry)));
      await log(pages);
      // The updates are in the log, which is what was promised; what is derived from it is renewed with the next ones.
      const failed = (documentId: string, error: unknown) =>
        logger.error({ documentId, error: error as Error }, "notes could not be summed up");
      await revisions.add(pages).catch((error: unknown) => failed(runs[0]?.stream ?? "", error));
      for (const [index, { stream, entries }] of runs.entries()) {
        const size = all[index];
        if (size === undefined) throw new Error("every document has a size");
        const moved = bytesOf(entries);
        size.logBytes += moved;
        size.unmovedBytes = Math.max(0, size.unmovedBytes - moved);
        await sumUp(stream, size, entries).catch((error: unknown) => failed(stream, error));
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

function toPages(documentId: string, updates: StoredUpdate[]): LogPage[] {
  const pages: LogPage[] = [];
  let bytes = 0;
  for (const update of updates) {
    const page = pages.at(-1);
    bytes += update.update.byteLength;
    if (page === undefined || page.updates.length >= pageMaxUpdates || bytes > pageMaxBytes) {
      pages.push({ documentId, updates: [update] });
      bytes = update.update.byteLength;
    } else page.updates.push(update);
  }
  return pages;
}
