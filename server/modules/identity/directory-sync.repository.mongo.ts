// Which events of the identity vendor were taken, and up to where its events API was read.
import mongoose from "mongoose";
import { createIndexes } from "../../platform/create-indexes.ts";

/** Longer than the vendor delivers an event again. */
const keptDays = 40;
const dayMs = 24 * 60 * 60_000;
const cursorId = "events";

export interface DirectorySyncRepository {
  isHandled(eventId: string): Promise<boolean>;
  markHandled(eventId: string, now: Date): Promise<void>;
  /** The last event that the events API was read up to. */
  cursor(): Promise<string | null>;
  keepCursor(eventId: string, now: Date): Promise<void>;
}

const options = { strict: "throw", autoIndex: false, versionKey: false } as const;

const eventSchema = new mongoose.Schema<{ _id: string; expiresAt: Date }>(
  { _id: { type: String, required: true }, expiresAt: { type: Date, required: true } },
  { ...options, collection: "identityEvents" },
).index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const cursorSchema = new mongoose.Schema<{ _id: string; after: string; updatedAt: Date }>(
  {
    _id: { type: String, required: true },
    after: { type: String, required: true },
    updatedAt: { type: Date, required: true },
  },
  { ...options, collection: "identityCursors" },
);

export async function createDirectorySyncRepository(
  connection: mongoose.Connection,
): Promise<DirectorySyncRepository> {
  const events = connection.model("identityEvents", eventSchema);
  const cursors = connection.model("identityCursors", cursorSchema);
  await createIndexes(events);
  return {
    isHandled: async (eventId) => (await events.exists({ _id: eventId })) !== null,
    async markHandled(eventId, now) {
      const expiresAt = new Date(now.getTime() + keptDays * dayMs);
      await events.updateOne({ _id: eventId }, { $set: { expiresAt } }, { upsert: true });
    },
    cursor: async () => (await cursors.findById(cursorId).lean())?.after ?? null,
    async keepCursor(eventId, now) {
      const fields = { after: eventId, updatedAt: now };
      await cursors.updateOne({ _id: cursorId }, { $set: fields }, { upsert: true });
    },
  };
}
