// Copies a database into a MongoDB (or the embedded store) in steps that may be repeated, and compares the two.
import { createHash } from "node:crypto";
import mongoose from "mongoose";
import { fingerprintOf, fingerprintsOf, indexLines, type Fingerprint } from "./fingerprint.ts";
import { insertRaw } from "./mongo.ts";
import { rawPages, typed, type SourceCollection, type StoreSource } from "./source.ts";
import { TaskError, type Progress } from "./task.ts";

/** In the target while a copy is not finished: tells a copy that was cut off from a database with other data. */
export const markerCollection = "connvoCopy";

export interface Target {
  client: mongoose.mongo.MongoClient;
  database: string;
  title: string;
}

export interface ComparedCollection {
  name: string;
  source: Fingerprint | null;
  target: Fingerprint | null;
  indexes: number;
  /** Empty where both are the same. */
  differences: string[];
}

/**
 * Makes the target's database equal to the source and answers the comparison; it is complete only where no difference is
 * left. Run again after it was cut off, it goes on. Throws TaskError where the target holds anything else.
 */
export async function copyDatabase(
  source: StoreSource,
  target: Target,
  progress: { copied: Progress; compared: Progress },
): Promise<ComparedCollection[]> {
  const db = target.client.db(target.database);
  if (source.collections.some(({ name }) => name === markerCollection))
    throw new TaskError(`${source.title} is itself an unfinished copy: finish that one first.`);
  const marker = db.collection<{ _id: string; source: string }>(markerCollection);
  const identity = identityOf(source);
  const present = await collectionNames(db);
  if (present.length > 0) {
    const begun = await marker.findOne({ _id: "copy" });
    const names = source.collections.map(({ name }) => name).sort();
    // Copied completely before: that is said, not refused.
    if (begun === null && names.join() === present.join()) {
      const compared = await compareDatabases(source, target, progress.compared);
      if (compared.every(({ differences }) => differences.length === 0)) return compared;
    }
    if (begun?.source !== identity)
      throw new TaskError(
        `There is other data in ${target.title} already (${present.slice(0, 5).join(", ")}${present.length > 5 ? ", …" : ""}): name an empty database, or drop this one yourself.`,
      );
  }
  await marker.updateOne({ _id: "copy" }, { $set: { source: identity } }, { upsert: true });
  for (const collection of source.collections) await copyCollection(source, db, collection, progress.copied);
  const compared = await compareDatabases(source, target, progress.compared);
  // What differs keeps its marker: the next run may go on, and nobody takes it for complete.
  if (compared.every(({ differences }) => differences.length === 0)) await marker.drop();
  return compared;
}

async function copyCollection(
  source: StoreSource,
  db: mongoose.mongo.Db,
  collection: SourceCollection,
  progress: Progress,
): Promise<void> {
  const there = db.collection(collection.name);
  try {
    await db.createCollection(collection.name, collection.options);
  } catch (error) {
    // 48: an earlier run made it.
    if (!(error instanceof mongoose.mongo.MongoServerError)) throw error;
    if (error.code !== 48)
      throw new TaskError(`${collection.name} cannot be made: ${error.message}`, { cause: error });
  }
  for await (const page of source.pages(collection))
    for (const batch of batchesOf(page)) {
      await insertRaw(there, db, batch);
      progress.moved(
        collection.name,
        batch.length,
        batch.reduce((sum, { length }) => sum + length, 0),
      );
    }
  // After the documents: filling an index once is cheaper than keeping it up.
  const indexes = collection.indexes.filter(({ name }) => name !== "_id_");
  if (indexes.length === 0) return;
  try {
    await db.command({ createIndexes: collection.name, indexes, writeConcern: { w: "majority" } });
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoServerError)) throw error;
    throw new TaskError(`An index of ${collection.name} cannot be made: ${error.message}`, { cause: error });
  }
}

const batchBytes = 16 * 1024 * 1024;

/** Pieces that fit into one message together with what is around them. */
function* batchesOf(page: readonly Buffer[]): Iterable<Buffer[]> {
  let batch: Buffer[] = [];
  let bytes = 0;
  for (const document of page) {
    if (batch.length > 0 && (bytes + document.length > batchBytes || batch.length >= 1000)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(document);
    bytes += document.length;
  }
  if (batch.length > 0) yield batch;
}

/** Both sides read whole: counts, bytes, hashes and index definitions of every collection that either has. */
export async function compareDatabases(
  source: StoreSource,
  { client, database }: Target,
  progress: Progress,
): Promise<ComparedCollection[]> {
  const db = client.db(database);
  const expected = await fingerprintsOf(source, progress);
  const present = await collectionNames(db);
  const names = [...new Set([...expected.keys(), ...present])].sort();
  const compared: ComparedCollection[] = [];
  for (const name of names) {
    const wanted = source.collections.find((collection) => collection.name === name);
    const seen = (documents: number, bytes: number) => progress.moved(name, documents, bytes);
    const has = present.includes(name);
    const found = has ? await fingerprintOf(rawPages(db.collection(name)), seen) : null;
    const raw = has ? await db.collection(name).listIndexes({ raw: true }).toArray() : [];
    const indexes = raw.map((index) => typed(index as unknown as Uint8Array));
    const before = expected.get(name) ?? null;
    compared.push({
      name,
      source: before,
      target: found,
      indexes: wanted?.indexes.length ?? 0,
      differences: [
        ...differencesOf(before, found),
        ...differentIndexes(indexLines(wanted ?? { indexes: [] }), indexLines({ indexes })),
      ],
    });
  }
  return compared;
}

export function differencesOf(source: Fingerprint | null, target: Fingerprint | null): string[] {
  if (source === null) return ["is not in the source"];
  if (target === null) return ["is missing"];
  if (source.documents !== target.documents)
    return [`has ${target.documents} documents instead of ${source.documents}`];
  return source.hash === target.hash ? [] : ["has other documents (the hashes differ)"];
}

function differentIndexes(expected: readonly string[], found: readonly string[]): string[] {
  return [
    ...expected.filter((line) => !found.includes(line)).map((line) => `lacks the index ${line}`),
    ...found.filter((line) => !expected.includes(line)).map((line) => `has one index more: ${line}`),
  ];
}

async function collectionNames(db: mongoose.mongo.Db): Promise<string[]> {
  const found = await db.listCollections({}, { nameOnly: true }).toArray();
  return found
    .map(({ name }) => name)
    .filter((name) => !name.startsWith("system.") && name !== markerCollection)
    .sort();
}

// Collections carry an id of their own from their making on; names alone stand in where a source knows none.
function identityOf(source: StoreSource): string {
  const lines = source.collections.map(({ name, uuid }) => `${name} ${uuid ?? ""}`).sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}
