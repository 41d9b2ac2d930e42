// The log of edits as revisions: who wrote when, kept as an index beside the log so that history is read page by page.
import { setImmediate } from "node:timers/promises";
import * as Y from "yjs";
import type { UserId } from "../../../shared/ids.ts";
import { createInOrder } from "../../platform/in-order.ts";
import type { LogPage, NotesRepository, StoredUpdate } from "./notes.repository.ts";

export interface RevisionAuthor {
  /** Null for what the house itself wrote, such as a template's headings. */
  userId: UserId | null;
  edits: number;
}

/** Consecutive edits that belong together. */
export interface Revision {
  firstSequence: number;
  lastSequence: number;
  startedAt: Date;
  endedAt: Date;
  authors: RevisionAuthor[];
  edits: number;
  /** Characters that the edits brought and took, as typed: what was typed and deleted again counts in both. */
  insertedChars: number;
  deletedChars: number;
  kind: "edit" | "template" | "restore";
  /** Of a restore: the version whose text came back. */
  restoredVersion: number | null;
}

export interface RevisionsRepository {
  last(documentId: string): Promise<Revision | null>;
  /** Newest first, all with a first sequence below `before`. */
  page(documentId: string, options: { before: number; limit: number }): Promise<Revision[]>;
  /** Replaces revisions with the same first sequence and adds the others; writing them again changes nothing. */
  write(revisions: { documentId: string; revision: Revision }[]): Promise<void>;
}

/** A pause that ends a revision. */
export const revisionPauseMs = 2 * 60_000;
/** Somebody else's edit within this time belongs to it: people who write at once share a revision. */
export const togetherMs = 10_000;
const revisionMaxMs = 10 * 60_000;
const revisionMaxEdits = 1_000;
const rememberedDocuments = 5_000;
/** Updates that are read without giving way. */
const readAtOnce = 200;

export interface Revisions {
  /** Takes in what has reached the log. */
  add(pages: LogPage[]): Promise<void>;
  /** Takes in what the index lacks of the log, such as the edits from before there was an index. */
  catchUp(documentId: string): Promise<void>;
}

export function createRevisions({
  revisions,
  repository,
}: {
  revisions: RevisionsRepository;
  repository: NotesRepository;
}): Revisions {
  const turns = createInOrder();
  // The last revision of each document as this process wrote it: where others have gone on since, a gap shows it.
  const lasts = new Map<string, Revision>();

  function remember(documentId: string, last: Revision | null): void {
    if (last === null) return;
    lasts.delete(documentId);
    lasts.set(documentId, last);
    const oldest = lasts.keys().next().value;
    if (lasts.size > rememberedDocuments && oldest !== undefined) lasts.delete(oldest);
  }

  function grow(documentId: string, last: Revision | null, updates: StoredUpdate[]): Revision[] {
    const after = last?.lastSequence ?? 0;
    const grown = grouped(
      last,
      updates.filter(({ sequence }) => sequence > after),
    );
    remember(documentId, grown.at(-1) ?? last);
    return grown;
  }

  /** Grouping is settled by the log alone, so two who do this at once write the same. */
  async function catchUp(documentId: string, upTo?: number): Promise<Revision | null> {
    let last = await revisions.last(documentId);
    for await (const page of repository.updatesAfter(documentId, last?.lastSequence ?? 0, upTo)) {
      const grown = grow(documentId, last, page);
      if (grown.length > 0) await revisions.write(named(documentId, grown));
      last = grown.at(-1) ?? last;
    }
    return last;
  }

  async function lastBefore(documentId: string, first: number): Promise<Revision | null> {
    const known = lasts.get(documentId) ?? (first === 1 ? null : await revisions.last(documentId));
    if (first <= (known?.lastSequence ?? 0) + 1) return known;
    return turns.run(documentId, () => catchUp(documentId, first - 1));
  }

  return {
    async add(pages) {
      const before = await Promise.all(
        pages.map(({ documentId, updates }) => lastBefore(documentId, updates[0]?.sequence ?? 0)),
      );
      const all: { documentId: string; revision: Revision }[] = [];
      let read = 0;
      for (const [index, { documentId, updates }] of pages.entries()) {
        all.push(...named(documentId, grow(documentId, before[index] ?? null, updates)));
        read += updates.length;
        // Whoever types meanwhile does not wait for all of them.
        if (read < readAtOnce) continue;
        read = 0;
        await setImmediate();
      }
      if (all.length === 0) return;
      try {
        await revisions.write(all);
      } catch (error) {
        // What is in the store is asked for again the next time.
        for (const { documentId } of pages) lasts.delete(documentId);
        throw error;
      }
    },
    catchUp: (documentId) =>
      turns.run(documentId, async () => {
        await catchUp(documentId);
      }),
  };
}

