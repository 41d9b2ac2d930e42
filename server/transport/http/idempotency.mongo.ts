// Idempotency keys in the store, forgotten after a day.
import mongoose from "mongoose";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";

export interface KeyRecord {
  requestHash: string;
  /** Null while the request runs. */
  answer: { status: number; body: string } | null;
  /** A run that takes longer is taken for dead. */
  lockedUntil: Date;
}

export interface IdempotencyStore {
  /** Null where the key is new and now belongs to the caller, else what is known of it. */
  claim(
    id: string,
    record: { requestHash: string; userId: string; lockedUntil: Date; now: Date },
  ): Promise<KeyRecord | null>;
  /** Takes over from a run that died; false where somebody else did. */
  takeOver(id: string, was: Date, lockedUntil: Date): Promise<boolean>;
  finish(id: string, answer: { status: number; body: string }): Promise<void>;
  release(id: string): Promise<void>;
}

const keptMs = 24 * 60 * 60 * 1000;

interface KeyDocument {
  /** Hash of person and key: one person's keys are their own. */
  _id: string;
  requestHash: string;
  /** By which answers are found that have to go with their person. Absent in documents from before it was kept. */
  userId?: string | null;
  status: number | null;
  /** Encrypted. */
  body: string | null;
  lockedUntil: Date;
  createdAt: Date;
  expiresAt: Date;
}

const keySchema = new mongoose.Schema<KeyDocument>(
  {
    _id: { type: String, required: true },
    requestHash: { type: String, required: true },
    userId: { type: String, default: null },
    status: { type: Number, default: null },
    body: { type: String, default: null },
    lockedUntil: { type: Date, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { strict: "throw", autoIndex: false, versionKey: false, collection: "idempotencyKeys" },
)
  .index({ userId: 1 })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export async function createIdempotencyStore(
  connection: mongoose.Connection,
  cipher: FieldCipher,
): Promise<IdempotencyStore> {
  const sealed = cipher.of("idempotencyKeys");
  const keys = connection.model("idempotencyKeys", keySchema);
  await createIndexes(keys);
  const claim: IdempotencyStore["claim"] = async (id, record) => {
    const { requestHash, userId, lockedUntil, now } = record;
    const expiresAt = new Date(now.getTime() + keptMs);
    try {
      await keys.create({ _id: id, requestHash, userId, lockedUntil, createdAt: now, expiresAt });
      return null;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === 11_000)) throw error;
    }
    // Its time may be over before the store has got round to removing it.
    await keys.deleteOne({ _id: id, expiresAt: { $lte: now } });
    const known = await keys.findById(id).lean();
    // Released between the two steps: whoever held it failed, the caller may try in its place.
    if (known === null) return await claim(id, record);
    const { status } = known;
    const body = sealed.open(id, "body", known.body);
    return {
      requestHash: known.requestHash,
      lockedUntil: known.lockedUntil,
      answer: status === null || body === null ? null : { status, body },
    };
  };

  return {
    claim,
    async takeOver(id, was, lockedUntil) {
      const { matchedCount } = await keys.updateOne(
        { _id: id, status: null, lockedUntil: was },
        { $set: { lockedUntil } },
      );
      return matchedCount === 1;
    },
    async finish(id, { status, body }) {
      await keys.updateOne({ _id: id }, { $set: { status, body: sealed.seal(id, "body", body) } });
    },
    async release(id) {
      await keys.deleteOne({ _id: id, status: null });
    },
  };
}
