// Notes in MongoDB: pages of updates, chunked snapshots behind a pointer, and the materialised text.
import mongoose, { Schema, type Connection } from "mongoose";
import type { UserId } from "../../../shared/ids.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import { parseDocument } from "./notes.documents.ts";
import type { LogPage, NotesRepository, Snapshot, StoredUpdate } from "./notes.repository.ts";

type ObjectId = mongoose.mongo.ObjectId;
type Binary = mongoose.mongo.Binary;
const { Binary, ObjectId } = mongoose.mongo;

interface UpdateDocument {
  sequence: number;
  authorId: ObjectId | null;
  timestamp: Date;
  key: string | null;
  update: Binary;
}

interface PageDocument {
  _id: ObjectId;
  documentId: string;
  meetingId: ObjectId;
  sequence: number;
  lastSequence: number;
  bytes: number;
  keys: string[];
  operations: UpdateDocument[];
  /** Of its first update. */
  timestamp: Date;
}

interface ChunkDocument {
  _id: ObjectId;
  snapshotId: ObjectId;
  documentId: string;
  sequence: number;
  index: number;
  /** Of the whole snapshot. */
  chunks: number;
  bytes: number;
  /** Not deleted when a later one comes. */
  kept: boolean;
  data: Binary;
  createdAt: Date;
}

interface NotesDocument {
  _id: ObjectId;
  documentId: string;
  meetingId: ObjectId;
  ownerId: ObjectId | null;
  content: string | null;
  text: string | null;
  version: number;
  snapshot: { id: ObjectId | null; sequence: number; bytes: number; chunks: number };
  /** When the last snapshot was made. */
  lastRebasedAt: Date | null;
  updatedAt: Date | null;
}

const common = { strict: "throw", versionKey: false, autoIndex: false, autoCreate: false } as const;

/*
 * The seeds log insert, delete and retain at positions; here an operation is a Yjs update, which merges without a server
 * that transforms. Pages instead of one document each, for the reasons told at the transcript's. A meeting has several
 * documents (the shared one and each person's own), so sequences count within a document, not within the meeting.
 */
const pageSchema = new Schema<PageDocument>(
  {
    documentId: { type: String, required: true },
    meetingId: { type: Schema.Types.ObjectId, required: true },
    sequence: { type: Number, required: true },
    lastSequence: { type: Number, required: true },
    bytes: { type: Number, required: true },
    keys: { type: [String], required: true },
    operations: {
      type: [
        new Schema<UpdateDocument>(
          {
            sequence: { type: Number, required: true },
            authorId: { type: Schema.Types.ObjectId, default: null },
            timestamp: { type: Date, required: true },
            key: { type: String, default: null },
            update: { type: Schema.Types.Buffer, required: true },
          },
          { _id: false, strict: "throw" },
        ),
      ],
      required: true,
    },
    timestamp: { type: Date, required: true },
  },
  { collection: "noteOps", ...common },
);
pageSchema.index({ documentId: 1, sequence: 1 }, { unique: true });
pageSchema.index({ documentId: 1, keys: 1 });
pageSchema.index({ meetingId: 1, timestamp: 1 });

