// Which keys the stored data needs, and the secret behind the hashes of addresses: `encryptionKeys` and `searchKeys`.
import { randomBytes } from "node:crypto";
import type mongoose from "mongoose";

export interface RegisteredKey {
  id: string;
  /** A known text under this key, by which other bytes under the same name are recognised. */
  check: string;
  firstUsedAt: Date;
  /** Since when no document needs it; null while some may. */
  retiredAt: Date | null;
}

export interface KeyRegistry {
  /** Oldest first. */
  keys(): Promise<RegisteredKey[]>;
  /** Says before the first value is encrypted that the key is in use; a retired one is again. */
  register(key: { id: string; check: string; now: Date }): Promise<void>;
  /** No document needs them any more. */
  retire(ids: readonly string[], now: Date): Promise<void>;
  /** The secret as it is stored: encrypted, or not; made by the first who asks, by `make` from 32 random bytes. */
  searchSecret(make: (bytes: Buffer) => string): Promise<string>;
  /** Collections whose documents all have their hashes. */
  hashedCollections(): Promise<ReadonlySet<string>>;
  markHashed(collection: string): Promise<void>;
}

interface KeyDocument extends Omit<RegisteredKey, "id"> {
  _id: string;
}

interface SecretDocument {
  _id: string;
  secret: string;
  hashed: string[];
}

export const searchSecretPlace = { collection: "searchKeys", id: "email", field: "secret" } as const;

export function createKeyRegistry(connection: mongoose.Connection): KeyRegistry {
  // By the driver: both are opened before anything else, and hold a handful of documents.
  const database = connection.getClient().db(connection.name);
  const keys = database.collection<KeyDocument>("encryptionKeys");
  const secrets = database.collection<SecretDocument>("searchKeys");
  const _id = searchSecretPlace.id;
  return {
    async keys() {
      const found = await keys.find({ _id: { $gt: "" } }).toArray();
      return found
        .map(({ _id: id, ...rest }) => ({ id, ...rest }))
        .sort((a, b) => a.firstUsedAt.getTime() - b.firstUsedAt.getTime());
    },

    async register({ id, check, now }) {
      await keys.updateOne(
        { _id: id },
        { $set: { retiredAt: null }, $setOnInsert: { check, firstUsedAt: now } },
        { upsert: true },
      );
    },

    async retire(ids, now) {
      await keys.updateMany({ _id: { $in: [...ids] }, retiredAt: null }, { $set: { retiredAt: now } });
    },

    async searchSecret(make) {
      const known = await secrets.findOne({ _id });
      if (known !== null) return known.secret;
      const fresh = make(randomBytes(32));
      try {
        await secrets.insertOne({ _id, secret: fresh, hashed: [] });
        return fresh;
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === 11_000)) throw error;
        // Another process was first: its secret counts.
        return await this.searchSecret(make);
      }
    },

    async hashedCollections() {
      const known = await secrets.findOne({ _id });
      return new Set(known?.hashed ?? []);
    },

    async markHashed(collection) {
      await secrets.updateOne({ _id }, { $addToSet: { hashed: collection } });
    },
  };
}
