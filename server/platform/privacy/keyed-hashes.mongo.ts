// Turns plain hashes of content, from before they were keyed, into keyed ones: before anybody looks for one.
import type mongoose from "mongoose";
import type { Logger } from "../logger.ts";
import { keyIdOf } from "./envelope.ts";
import { sealedFields, type FieldCipher } from "./field-cipher.ts";
import { inventory } from "./inventory.ts";
import type { KeyRegistry } from "./key-registry.mongo.ts";

const pageSize = 200;
/** SHA-256 in hexadecimal, which no keyed hash is. */
const plainHash = /^[0-9a-f]{64}$/;

type StoredId = mongoose.mongo.ObjectId | string;
type Hashed = Record<string, unknown> & { _id: StoredId };

/** May be interrupted and repeated. Once a collection is done it costs nothing more. */
export async function ensureKeyedHashes(
  connection: mongoose.Connection,
  { registry, cipher, logger }: { registry: KeyRegistry; cipher: FieldCipher; logger: Logger },
): Promise<void> {
  const done = await registry.hashedCollections();
  for (const { name, keyed = [] } of inventory) {
    // Named with its fields, so that one more has it done again.
    const mark = `${name}:${[...keyed].sort().join(",")}`;
    if (keyed.length === 0 || done.has(mark)) continue;
    const collection = connection.getClient().db(connection.name).collection<Hashed>(name);
    const changed = await keyAll(collection, keyed, cipher);
    if (changed > 0) logger.info({ collection: name, documents: changed }, "hashes of content are keyed now");
    await registry.markHashed(mark);
  }
}

async function keyAll(
  collection: mongoose.mongo.Collection<Hashed>,
  keyed: readonly string[],
  cipher: FieldCipher,
): Promise<number> {
  const fields = keyed.filter((field) => field !== "_id");
  let after: StoredId | null = null;
  let changed = 0;
  for (;;) {
    const page: Hashed[] = await collection
      .find(after === null ? {} : { _id: { $gt: after } })
      .project<Hashed>(Object.fromEntries(["_id", ...fields].map((field) => [field, 1])))
      .sort({ _id: 1 })
      .limit(pageSize)
      .toArray();
    const last = page.at(-1);
    if (last === undefined) return changed;
    const writes = page.flatMap((document) => {
      const plain = fields.filter((field) => isPlain(document[field]));
      if (plain.length === 0) return [];
      const from = Object.fromEntries(plain.map((field) => [field, document[field]]));
      const to = Object.fromEntries(
        plain.map((field) => [field, cipher.hashOfContent(String(document[field]))]),
      );
      return [{ updateOne: { filter: { _id: document._id, ...from }, update: { $set: to } } }];
    });
    if (writes.length > 0) await collection.bulkWrite(writes, { ordered: false });
    changed += writes.length;
    if (keyed.includes("_id"))
      for (const { _id } of page.filter((document) => isPlain(document._id))) {
        await rename(collection, String(_id), cipher);
        changed += 1;
      }
    after = last._id;
  }
}

/** The copy first: an interruption leaves two, of which the old one goes at the next try. */
async function rename(
  collection: mongoose.mongo.Collection<Hashed>,
  from: string,
  cipher: FieldCipher,
): Promise<void> {
  const found = await collection.findOne({ _id: from });
  if (found === null) return;
  const to = cipher.hashOfContent(from);
  const bound: Record<string, unknown> = {};
  for (const field of sealedFields(collection.collectionName)) {
    const value = found[field];
    // What is encrypted is bound to the id.
    if (typeof value !== "string" || keyIdOf(value) === null) continue;
    const own = cipher.of(collection.collectionName);
    bound[field] = own.seal(to, field, own.open(from, field, value));
  }
  await collection.replaceOne({ _id: to }, { ...found, ...bound, _id: to }, { upsert: true });
  await collection.deleteOne({ _id: from });
}

function isPlain(value: unknown): boolean {
  return typeof value === "string" && plainHash.test(value);
}
