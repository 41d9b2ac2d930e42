// Exports of people in the store: one a person, with how far it is and which of its files count.
import mongoose from "mongoose";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { createIndexes } from "../../platform/create-indexes.ts";

export interface StoredExport {
  userId: UserId;
  /** Of this one request: another one has other files. */
  exportId: string;
  state: "preparing" | "ready" | "failed" | "expired";
  requestedAt: Date;
  /** Of the newest run that works on it: whatever an older one still writes does not count. */
  fence: number;
  /** Parts that are gathered: the account is one, and so is each meeting. */
  partsDone: number;
  partsTotal: number;
  /** The last meeting among them. */
  after: MeetingId | null;
  sizeBytes: number | null;
  /** Of the zip, in hexadecimal. */
  sha256: string | null;
  expiresAt: Date | null;
}

export type Gathered = Pick<StoredExport, "partsDone" | "after">;

export interface ExportsRepository {
  find(userId: UserId): Promise<StoredExport | null>;
  /** Takes the place of the one before. False where one is being prepared. */
  request(
    userId: UserId,
    request: { exportId: string; requestedAt: Date; partsTotal: number },
  ): Promise<boolean>;
  /** For a run: the export it is to make, now its own; null where it is over, gone, or a newer run's. */
  claim(userId: UserId, exportId: string, fence: number): Promise<StoredExport | null>;
  /** False where it is not this run's any more, as with all below. */
  gathered(claimed: StoredExport, gathered: Gathered): Promise<boolean>;
  ready(
    claimed: StoredExport,
    zip: { sizeBytes: number; sha256: string; expiresAt: Date; partsTotal: number },
  ): Promise<boolean>;
  fail(userId: UserId, exportId: string): Promise<boolean>;
  expire(userId: UserId, exportId: string, now: Date): Promise<boolean>;
  /** Those that are being prepared, at most 1 000. */
  unfinished(): Promise<StoredExport[]>;
  remove(userId: UserId): Promise<void>;
}

interface ExportDocument extends Omit<StoredExport, "userId" | "exportId" | "after"> {
  _id: mongoose.Types.ObjectId;
  exportId: mongoose.Types.ObjectId;
  after: mongoose.Types.ObjectId | null;
}

const exportSchema = new mongoose.Schema<ExportDocument>(
  {
    exportId: { type: mongoose.Schema.Types.ObjectId, required: true },
    state: { type: String, required: true, enum: ["preparing", "ready", "failed", "expired"] },
    requestedAt: { type: Date, required: true },
    fence: { type: Number, required: true },
    partsDone: { type: Number, required: true },
    partsTotal: { type: Number, required: true },
    after: { type: mongoose.Schema.Types.ObjectId, default: null },
    sizeBytes: { type: Number, default: null },
    sha256: { type: String, default: null },
    expiresAt: { type: Date, default: null },
  },
  { strict: "throw", autoIndex: false, autoCreate: false, versionKey: false, collection: "personExports" },
).index({ state: 1 });

export async function createExportsRepository(connection: mongoose.Connection): Promise<ExportsRepository> {
  const exports = connection.model<ExportDocument>("PersonExport", exportSchema);
  await createIndexes(exports);
  const idOf = (id: string) => new mongoose.Types.ObjectId(id);
  const ofRun = ({ userId, exportId, fence }: StoredExport) => ({
    _id: idOf(userId),
    exportId: idOf(exportId),
    state: "preparing" as const,
    fence,
  });
  const changed = async (
    filter: mongoose.QueryFilter<ExportDocument>,
    change: mongoose.UpdateQuery<ExportDocument>,
  ) => (await exports.updateOne(filter, change)).matchedCount === 1;

  return {
    async find(userId) {
      const found = await exports.findById(idOf(userId)).lean();
      return found === null ? null : toRecord(found);
    },

    async request(userId, { exportId, requestedAt, partsTotal }) {
      const fields = {
        exportId: idOf(exportId),
        state: "preparing" as const,
        requestedAt,
        fence: 0,
        partsDone: 0,
        partsTotal,
        after: null,
        sizeBytes: null,
        sha256: null,
        expiresAt: null,
      };
      const over = { _id: idOf(userId), state: { $ne: "preparing" as const } };
      if (await changed(over, { $set: fields })) return true;
      try {
        await exports.create({ _id: idOf(userId), ...fields });
        return true;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === 11_000) return false;
        throw error;
      }
    },

    async claim(userId, exportId, fence) {
      const found = await exports
        .findOneAndUpdate(
          { _id: idOf(userId), exportId: idOf(exportId), state: "preparing", fence: { $lt: fence } },
          { $set: { fence } },
          { returnDocument: "after" },
        )
        .lean();
      return found === null ? null : toRecord(found);
    },

    gathered: (claimed, { partsDone, after }) =>
      changed(ofRun(claimed), { $set: { partsDone, after: after === null ? null : idOf(after) } }),

    ready: (claimed, zip) => changed(ofRun(claimed), { $set: { state: "ready", ...zip } }),

    fail: (userId, exportId) =>
      changed(
        { _id: idOf(userId), exportId: idOf(exportId), state: "preparing" },
        { $set: { state: "failed" } },
      ),

    expire: (userId, exportId, now) =>
      changed(
        { _id: idOf(userId), exportId: idOf(exportId), state: "ready", expiresAt: { $lte: now } },
        { $set: { state: "expired", sizeBytes: null, sha256: null } },
      ),

    async unfinished() {
      return (await exports.find({ state: "preparing" }).limit(1_000).lean()).map(toRecord);
    },

    async remove(userId) {
      await exports.deleteOne({ _id: idOf(userId) });
    },
  };
}

function toRecord({ _id, exportId, after, ...fields }: ExportDocument): StoredExport {
  return {
    userId: _id.toHexString() as UserId,
    exportId: exportId.toHexString(),
    after: (after?.toHexString() ?? null) as MeetingId | null,
    ...fields,
  };
}
