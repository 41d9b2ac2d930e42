// The notes' collections in memory, in the steps in which MongoDB takes them: a process may fail, sleep or die before each.
import type {
  NotesRepository,
  Snapshot,
  StoredUpdate,
} from "../../../server/modules/notes/notes.repository.ts";
import type { Revision, RevisionsRepository } from "../../../server/modules/notes/notes.revisions.ts";

interface Chunk {
  snapshotId: string;
  documentId: string;
  sequence: number;
  kept: boolean;
  data: Uint8Array;
}

/** What survives a process. */
export class NotesDisk {
  readonly pages = new Map<string, StoredUpdate[][]>();
  chunks: Chunk[] = [];
  readonly heads = new Map<string, Snapshot>();
  readonly revisions = new Map<string, Revision[]>();
  #snapshots = 0;

  newSnapshotId(): string {
    return `snapshot-${(this.#snapshots += 1)}`;
  }

  updates(documentId: string): StoredUpdate[] {
    return (this.pages.get(documentId) ?? []).flat();
  }

  /** The bytes behind a pointer; null where they are not all there. */
  read(snapshot: Snapshot): Uint8Array | null {
    const parts = this.chunks.filter(({ snapshotId }) => snapshotId === snapshot.id).map(({ data }) => data);
    const state = Buffer.concat(parts);
    return parts.length === snapshot.chunks && state.byteLength === snapshot.bytes ? state : null;
  }
}

/** Runs one step: at once, later, with an error before or after it, or never. */
export type Step = <Result>(name: string, effect: () => Result) => Promise<Result>;

const chunkMaxBytes = 200;

export function notesCollections(disk: NotesDisk, step: Step): NotesRepository {
  const lastOf = (documentId: string) => disk.updates(documentId).at(-1)?.sequence ?? 0;
  return {
    lastSequence: (documentId) => step("lastSequence", () => lastOf(documentId)),

    async insertPages(pages) {
      for (const { documentId, updates: page } of pages) {
        const first = page[0]?.sequence;
        const landed = await step("insertPage", () => {
          const there = disk.pages.get(documentId) ?? [];
          if (there.some((other) => other[0]?.sequence === first)) return false;
          disk.pages.set(
            documentId,
            [...there, page].sort((a, b) => (a[0]?.sequence ?? 0) - (b[0]?.sequence ?? 0)),
          );
          return true;
        });
        if (!landed) return false;
      }
      return true;
    },

    async *updatesAfter(documentId, afterSequence, upTo = Number.MAX_SAFE_INTEGER) {
      const pages = await step("updatesAfter", () => [...(disk.pages.get(documentId) ?? [])]);
      for (const page of pages)
        yield page.filter(({ sequence }) => sequence > afterSequence && sequence <= upTo);
    },

    bytesAfter: (documentId, afterSequence) =>
      step("bytesAfter", () =>
        disk
          .updates(documentId)
          .reduce((sum, { sequence, update }) => sum + (sequence > afterSequence ? update.byteLength : 0), 0),
      ),

    findByKeys: (documentId, keys) =>
      step("findByKeys", () =>
        disk.updates(documentId).filter(({ key }) => key !== null && keys.includes(key)),
      ),

    head: (documentId) =>
      step("head", () => {
        const snapshot = disk.heads.get(documentId) ?? null;
        return { snapshot, content: null, text: null, version: 0, updatedAt: null };
      }),

    snapshot: (documentId) => step("snapshot", () => disk.heads.get(documentId) ?? null),

    snapshotsUntil: () => Promise.resolve([]),

    lastKeptSequence: (documentId) =>
      step("lastKept", () =>
        Math.max(
          0,
          ...disk.chunks.flatMap((chunk) =>
            chunk.documentId === documentId && chunk.kept ? [chunk.sequence] : [],
          ),
        ),
      ),

    readSnapshot: (snapshot) => step("readSnapshot", () => disk.read(snapshot)),

    async writeSnapshot(documentId, { sequence, bytes, keep }) {
      const id = disk.newSnapshotId();
      const chunks = Math.ceil(bytes.byteLength / chunkMaxBytes);
      for (let index = 0; index < chunks; index += 1) {
        const data = bytes.slice(index * chunkMaxBytes, (index + 1) * chunkMaxBytes);
        await step("insertChunk", () =>
          disk.chunks.push({ snapshotId: id, documentId, sequence, kept: keep, data }),
        );
      }
      const snapshot: Snapshot = { id, sequence, bytes: bytes.byteLength, chunks };
      const before = await step("movePointer", () => {
        const now = disk.heads.get(documentId)?.sequence ?? 0;
        if (now >= sequence) return null;
        disk.heads.set(documentId, snapshot);
        return now;
      });
      const isGone = (chunk: Chunk) =>
        before === null
          ? chunk.snapshotId === id
          : chunk.documentId === documentId && chunk.sequence < before && !chunk.kept;
      await step("deleteChunks", () => (disk.chunks = disk.chunks.filter((chunk) => !isGone(chunk))));
      return before === null ? null : snapshot;
    },

    writeContent: () => step("writeContent", () => undefined),
  };
}

export function revisionsCollection(disk: NotesDisk, step: Step): RevisionsRepository {
  const of = (documentId: string) => disk.revisions.get(documentId) ?? [];
  return {
    last: (documentId) => step("lastRevision", () => of(documentId).at(-1) ?? null),
    page: () => Promise.resolve([]),
    write: (grown) =>
      step("writeRevisions", () => {
        for (const [documentId, some] of Map.groupBy(grown, (one) => one.documentId)) {
          const kept = new Map(of(documentId).map((one) => [one.firstSequence, one]));
          for (const { revision } of some) {
            const there = kept.get(revision.firstSequence);
            if (there === undefined || there.lastSequence <= revision.lastSequence)
              kept.set(revision.firstSequence, revision);
          }
          const all = [...kept.values()].sort((a, b) => a.firstSequence - b.firstSequence);
          disk.revisions.set(documentId, all);
        }
      }),
  };
}
