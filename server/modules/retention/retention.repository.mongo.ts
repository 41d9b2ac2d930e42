// What has a term, in the store: what is older than a moment, in batches; and what was deleted when.
import mongoose, { type Connection } from "mongoose";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { RetentionClass } from "./retention.classes.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const { ObjectId } = mongoose.mongo;
type ObjectId = mongoose.mongo.ObjectId;

export interface RetentionRepository {
  /** At most `limit`, the oldest first; how many there were. */
  deleteBefore(name: RetentionClass, before: Date, limit: number): Promise<number>;
  /** When the oldest is of that can be deleted; null where there is none. */
  oldest(name: RetentionClass): Promise<Date | null>;
  /** Of a class, or of a kind of what meetings hold. */
  recordRun(name: string, run: { at: Date; deleted: number; before: Date }): Promise<void>;
  /** When all of it was looked at last; null where it never was. */
  lastRunAt(): Promise<Date | null>;
}

interface RunDocument {
  _id: string;
  lastRunAt: Date;
  lastDeleted: number;
  deletedInAll: number;
  /** What was older than this was deleted. */
  before: Date;
}

const runSchema = new mongoose.Schema<RunDocument>(
  {
    _id: { type: String, required: true },
    lastRunAt: { type: Date, required: true },
    lastDeleted: { type: Number, required: true },
    deletedInAll: { type: Number, required: true },
    before: { type: Date, required: true },
  },
  { collection: "retentionRuns", strict: "throw", autoIndex: false, autoCreate: false, versionKey: false },
).index({ lastRunAt: -1 });

export async function createRetentionRepository(connection: Connection): Promise<RetentionRepository> {
  const runs = connection.model<RunDocument>("RetentionRun", runSchema);
  await createIndexes(runs);
  const database = connection.getClient().db(connection.name);
  const mails = database.collection<{ status: string; createdAt: Date }>("outboxMails");
  const prompts = database.collection<{ createdAt: Date }>("prompts");
  const entries = database.collection<{ timestamp: Date; salt: string | null }>("auditLogs");
  // Prompts are else found by their meeting alone.
  await prompts.createIndex({ createdAt: 1 });
  /** What still waits to be sent is not among them. */
  const over = ["sent", "kept", "failed", "unsubscribed", "bounced"];

  /** Since the last run there is nothing older that has an origin: the index is not read from its beginning each day. */
  async function originsFrom(): Promise<Date> {
    const last = await runs.findById("auditOrigins").lean();
    // Clocks of processes differ.
    return new Date(Math.max(0, (last?.before.getTime() ?? 0) - dayMs));
  }

  return {
    async deleteBefore(name, before, limit) {
      if (name === "emails") {
        let count = 0;
        for (const status of over) {
          const found = await mails
            .find({ status, createdAt: { $lt: before } }, { projection: { _id: 1 } })
            .sort({ createdAt: 1 })
            .limit(limit - count)
            .toArray();
          if (found.length > 0) await mails.deleteMany({ _id: { $in: idsOf(found) }, status });
          count += found.length;
          if (count >= limit) break;
        }
        return count;
      }
      if (name === "prompts") {
        const found = await prompts
          .find({ createdAt: { $lt: before } }, { projection: { _id: 1 } })
          .sort({ createdAt: 1 })
          .limit(limit)
          .toArray();
        if (found.length > 0) await prompts.deleteMany({ _id: { $in: idsOf(found) } });
        return found.length;
      }
      const found = await entries
        .find(
          { timestamp: { $gte: await originsFrom(), $lt: before }, salt: { $ne: null } },
          { projection: { _id: 1 } },
        )
        .sort({ timestamp: 1 })
        .limit(limit)
        .toArray();
      if (found.length > 0)
        await entries.updateMany(
          { _id: { $in: idsOf(found) } },
          { $set: { ipAddress: null, userAgent: null, salt: null } },
        );
      return found.length;
    },

    async oldest(name) {
      if (name === "emails") {
        const found = await Promise.all(
          over.map((status) =>
            mails
              .find({ status, createdAt: { $gt: new Date(0) } })
              .sort({ createdAt: 1 })
              .limit(1)
              .toArray(),
          ),
        );
        return earliest(found.flat().map(({ createdAt }) => createdAt));
      }
      if (name === "prompts") {
        const found = await prompts
          .find({ createdAt: { $gt: new Date(0) } })
          .sort({ createdAt: 1 })
          .limit(1)
          .toArray();
        return earliest(found.map(({ createdAt }) => createdAt));
      }
      const found = await entries
        .find({ timestamp: { $gte: await originsFrom() }, salt: { $ne: null } })
        .sort({ timestamp: 1 })
        .limit(1)
        .toArray();
      return earliest(found.map(({ timestamp }) => timestamp));
    },

    async recordRun(name, { at, deleted, before }) {
      await runs.updateOne(
        { _id: name },
        { $set: { lastRunAt: at, lastDeleted: deleted, before }, $inc: { deletedInAll: deleted } },
        { upsert: true },
      );
    },

    async lastRunAt() {
      const found = await runs
        .findOne({ lastRunAt: { $gt: new Date(0) } })
        .sort({ lastRunAt: -1 })
        .lean();
      return found?.lastRunAt ?? null;
    },
  };
}

function idsOf(found: readonly { _id: ObjectId }[]): ObjectId[] {
  return found.map(({ _id }) => new ObjectId(_id));
}

function earliest(dates: readonly Date[]): Date | null {
  return dates.reduce<Date | null>((first, date) => (first === null || date < first ? date : first), null);
}
