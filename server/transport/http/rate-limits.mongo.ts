// Counters of durable rate limits, one document a window.
import mongoose from "mongoose";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { Counted, CounterStore } from "./rate-counters.ts";

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

export async function createRateLimitStore(connection: mongoose.Connection): Promise<CounterStore> {
  const counters = connection.model("rateLimits", rateLimitSchema);
  await createIndexes(counters);

  async function add({ id, amount, endsAtMs }: Counted): Promise<number> {
    const counter = await counters
      .findOneAndUpdate(
        { _id: id },
        { $inc: { count: amount }, $setOnInsert: { expiresAt: new Date(endsAtMs) } },
        { upsert: true, returnDocument: "after" },
      )
      .lean();
    return counter.count;
  }

  async function addSafely(counted: Counted): Promise<number> {
    try {
      return await add(counted);
    } catch (error) {
      // Two first requests of a window at once: the second finds the document now.
      if (!(error instanceof Error && "code" in error && error.code === 11_000)) throw error;
      return await add(counted);
    }
  }

  return { add: (counts) => Promise.all(counts.map(addSafely)) };
}
