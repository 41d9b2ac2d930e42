// The notes' collections as erasure needs them: edits and states are written anew in their place, own layers go as a whole.
import mongoose, { type Connection } from "mongoose";

type ObjectId = mongoose.mongo.ObjectId;
type Binary = mongoose.mongo.Binary;
const { Binary, ObjectId } = mongoose.mongo;

export interface ErasableEdit {
  sequence: number;
  authorId: string | null;
  key: string | null;
  update: Uint8Array;
}

export interface ErasablePage {
  id: string;
  edits: ErasableEdit[];
}

export interface ErasableState {
  id: string;
  bytes: Uint8Array;
}

export interface NotesErasureRepository {
  /** In order of the log. */
  pages(documentId: string): AsyncIterable<ErasablePage>;
  /** What is other among these edits, in place of what was read; nothing where somebody else has rewritten it meanwhile. */
  rewritePage(page: ErasablePage, edits: readonly ErasableEdit[]): Promise<void>;
  states(documentId: string): AsyncIterable<ErasableState>;
  /** A state with other bytes in the place of this one; nothing where somebody else has replaced it meanwhile. */
  replaceState(documentId: string, state: ErasableState): Promise<void>;
  /** The text is made anew by whoever reads next. */
  forgetText(documentId: string): Promise<void>;
  /** The names of all layers of which anything is there. */
  documentsOf(meetingId: string): Promise<string[]>;
  /** Log, states, history and text of a document. */
  removeDocument(documentId: string): Promise<void>;
  removeTemplatesOf(userId: string): Promise<void>;
  /** Null where it is not there any more. */
  ownerOfTemplate(id: string): Promise<string | null>;
}

interface PageDocument {
  _id: ObjectId;
  meetingId: ObjectId;
  documentId: string;
  sequence: number;
  keys: string[];
  bytes: number;
  operations: { sequence: number; authorId: ObjectId | null; key: string | null; update: Binary }[];
}

interface ChunkDocument {
  _id: ObjectId;
  snapshotId: ObjectId;
  documentId: string;
  sequence: number;
  index: number;
  chunks: number;
  bytes: number;
  kept: boolean;
  data: Binary;
  createdAt: Date;
}

interface HeadDocument {
  meetingId: ObjectId;
  documentId: string;
  content: string | null;
  text: string | null;
  snapshot: { id: ObjectId | null; bytes: number; chunks: number };
}

const chunkMaxBytes = 4 * 1024 * 1024;

export function createNotesErasureRepository(connection: Connection): NotesErasureRepository {
  const database = connection.getClient().db(connection.name);
  const pages = database.collection<PageDocument>("noteOps");
  const chunks = database.collection<ChunkDocument>("noteSnapshots");
  const heads = database.collection<HeadDocument>("meetingNotes");
  const revisions = database.collection<{ documentId: string; meetingId: ObjectId }>("noteRevisions");
  const templates = database.collection<{ _id: ObjectId; ownerId: ObjectId }>("noteTemplates");

  return {
    async *pages(documentId) {
      for await (const page of pages.find({ documentId }, { batchSize: 20 }).sort({ sequence: 1 })) {
        yield {
          id: page._id.toHexString(),
          edits: page.operations.map(({ sequence, authorId, key, update }) => ({
            sequence,
            authorId: authorId?.toHexString() ?? null,
            key,
            update: new Uint8Array(update.value()),
          })),
        };
      }
    },

    async rewritePage({ id, edits: read }, edits) {
      const filter: Record<string, unknown> = { keys: keysOf(read) };
      const set: Record<string, unknown> = { keys: keysOf(edits) };
      for (const [index, { key, update }] of edits.entries()) {
        const before = read[index];
        if (before === undefined || (before.key === key && before.update === update)) continue;
        filter[`operations.${index}.update`] = new Binary(before.update);
        set[`operations.${index}.key`] = key;
        set[`operations.${index}.update`] = new Binary(update);
      }
      const change = { $set: set, $inc: { bytes: bytesOf(edits) - bytesOf(read) } };
      await pages.updateOne({ _id: new ObjectId(id), ...filter }, change);
    },

    async *states(documentId) {
      const firsts = await chunks.find({ documentId, index: 0 }, { projection: { data: 0 } }).toArray();
      for (const { snapshotId } of firsts) {
        const parts = await chunks.find({ snapshotId }).sort({ index: 1 }).toArray();
        yield {
          id: snapshotId.toHexString(),
          bytes: Buffer.concat(parts.map(({ data }) => new Uint8Array(data.value()))),
        };
      }
    },

    async replaceState(documentId, { id, bytes }) {
      const former = new ObjectId(id);
      const first = await chunks.findOne({ snapshotId: former, index: 0 });
      if (first === null) return;
      const snapshotId = new ObjectId();
      const count = Math.ceil(bytes.byteLength / chunkMaxBytes);
      for (let index = 0; index < count; index += 1) {
        const data = new Binary(bytes.subarray(index * chunkMaxBytes, (index + 1) * chunkMaxBytes));
        const { byteLength } = bytes;
        await chunks.insertOne({
          ...first,
          _id: new ObjectId(),
          snapshotId,
          index,
          chunks: count,
          bytes: byteLength,
          data,
        });
      }
      // The pointer moves before the former one goes: whoever reads finds the one or the other.
      const moved = await heads.updateOne(
        { documentId, "snapshot.id": former },
        {
          $set: {
            "snapshot.id": snapshotId,
            "snapshot.bytes": bytes.byteLength,
            "snapshot.chunks": count,
          },
        },
      );
      const gone = await chunks.deleteMany({ snapshotId: former });
      // Made of what somebody else has replaced meanwhile: theirs stays, and is read by the next pass.
      if (gone.deletedCount === 0 && moved.matchedCount === 0) await chunks.deleteMany({ snapshotId });
    },

    async forgetText(documentId) {
      await heads.updateOne({ documentId }, { $set: { content: null, text: null } });
    },

    async documentsOf(id) {
      const meetingId = new ObjectId(id);
      const names = await Promise.all([
        pages.distinct("documentId", { meetingId }),
        heads.distinct("documentId", { meetingId }),
        revisions.distinct("documentId", { meetingId }),
      ]);
      return [...new Set(names.flat())];
    },

    async removeDocument(documentId) {
      await heads.deleteOne({ documentId });
      await chunks.deleteMany({ documentId });
      await pages.deleteMany({ documentId });
      await revisions.deleteMany({ documentId });
    },

    async ownerOfTemplate(id) {
      const template = await templates.findOne({ _id: new ObjectId(id) }, { projection: { ownerId: 1 } });
      return template?.ownerId.toHexString() ?? null;
    },

    async removeTemplatesOf(userId) {
      await templates.deleteMany({ ownerId: new ObjectId(userId) });
    },
  };
}

function keysOf(edits: readonly ErasableEdit[]): string[] {
  return edits.flatMap(({ key }) => (key === null ? [] : [key]));
}

function bytesOf(edits: readonly ErasableEdit[]): number {
  return edits.reduce((sum, { update }) => sum + update.byteLength, 0);
}
