// The newest sealed form of each browser session, so that a refresh made for a socket is found again by the next request.
import mongoose from "mongoose";
import { createIndexes } from "../../platform/create-indexes.ts";

const idleDays = 30;
const dayMs = 24 * 60 * 60 * 1000;

export interface StoredSession {
  /** As sealed by the identity vendor's SDK with the cookie password: unreadable without it. */
  sealed: string | null;
  endedAt: Date | null;
}

/** Whose session it is, and in which organisation: that and the person may come to an end, too. */
export interface SessionOwner {
  workosUserId: string;
  orgId: string | null;
}

export interface SessionsRepository {
  find(sessionId: string): Promise<StoredSession | null>;
  /**
   * The session, for whoever alone may renew it now: until `until`, or until they `keep` or `release` it. Null while
   * somebody else may, and where it has ended.
   */
  claim(sessionId: string, now: Date, until: Date): Promise<StoredSession | null>;
  /** What was claimed until then is not renewed after all. */
  release(sessionId: string, until: Date): Promise<void>;
  /** Ends a claim. Nothing happens to a session that has ended. */
  keep(sessionId: string, sealed: string, owner: SessionOwner, now: Date): Promise<void>;
  /** Those that have not ended, in the organisation where one is named; at most 1 000. */
  livingOf(workosUserId: string, orgId: string | null): Promise<string[]>;
  /** Ends it for good, whether it was known or not. */
  end(sessionId: string, now: Date): Promise<void>;
  /** Ended since `since`, at most 10 000. */
  endedSince(since: Date): Promise<string[]>;
}

interface SessionDocument {
  _id: string;
  sealed: string | null;
  /** Absent in documents from before they were kept. */
  workosUserId?: string | null;
  orgId?: string | null;
  refreshedAt: Date;
  /** Until when one process alone may refresh it; absent or null: nobody does. */
  renewingUntil?: Date | null;
  endedAt: Date | null;
  expiresAt: Date;
}

const sessionSchema = new mongoose.Schema<SessionDocument>(
  {
    _id: { type: String, required: true },
    sealed: { type: String, default: null },
    workosUserId: { type: String, default: null },
    orgId: { type: String, default: null },
    refreshedAt: { type: Date, required: true },
    renewingUntil: { type: Date, default: null },
    endedAt: { type: Date, default: null },
    expiresAt: { type: Date, required: true },
  },
  { strict: "throw", autoIndex: false, versionKey: false, collection: "sessions" },
)
  .index({ workosUserId: 1, endedAt: 1 })
  .index({ endedAt: 1 })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export async function createSessionsRepository(connection: mongoose.Connection): Promise<SessionsRepository> {
  const sessions = connection.model("sessions", sessionSchema);
  await createIndexes(sessions);
  const expiry = (now: Date) => new Date(now.getTime() + idleDays * dayMs);
  return {
    async find(sessionId) {
      const found = await sessions.findById(sessionId).lean();
      return found === null ? null : { sealed: found.sealed, endedAt: found.endedAt };
    },
    async claim(sessionId, now, until) {
      const nobody = [{ renewingUntil: null }, { renewingUntil: { $lte: now } }];
      try {
        const found = await sessions
          .findOneAndUpdate(
            { _id: sessionId, endedAt: null, $or: nobody },
            { $set: { renewingUntil: until }, $setOnInsert: { refreshedAt: now, expiresAt: expiry(now) } },
            { upsert: true, returnDocument: "after" },
          )
          .lean();
        return { sealed: found.sealed ?? null, endedAt: null };
      } catch (error) {
        // It is there, but somebody else's to renew, or over.
        if (isTaken(error)) return null;
        throw error;
      }
    },
    async release(sessionId, until) {
      await sessions.updateOne({ _id: sessionId, renewingUntil: until }, { $set: { renewingUntil: null } });
    },
    async livingOf(workosUserId, orgId) {
      const found = await sessions
        .find({ workosUserId, endedAt: null, ...(orgId === null ? {} : { orgId }) })
        .limit(1_000)
        .select({ _id: 1 })
        .lean();
      return found.map((session) => session._id);
    },
    async keep(sessionId, sealed, owner, now) {
      const fields = { sealed, ...owner, refreshedAt: now, renewingUntil: null, expiresAt: expiry(now) };
      const { matchedCount } = await sessions.updateOne({ _id: sessionId, endedAt: null }, { $set: fields });
      if (matchedCount === 1) return;
      try {
        await sessions.create({ _id: sessionId, ...fields, endedAt: null });
      } catch (error) {
        // It is there after all: ended, or kept by somebody else in this moment.
        if (!isTaken(error)) throw error;
      }
    },
    async end(sessionId, now) {
      await sessions.updateOne(
        { _id: sessionId },
        { $set: { sealed: null, endedAt: now, refreshedAt: now, expiresAt: expiry(now) } },
        { upsert: true },
      );
    },
    async endedSince(since) {
      const found = await sessions
        .find({ endedAt: { $gt: since } })
        .sort({ endedAt: -1 })
        .limit(10_000)
        .select({ _id: 1 })
        .lean();
      return found.map((session) => session._id);
    },
  };
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 11_000;
}
