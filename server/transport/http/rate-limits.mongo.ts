// Counters of durable rate limits, one document a window.
import mongoose from "mongoose";

export interface RateLimitStore {
  /** Counts one more and answers the window's new count. */
  increment(id: string, expiresAt: Date): Promise<number>;
}

interface RateLimitDocument {
  _id: string;
  count: number;
  expiresAt: Date;
}

const rateLimitSchema = new mongoose.Schema<RateLimitDocument>(
  {
    _id: { type: String, required: true },
    count: { type: Number, required: true },
    expiresAt: { type: Date, required: true },
  },
  { strict: "throw", autoIndex: false, versionKey: false, collection: "rateLimits" },
).index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export async function createRateLimitStore(connection: mongoose.Connection): Promise<RateLimitStore> {
  const counters = connection.model("rateLimits", rateLimitSchema);
  await counters.createIndexes();
  const increment = async (id: string, expiresAt: Date): Promise<number> => {
    const counter = await counters
      .findOneAndUpdate(
        { _id: id },
        { $inc: { count: 1 }, $setOnInsert: { expiresAt } },
        { upsert: true, returnDocument: "after" },
      )
      .lean();
    return counter.count;
  };
  return {
    async increment(id, expiresAt) {
      try {
        return await increment(id, expiresAt);
      } catch (error) {
        // Two first requests of a window at once: the second finds the document now.
        if (!(error instanceof Error && "code" in error && error.code === 11_000)) throw error;
        return await increment(id, expiresAt);
      }
    },
  };
}
