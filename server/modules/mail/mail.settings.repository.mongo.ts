// Who wants which kinds of email, and which addresses take none, in the store.
import mongoose from "mongoose";
import { mailListSchema } from "../../../shared/schemas/mail.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";
import type { MailSettingsRepository } from "./mail.settings.ts";

interface SettingsDocument {
  /** The person's id. */
  _id: string;
  off: string[];
  updatedAt: Date;
}

interface BounceDocument {
  /** The keyed hash of the address. */
  _id: string;
  reason: string;
  at: Date;
}

const options = { autoIndex: false, autoCreate: false, versionKey: false, strict: "throw" } as const;
const settingsSchema = new mongoose.Schema<SettingsDocument>(
  { _id: String, off: { type: [String], default: [] }, updatedAt: { type: Date, required: true } },
  { ...options, collection: "mailSettings" },
);
const bounceSchema = new mongoose.Schema<BounceDocument>(
  { _id: String, reason: { type: String, required: true }, at: { type: Date, required: true } },
  { ...options, collection: "mailBounces" },
);

export function createMailSettingsRepository(
  connection: mongoose.Connection,
  cipher: FieldCipher,
): MailSettingsRepository {
  const settings = connection.model<SettingsDocument>("MailSettings", settingsSchema);
  const bounces = connection.model<BounceDocument>("MailBounce", bounceSchema);

  return {
    async switchedOff(userId) {
      const found = await settings.findById(userId, { off: 1 }).lean();
      // What a later version knows and this one does not concerns no email of this one.
      return (found?.off ?? []).flatMap((list) => mailListSchema.safeParse(list).data ?? []);
    },

    async switchList(userId, list, { off, now }) {
      const before = await settings.findById(userId, { off: 1 }).lean();
      if ((before?.off.includes(list) ?? false) === off) return false;
      await settings.updateOne(
        { _id: userId },
        { [off ? "$addToSet" : "$pull"]: { off: list }, $set: { updatedAt: now } },
        { upsert: true },
      );
      return true;
    },

    async bounceOf(email) {
      const found = await bounces.findById(cipher.hashOfEmail(email)).lean();
      return found === null ? null : { reason: found.reason, at: found.at };
    },

    async addBounce(email, { reason, at }) {
      await bounces.updateOne(
        { _id: cipher.hashOfEmail(email) },
        { $setOnInsert: { reason, at } },
        { upsert: true },
      );
    },

    async liftBounce(email) {
      return (await bounces.deleteOne({ _id: cipher.hashOfEmail(email) })).deletedCount === 1;
    },
  };
}