const chunkSchema = new Schema<ChunkDocument>(
  {
    snapshotId: { type: Schema.Types.ObjectId, required: true },
    documentId: { type: String, required: true },
    sequence: { type: Number, required: true },
    index: { type: Number, required: true },
    chunks: { type: Number, required: true },
    bytes: { type: Number, required: true },
    kept: { type: Boolean, required: true },
    data: { type: Schema.Types.Buffer, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: "noteSnapshots", ...common },
);
chunkSchema.index({ snapshotId: 1, index: 1 }, { unique: true });
chunkSchema.index({ documentId: 1, sequence: 1 });

// The seeds' meetingNotes, once per document, and the pointer that makes a snapshot valid.
const notesSchema = new Schema<NotesDocument>(
  {
    documentId: { type: String, required: true },
    meetingId: { type: Schema.Types.ObjectId, required: true },
    ownerId: { type: Schema.Types.ObjectId, default: null },
    content: { type: String, default: null },
    text: { type: String, default: null },
    version: { type: Number, required: true },
    snapshot: {
      type: new Schema(
        {
          id: { type: Schema.Types.ObjectId, default: null },
          sequence: { type: Number, required: true },
          bytes: { type: Number, required: true },
          chunks: { type: Number, required: true },
        },
        { _id: false, strict: "throw" },
      ),
      required: true,
    },
    lastRebasedAt: { type: Date, default: null },
    updatedAt: { type: Date, default: null },
  },
  { collection: "meetingNotes", ...common },
);
notesSchema.index({ documentId: 1 }, { unique: true });
notesSchema.index({ meetingId: 1 });

const chunkMaxBytes = 4 * 1024 * 1024;
const snapshotCandidates = 4;
const durable = { writeConcern: { w: "majority", j: true } } as const;

export async function createMongoNotesRepository(connection: Connection): Promise<NotesRepository> {
  const Page = connection.model<PageDocument>("NoteOps", pageSchema);
  const Chunk = connection.model<ChunkDocument>("NoteSnapshot", chunkSchema);
  const Notes = connection.model<NotesDocument>("MeetingNotes", notesSchema);
  await createIndexes(Page, Chunk, Notes);
  // By the driver, without casting: what is written and read here is bytes of this file's own making.
  const pages = connection.getClient().db(connection.name).collection<PageDocument>("noteOps");
  const chunks = connection.getClient().db(connection.name).collection<ChunkDocument>("noteSnapshots");
  const heads = connection.getClient().db(connection.name).collection<NotesDocument>("meetingNotes");

  /** What a document's head holds besides what `beside` sets. */
  function firstHead(documentId: string, beside: Partial<NotesDocument>): Partial<NotesDocument> {
    const { meetingId, ownerId } = parseDocument(documentId);
    const whole: Partial<NotesDocument> = {
      meetingId: new ObjectId(meetingId),
      ownerId: ownerId === null ? null : new ObjectId(ownerId),
      content: null,
      text: null,
      version: 0,
      snapshot: { id: null, sequence: 0, bytes: 0, chunks: 0 },
      lastRebasedAt: null,
      updatedAt: null,
    };
    return Object.fromEntries(Object.entries(whole).filter(([name]) => !Object.hasOwn(beside, name)));
  }

  return {
    async lastSequence(documentId) {
      const page = await pages.findOne(
        { documentId },
        { sort: { sequence: -1 }, projection: { lastSequence: 1 } },
      );
      return page?.lastSequence ?? 0;
    },

    async insertPages(logPages) {
      if (logPages.length === 0) return true;
      try {
        await pages.insertMany(logPages.map(toPage), { ordered: true, ...durable });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    async *updatesAfter(documentId, afterSequence, upTo = Number.MAX_SAFE_INTEGER) {
      const first = await pages.findOne(
        { documentId, sequence: { $lte: afterSequence } },
        { sort: { sequence: -1 }, projection: { sequence: 1 } },
      );
      const cursor = pages
        .find({ documentId, sequence: { $gte: first?.sequence ?? 0, $lte: upTo } }, { batchSize: 50 })
        .sort({ sequence: 1 });
      try {
        for await (const page of cursor) {
          yield page.operations
            .filter(({ sequence }) => sequence > afterSequence && sequence <= upTo)
            .map(fromOperation);
        }
      } finally {
        await cursor.close();
      }
    },

    async bytesAfter(documentId, afterSequence) {
      let bytes = 0;
      const cursor = pages.find(
        { documentId, sequence: { $gt: afterSequence } },
        { projection: { bytes: 1 } },
      );
      for await (const page of cursor) bytes += page.bytes;
      return bytes;
    },

    async findByKeys(documentId, keys) {
      const wanted = new Set(keys);
      const found = await pages.find({ documentId, keys: { $in: keys } }).toArray();
      return found
        .flatMap(({ operations }) => operations)
        .filter(({ key }) => key !== null && wanted.has(key))
        .map(fromOperation);
    },

    async head(documentId) {
      const head = await Notes.findOne({ documentId }).lean();
      if (head === null) return null;
      const { id, sequence, bytes, chunks: count } = head.snapshot;
      return {
        snapshot: id === null ? null : { id: id.toHexString(), sequence, bytes, chunks: count },
        content: head.content,
        // Documents from before the text was kept have none.
        text: (head.text as string | null | undefined) ?? null,
        version: head.version,
        updatedAt: head.updatedAt,
      };
    },

    async snapshot(documentId) {
      const head = await heads.findOne({ documentId }, { projection: { snapshot: 1 } });
      if (head === null || head.snapshot.id === null) return null;
      const { id, ...snapshot } = head.snapshot;
      return { ...snapshot, id: id.toHexString() };
    },

    async snapshotsUntil(documentId, version) {
      const found = await chunks
        .find({ documentId, sequence: { $lte: version }, index: 0 }, { projection: { data: 0 } })
        .sort({ sequence: -1 })
        .limit(snapshotCandidates)
        .toArray();
      return found.map(({ snapshotId, sequence, bytes, chunks: count }) => ({
        id: snapshotId.toHexString(),
        sequence,
        bytes,
        chunks: count,
      }));
    },

    async lastKeptSequence(documentId) {
      const last = await chunks.findOne(
        { documentId, index: 0, kept: true },
        { sort: { sequence: -1 }, projection: { sequence: 1 } },
      );
      return last?.sequence ?? 0;
    },

    async readSnapshot(snapshot) {
      const parts: Uint8Array[] = [];
      const cursor = chunks.find({ snapshotId: new ObjectId(snapshot.id) }).sort({ index: 1 });
      for await (const { data } of cursor) parts.push(bytesOf(data));
      const state = Buffer.concat(parts);
      return parts.length === snapshot.chunks && state.byteLength === snapshot.bytes ? state : null;
    },

    async writeSnapshot(documentId, { sequence, bytes, at, keep }) {
      const snapshotId = new ObjectId();
      const count = Math.ceil(bytes.byteLength / chunkMaxBytes);
      const common = { snapshotId, documentId, sequence, chunks: count, bytes: bytes.byteLength, kept: keep };
      for (let index = 0; index < count; index += 1) {
        const start = index * chunkMaxBytes;
        const data = new Binary(bytes.subarray(start, start + chunkMaxBytes));
        await chunks.insertOne({ _id: new ObjectId(), ...common, index, data, createdAt: at }, durable);
      }
      await heads.updateOne({ documentId }, { $setOnInsert: firstHead(documentId, {}) }, { upsert: true });
      const snapshot: Snapshot = {
        id: snapshotId.toHexString(),
        sequence,
        bytes: bytes.byteLength,
        chunks: count,
      };
      // The pointer moves last: until then nobody reads the new chunks.
      const before = await Notes.findOneAndUpdate(
        { documentId, "snapshot.sequence": { $lt: sequence } },
        { $set: { snapshot: { ...snapshot, id: snapshotId }, lastRebasedAt: at } },
        { returnDocument: "before" },
      ).lean();
      if (before === null) {
        await chunks.deleteMany({ snapshotId });
        return null;
      }
      // The previous one stays for those who have just read the pointer.
      await chunks.deleteMany({
        documentId,
        sequence: { $lt: before.snapshot.sequence },
        kept: { $ne: true },
      });
      return snapshot;
    },

    async writeContent(documentId, text) {
      try {
        await heads.updateOne(
          { documentId, version: { $lt: text.version } },
          { $set: text, $setOnInsert: firstHead(documentId, text) },
          { upsert: true },
        );
      } catch (error) {
        // Not inserted beside a head that is there: its text is of this version or a later one.
        if (!isDuplicateKey(error)) throw error;
      }
    },
  };
}

function toPage({ documentId, updates }: LogPage): PageDocument {
  const first = updates[0];
  const last = updates.at(-1);
  if (first === undefined || last === undefined) throw new Error("a page of updates is never empty");
  return {
    _id: new ObjectId(),
    documentId,
    meetingId: new ObjectId(parseDocument(documentId).meetingId),
    sequence: first.sequence,
    lastSequence: last.sequence,
    bytes: updates.reduce((sum, { update }) => sum + update.byteLength, 0),
    keys: updates.flatMap(({ key }) => (key === null ? [] : [key])),
    operations: updates.map(({ sequence, authorId, at, key, update }) => ({
      sequence,
      authorId: authorId === null ? null : new ObjectId(authorId),
      timestamp: at,
      key,
      update: new Binary(update),
    })),
    timestamp: first.at,
  };
}

function fromOperation({ sequence, authorId, timestamp, key, update }: UpdateDocument): StoredUpdate {
  return {
    sequence,
    authorId: authorId === null ? null : (authorId.toHexString() as UserId),
    key,
    at: timestamp,
    update: bytesOf(update),
  };
}

function isDuplicateKey(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 11_000;
}

function bytesOf(data: Binary): Uint8Array {
  return new Uint8Array(data.value());
}
