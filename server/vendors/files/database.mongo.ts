// Files in the document store, in chunks: for several processes, which share nothing but that store.
import { createHash } from "node:crypto";
import mongoose, { type Connection } from "mongoose";
import { AppError } from "../../../shared/errors.ts";
import type { FileId } from "../../../shared/ids.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { FileStore } from "./index.ts";

type ObjectId = mongoose.mongo.ObjectId;
const { ObjectId } = mongoose.mongo;

/** Far below what a document may hold, and few enough for a file of some megabytes. */
export const chunkBytes = 256 * 1024;

interface ContentDocument {
  _id: ObjectId;
  /** Which chunks are meant: those of an interrupted or replaced writing have another one. */
  writing: ObjectId;
  bytes: number;
  sha256: string;
  createdAt: Date;
}

interface ChunkDocument {
  _id: ObjectId;
  fileId: ObjectId;
  writing: ObjectId;
  index: number;
  data: Buffer;
  sha256: string;
}

const options = { strict: "throw", autoIndex: false, autoCreate: false, versionKey: false } as const;
const contentSchema = new mongoose.Schema<ContentDocument>(
  {
    writing: { type: mongoose.Schema.Types.ObjectId, required: true },
    bytes: { type: Number, required: true },
    sha256: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { ...options, collection: "fileContents" },
);
const chunkSchema = new mongoose.Schema<ChunkDocument>(
  {
    fileId: { type: mongoose.Schema.Types.ObjectId, required: true },
    writing: { type: mongoose.Schema.Types.ObjectId, required: true },
    index: { type: Number, required: true },
    data: { type: Buffer, required: true },
    sha256: { type: String, required: true },
  },
  { ...options, collection: "fileChunks" },
).index({ fileId: 1, writing: 1, index: 1 }, { unique: true });

export async function createDatabaseFiles(parts: {
  connection: Connection;
  ids: Pick<IdSource, "objectId">;
  now: () => Date;
}): Promise<FileStore> {
  const { connection, ids, now } = parts;
  const contents = connection.model<ContentDocument>("FileContent", contentSchema);
  const chunks = connection.model<ChunkDocument>("FileChunk", chunkSchema);
  await createIndexes(contents, chunks);

  return {
    mode: "database",

    async put(id, content) {
      const fileId = new ObjectId(id);
      const writing = new ObjectId(ids.objectId());
      const whole = createHash("sha256");
      let bytes = 0;
      try {
        let index = 0;
        for await (const data of inChunks(content)) {
          whole.update(data);
          bytes += data.byteLength;
          await chunks.collection.insertOne({
            _id: new ObjectId(ids.objectId()),
            fileId,
            writing,
            index,
            data,
            sha256: sha256Of(data),
          });
          index += 1;
        }
      } catch (error) {
        await chunks.deleteMany({ fileId, writing });
        throw error;
      }
      const sha256 = whole.digest("hex");
      const before = await contents
        .findOneAndUpdate(
          { _id: fileId },
          { $set: { writing, bytes, sha256, createdAt: now() } },
          { upsert: true, returnDocument: "before" },
        )
        .lean();
      // Only those: another writing of the same file may be under way.
      if (before !== null) await chunks.deleteMany({ fileId, writing: before.writing });
      return { bytes, sha256 };
    },

    async stat(id) {
      const found = await contents.findOne({ _id: new ObjectId(id) }).lean();
      return found === null ? null : { bytes: found.bytes };
    },

    async *read(id, range) {
      const fileId = new ObjectId(id);
      const found = await contents.findOne({ _id: fileId }).lean();
      if (found === null) throw new AppError("NOT_FOUND", "This file does not exist any more.");
      const { start, end } = range ?? { start: 0, end: found.bytes - 1 };
      const last = Math.min(end, found.bytes - 1);
      for (let index = Math.floor(start / chunkBytes); index * chunkBytes <= last; index += 1) {
        const chunk = await chunks.collection.findOne(
          { fileId, writing: found.writing, index },
          { promoteBuffers: true },
        );
        if (chunk === null || sha256Of(chunk.data) !== chunk.sha256) throw damaged(id, index);
        const from = Math.max(start - index * chunkBytes, 0);
        yield chunk.data.subarray(from, last + 1 - index * chunkBytes);
      }
    },

    async *ids() {
      const all = contents.find({ _id: { $gt: new ObjectId("0".repeat(24)) } }, { _id: 1 }).lean();
      for await (const { _id } of all.cursor()) yield _id.toHexString() as FileId;
    },

    async page(after, limit) {
      const $gt = new ObjectId(after ?? "0".repeat(24));
      const [whole, begun] = await Promise.all([
        contents.find({ _id: { $gt } }, { _id: 1 }).sort({ _id: 1 }).limit(limit).lean(),
        chunks.find({ fileId: { $gt }, index: 0 }, { fileId: 1 }).sort({ fileId: 1 }).limit(limit).lean(),
      ]);
      const lists = [whole.map(({ _id }) => hexOf(_id)), begun.map(({ fileId }) => hexOf(fileId))];
      // Beyond the end of a list that was cut there may be more than is known.
      const ends = lists.filter((list) => list.length === limit).map((list) => list.at(-1) as FileId);
      const all = [...new Set(lists.flat())].sort();
      return all.filter((id) => ends.every((end) => id <= end)).slice(0, limit);
    },

    async removeOlder(id, before) {
      const fileId = new ObjectId(id);
      const found = await contents.findOne({ _id: fileId }).lean();
      if (found === null) {
        // Chunks of a writing that was interrupted: their ids tell when.
        const $lt = ObjectId.createFromTime(Math.floor(before.getTime() / 1_000));
        const { deletedCount } = await chunks.deleteMany({ fileId, _id: { $lt } });
        return deletedCount > 0;
      }
      const { writing, createdAt } = found;
      if (createdAt >= before) return false;
      // The chunks first: dying in between leaves something to be found. What replaces it has another writing.
      await chunks.deleteMany({ fileId, writing });
      const { deletedCount } = await contents.deleteOne({ _id: fileId, writing });
      return deletedCount === 1;
    },

    async remove(id) {
      const fileId = new ObjectId(id);
      await contents.deleteOne({ _id: fileId });
      await chunks.deleteMany({ fileId });
    },
  };
}

/** Of any pieces, pieces of one size; the last may be smaller. */
async function* inChunks(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let gathered: Uint8Array[] = [];
  let length = 0;
  for await (const piece of content) {
    let rest = piece;
    while (length + rest.byteLength >= chunkBytes) {
      const taken = rest.subarray(0, chunkBytes - length);
      yield Buffer.concat([...gathered, taken]);
      rest = rest.subarray(taken.byteLength);
      gathered = [];
      length = 0;
    }
    if (rest.byteLength === 0) continue;
    // Whoever sends pieces may write into them again.
    gathered.push(Buffer.from(rest));
    length += rest.byteLength;
  }
  if (length > 0) yield Buffer.concat(gathered);
}

const hexOf = (id: ObjectId): FileId => id.toHexString() as FileId;

function sha256Of(data: Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function damaged(id: FileId, index: number): AppError {
  return new AppError("INTERNAL", "This file is damaged and cannot be read.", {
    cause: new Error(`chunk ${index} of file ${id} is missing or is not what was written`),
  });
}
