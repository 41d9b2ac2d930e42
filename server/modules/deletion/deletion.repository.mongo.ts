// Deletions of people in the store: what was asked for, how far it has come, and that it was done.
import mongoose from "mongoose";
import type { UserId } from "../../../shared/ids.ts";
import { createIndexes } from "../../platform/create-indexes.ts";

export interface StoredDeletion {
  userId: UserId;
  state: "waiting" | "running" | "done" | "cancelled";
  /** The person themselves, or the identity vendor. */
  requestedBy: "person" | "vendor";
  requestedAt: Date;
  dueAt: Date;
  /** Steps that are over; each may have begun once more. */
  stepsDone: string[];
  doneAt: Date | null;
}

export interface DeletionsRepository {
  find(userId: UserId): Promise<StoredDeletion | null>;
  /** False where one waits or runs already, or is done. */
  request(
    request: Pick<StoredDeletion, "userId" | "requestedBy" | "requestedAt" | "dueAt">,
  ): Promise<boolean>;
  /** False where none waits. */
  cancel(userId: UserId): Promise<boolean>;
  /** What is to be done; null where nothing is. From then on it cannot be cancelled. */
  begin(userId: UserId, now: Date): Promise<StoredDeletion | null>;
  stepDone(userId: UserId, step: string): Promise<void>;
  finish(userId: UserId, now: Date): Promise<void>;
  /** Those that wait or run, at most 1 000. */
  unfinished(): Promise<StoredDeletion[]>;
}

interface DeletionDocument extends Omit<StoredDeletion, "userId"> {
  _id: mongoose.Types.ObjectId;
}

const deletionSchema = new mongoose.Schema<DeletionDocument>(
  {
    state: { type: String, required: true, enum: ["waiting", "running", "done", "cancelled"] },
    requestedBy: { type: String, required: true, enum: ["person", "vendor"] },
    requestedAt: { type: Date, required: true },
    dueAt: { type: Date, required: true },
    stepsDone: { type: [String], required: true },
    doneAt: { type: Date, default: null },
  },
  { strict: "throw", autoIndex: false, autoCreate: false, versionKey: false, collection: "personDeletions" },
).index({ state: 1 });

export async function createDeletionsRepository(
  connection: mongoose.Connection,
): Promise<DeletionsRepository> {
  const deletions = connection.model<DeletionDocument>("PersonDeletion", deletionSchema);
  await createIndexes(deletions);
  const idOf = (userId: UserId) => new mongoose.Types.ObjectId(userId);
  const toRecord = ({ _id, ...fields }: DeletionDocument): StoredDeletion => ({
    userId: _id.toHexString() as UserId,
    ...fields,
  });

  return {
    async find(userId) {
      const found = await deletions.findById(idOf(userId)).lean();
      return found === null ? null : toRecord(found);
    },

    async request({ userId, ...request }) {
      const fields = { ...request, state: "waiting" as const, stepsDone: [], doneAt: null };
      const again = await deletions.updateOne({ _id: idOf(userId), state: "cancelled" }, { $set: fields });
      if (again.matchedCount === 1) return true;
      try {
        await deletions.create({ _id: idOf(userId), ...fields });
        return true;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === 11_000) return false;
        throw error;
      }
    },

    async cancel(userId) {
      const { matchedCount } = await deletions.updateOne(
        { _id: idOf(userId), state: "waiting" },
        { $set: { state: "cancelled" } },
      );
      return matchedCount === 1;
    },

    async begin(userId, now) {
      const found = await deletions
        .findOneAndUpdate(
          { _id: idOf(userId), state: { $in: ["waiting", "running"] }, dueAt: { $lte: now } },
          { $set: { state: "running" } },
          { returnDocument: "after" },
        )
        .lean();
      return found === null ? null : toRecord(found);
    },

    async stepDone(userId, step) {
      await deletions.updateOne({ _id: idOf(userId) }, { $addToSet: { stepsDone: step } });
    },

    async unfinished() {
      const found = await deletions
        .find({ state: { $in: ["waiting", "running"] } })
        .limit(1_000)
        .lean();
      return found.map(toRecord);
    },

    async finish(userId, now) {
      await deletions.updateOne({ _id: idOf(userId) }, { $set: { state: "done", doneAt: now } });
    },
  };
}