function named(documentId: string, revisions: Revision[]): { documentId: string; revision: Revision }[] {
  return revisions.map((revision) => ({ documentId, revision }));
}

/** The last revision as it has grown, and those that follow; empty where there is nothing new. */
export function grouped(last: Revision | null, updates: StoredUpdate[]): Revision[] {
  const result: Revision[] = [];
  let open = last;
  for (const update of updates) {
    const { kind, restoredVersion } = kindOf(update);
    if (open === null || !belongs(open, update, kind)) {
      open = {
        firstSequence: update.sequence,
        lastSequence: update.sequence,
        startedAt: update.at,
        endedAt: update.at,
        authors: [],
        edits: 0,
        insertedChars: 0,
        deletedChars: 0,
        kind,
        restoredVersion,
      };
    } else if (result.at(-1) !== open)
      open = { ...open, authors: open.authors.map((author) => ({ ...author })) };
    if (result.at(-1) !== open) result.push(open);
    take(open, update);
  }
  return result;
}

function belongs(open: Revision, { authorId, at }: StoredUpdate, kind: Revision["kind"]): boolean {
  if (kind !== "edit" || open.kind !== "edit") return false;
  const pauseMs = at.getTime() - open.endedAt.getTime();
  const isAuthor = open.authors.some(({ userId }) => userId === authorId);
  return (
    pauseMs < (isAuthor ? revisionPauseMs : togetherMs) &&
    open.edits < revisionMaxEdits &&
    at.getTime() - open.startedAt.getTime() < revisionMaxMs
  );
}

function take(revision: Revision, { sequence, authorId, at, update }: StoredUpdate): void {
  const author = revision.authors.find(({ userId }) => userId === authorId);
  if (author === undefined) revision.authors.push({ userId: authorId, edits: 1 });
  else author.edits += 1;
  const { inserted, deleted } = sizesOf(update);
  revision.lastSequence = sequence;
  // Clocks of several processes may differ a little: time never runs backwards within a history.
  if (at > revision.endedAt) revision.endedAt = at;
  revision.edits += 1;
  revision.insertedChars = sumOf(revision.insertedChars, inserted);
  revision.deletedChars = sumOf(revision.deletedChars, deleted);
}

/** An update may claim to delete more than anybody has written: the history must stay readable. */
function sumOf(one: number, other: number): number {
  return Math.min(one + other, Number.MAX_SAFE_INTEGER);
}

function sizesOf(update: Uint8Array): { inserted: number; deleted: number } {
  const { structs, ds } = Y.decodeUpdate(update);
  let inserted = 0;
  for (const struct of structs) {
    if (struct instanceof Y.Item && struct.content instanceof Y.ContentString) inserted += struct.length;
  }
  let deleted = 0;
  for (const ranges of ds.clients.values()) for (const { len } of ranges) deleted = sumOf(deleted, len);
  return { inserted, deleted };
}

export function restoreKey(version: number, userId: UserId, clientKey: string): string {
  return `restore/${version}/${userId}/${clientKey}`;
}

function kindOf({ key }: StoredUpdate): Pick<Revision, "kind" | "restoredVersion"> {
  const [, restored] = /^restore\/(\d+)\//.exec(key ?? "") ?? [];
  if (restored !== undefined) return { kind: "restore", restoredVersion: Number(restored) };
  return { kind: key?.startsWith("template/") === true ? "template" : "edit", restoredVersion: null };
}
