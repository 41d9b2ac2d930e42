// What is kept of files beside their bytes, one document a file.
import mongoose, { type Connection } from "mongoose";
import type { FileId, MeetingId, UserId } from "../../../shared/ids.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { FileKey, FileNames, FilesRepository } from "./files.repository.ts";
import type { FileRecord } from "./index.ts";

type ObjectId = mongoose.mongo.ObjectId;
const { ObjectId } = mongoose.mongo;

interface FileDocument extends Omit<FileRecord, "id" | "ownerId" | "meetingId"> {
  _id: ObjectId;
  ownerId: ObjectId;
  meetingId: ObjectId | null;
}

const fileSchema = new mongoose.Schema<FileDocument>(
  {
    ownerId: { type: mongoose.Schema.Types.ObjectId, required: true },
    purpose: { type: String, required: true, enum: ["photo", "attachment", "resume"] },
    meetingId: { type: mongoose.Schema.Types.ObjectId, default: null },
    clientKey: { type: String, required: true },
    name: { type: String, required: true },
    type: { type: String, required: true },
    bytes: { type: Number, required: true },
    sha256: { type: String, required: true },
    width: { type: Number, default: null },
    height: { type: Number, default: null },
    state: { type: String, required: true, enum: ["writing", "unused", "used"] },
    usedBy: { type: String, default: null },
    usedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { collection: "files", strict: "throw", autoIndex: false, autoCreate: false, versionKey: false },
)
  .index({ ownerId: 1, purpose: 1, meetingId: 1, clientKey: 1 }, { unique: true })
  .index({ meetingId: 1 });

export async function createFilesRepository(connection: Connection): Promise<FilesRepository & FileNames> {
  const files = connection.model<FileDocument>("File", fileSchema);
  await createIndexes(files);

  return {
    async insert({ id, ...file }) {
      try {
        await files.create({
          ...file,
          _id: new ObjectId(id),
          ownerId: new ObjectId(file.ownerId),
          meetingId: idOrNull(file.meetingId),
        });
        return true;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === 11_000) return false;
        throw error;
      }
    },

    async byKey({ ownerId, purpose, meetingId, clientKey }: FileKey) {
      const found = await files
        .findOne({ ownerId: new ObjectId(ownerId), purpose, meetingId: idOrNull(meetingId), clientKey })
        .lean();
      return found === null ? null : toRecord(found);
    },

    async find(id) {
      const found = await files.findOne({ _id: new ObjectId(id) }).lean();
      return found === null ? null : toRecord(found);
    },

    async written(id) {
      await files.updateOne({ _id: new ObjectId(id), state: "writing" }, { $set: { state: "unused" } });
    },

    async use(id, { ownerId, usedBy, after, now }) {
      const { matchedCount } = await files.updateOne(
        {
          _id: new ObjectId(id),
          ownerId: new ObjectId(ownerId),
          $or: [
            { state: "unused", createdAt: { $gt: after } },
            { state: "used", usedBy },
          ],
        },
        { $set: { state: "used", usedBy, usedAt: now } },
      );
      return matchedCount === 1;
    },

    async remove(id) {
      await files.deleteOne({ _id: new ObjectId(id) });
    },

    async used({ ownerId, purpose, meetingId }) {
      const found = await files
        .find({
          ownerId: new ObjectId(ownerId),
          purpose,
          meetingId: idOrNull(meetingId),
          state: "used",
        })
        .lean();
      return found.map(toRecord).sort((one, other) => (one.id < other.id ? -1 : 1));
    },

    countIn: (meetingId) => files.countDocuments({ meetingId: new ObjectId(meetingId) }),

    async among(ids) {
      const found = await files.find({ _id: { $in: ids.map((id) => new ObjectId(id)) } }, { _id: 1 }).lean();
      return new Set(found.map(({ _id }) => _id.toHexString()));
    },

    async page(after, limit) {
      const found = await files
        .find({ _id: { $gt: new ObjectId(after ?? "0".repeat(24)) } }, { createdAt: 1, state: 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .lean();
      return found.map(({ _id, createdAt, state }) => {
        const id = _id.toHexString() as FileId;
        return { key: id, id, createdAt, isWritten: state !== "writing" };
      });
    },

    async some(of, limit) {
      const where =
        "ownerId" in of ? { ownerId: new ObjectId(of.ownerId) } : { meetingId: new ObjectId(of.meetingId) };
      const found = await files.find(where, { _id: 1 }).limit(limit).lean();
      return found.map(({ _id }) => _id.toHexString() as FileId);
    },
  };
}

function idOrNull(id: MeetingId | null): ObjectId | null {
  return id === null ? null : new ObjectId(id);
}

function toRecord({ _id, ownerId, meetingId, ...file }: FileDocument): FileRecord {
  return {
    ...file,
    id: _id.toHexString() as FileId,
    ownerId: ownerId.toHexString() as UserId,
    meetingId: meetingId === null ? null : (meetingId.toHexString() as MeetingId),
  };
}
