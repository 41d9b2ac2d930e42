// Which deliveries of the video service were taken.
import mongoose from "mongoose";
import { createIndexes } from "../../platform/create-indexes.ts";

const dayMs = 24 * 60 * 60_000;
/** What is older than `takenDays` is not taken any more, so nothing comes again that was forgotten. */
export const takenDays = 30;
const keptDays = takenDays + 10;

export interface VideoDeliveriesRepository {
  isTaken(ids: readonly string[]): Promise<boolean>;
  markTaken(ids: readonly string[], now: Date): Promise<void>;
}

const schema = new mongoose.Schema<{ _id: string; expiresAt: Date }>(
  { _id: { type: String, required: true }, expiresAt: { type: Date, required: true } },
  { strict: "throw", autoIndex: false, versionKey: false, collection: "videoDeliveries" },
).index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export async function createVideoDeliveriesRepository(
  connection: mongoose.Connection,
): Promise<VideoDeliveriesRepository> {
  const model = connection.model("videoDeliveries", schema);
  await createIndexes(model);
  return {
    isTaken: async (ids) => (await model.exists({ _id: { $in: [...ids] } })) !== null,
    async markTaken(ids, now) {
      const expiresAt = new Date(now.getTime() + keptDays * dayMs);
      for (const _id of ids) await model.updateOne({ _id }, { $set: { expiresAt } }, { upsert: true });
    },
  };
}
