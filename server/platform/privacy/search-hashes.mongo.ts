// Gives hashes to documents that were written before addresses were found by them, before anybody looks for one.
import type mongoose from "mongoose";
import type { Logger } from "../logger.ts";
import type { FieldCipher } from "./field-cipher.ts";
import { inventory } from "./inventory.ts";
import type { KeyRegistry } from "./key-registry.mongo.ts";

const pageSize = 500;

interface SearchedDocument {
  _id: mongoose.mongo.ObjectId;
  [field: string]: unknown;
}

/** May be interrupted and repeated. Once a collection is done it costs nothing more. */
export async function ensureSearchHashes(
  connection: mongoose.Connection,
  { registry, cipher, logger }: { registry: KeyRegistry; cipher: FieldCipher; logger: Logger },
): Promise<void> {
  const done = await registry.hashedCollections();
  for (const { name, searched } of inventory) {
    if (searched === undefined || done.has(name)) continue;
    const collection = connection.getClient().db(connection.name).collection<SearchedDocument>(name);
    for (const [hashField, field] of Object.entries(searched)) {
      const hashed = await hashAll(collection, { hashField, field, cipher });
      if (hashed > 0) logger.info({ collection: name, documents: hashed }, "addresses can be found by hash");
      await dropIndexesOver(collection, field);
    }
    await registry.markHashed(name);
  }
}

async function hashAll(
  collection: mongoose.mongo.Collection<SearchedDocument>,
  { hashField, field, cipher }: { hashField: string; field: string; cipher: FieldCipher },
): Promise<number> {
  const own = cipher.of(collection.collectionName);
  let after: mongoose.mongo.ObjectId | null = null;
  let hashed = 0;
  for (;;) {
    const page: SearchedDocument[] = await collection
      .find(after === null ? {} : { _id: { $gt: after } })
      .project<SearchedDocument>({ [field]: 1, [hashField]: 1 })
      .sort({ _id: 1 })
      .limit(pageSize)
      .toArray();
    const missing = page.flatMap((document) => {
      const stored = document[field];
      if (typeof stored !== "string" || typeof document[hashField] === "string") return [];
      const hash = cipher.hashOfEmail(own.open(document._id.toHexString(), field, stored));
      return [
        {
          updateOne: {
            filter: { _id: document._id, [field]: stored },
            update: { $set: { [hashField]: hash } },
          },
        },
      ];
    });
    if (missing.length > 0) await collection.bulkWrite(missing, { ordered: false });
    hashed += missing.length;
    const last = page.at(-1);
    if (last === undefined) return hashed;
    after = last._id;
  }
}

/** Indexes over what will be ciphertext order nothing and find nothing. */
async function dropIndexesOver(
  collection: mongoose.mongo.Collection<SearchedDocument>,
  field: string,
): Promise<void> {
  const indexes = await collection.indexes().catch((error: unknown) => {
    // The collection is not there yet.
    if (error instanceof Error && "code" in error && error.code === 26) return [];
    throw error;
  });
  for (const { name, key } of indexes) {
    if (name !== undefined && field in (key as object)) await collection.dropIndex(name);
  }
}
