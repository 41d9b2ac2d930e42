// Where documents are copied from: one database of an embedded store, a MongoDB, or a dump directory, as raw BSON.
import { existsSync } from "node:fs";
import { join } from "node:path";
import mongoose from "mongoose";
import { openSnapshot } from "../../server/embedded-mongo/snapshot.ts";
import { defaultDatabaseName } from "../../server/platform/database.ts";
import type { Config } from "../../server/platform/config.ts";
import { openMongo } from "./mongo.ts";
import { TaskError } from "./task.ts";

const { BSON } = mongoose.mongo;
export type Document = mongoose.mongo.BSON.Document;

export interface SourceCollection {
  name: string;
  /** Hexadecimal, where the source knows one. */
  uuid: string | null;
  /** As `create` takes them. */
  options: Document;
  /** As `createIndexes` takes them, numbers in their own types. */
  indexes: Document[];
}

export interface StoreSource {
  /** In words, for messages: the embedded store in …, MongoDB at …. */
  title: string;
  database: string;
  collections: SourceCollection[];
  /** All documents, raw, many at a time, in no promised order. Throws where they cannot be read to the end. */
  pages(collection: SourceCollection): AsyncIterable<Buffer[]>;
  close(): Promise<void>;
}

/** Reads BSON so that writing it again gives the same types. */
export function typed(bytes: Uint8Array): Document {
  return BSON.deserialize(bytes, { promoteValues: false, bsonRegExp: true });
}

/** One committed state of the embedded store, also while a server runs on it. Throws where there is none. */
export function embeddedSource(dataDir: string): StoreSource {
  const directory = join(dataDir, "store");
  const snapshot = openSnapshot(directory);
  const found = snapshot.collections().filter(({ database }) => database === defaultDatabaseName);
  const collections = found.map((collection) => ({
    name: collection.name,
    uuid: collection.uuid.toString("hex"),
    options: {},
    indexes: collection.indexes.map(typed),
    stored: collection,
  }));
  return {
    title: `the embedded store in ${directory}`,
    database: defaultDatabaseName,
    collections,

    async *pages({ name }) {
      const own = collections.find((collection) => collection.name === name);
      if (own === undefined) throw new Error("the collection is not of this source");
      yield* snapshot.pages(own.stored);
    },
    close: () => Promise.resolve(snapshot.close()),
  };
}

/**
 * One database of a MongoDB. A replica set is read as it was at one moment, for which it keeps the past for 5 minutes
 * (error 239 afterwards); of a single server nobody may change anything meanwhile.
 */
export async function mongoSource(uri: string): Promise<StoreSource> {
  const { client, database, title } = await openMongo(uri);
  try {
    const db = client.db(database);
    const hello = await client.db("admin").command({ hello: 1 });
    const replicated = typeof hello["setName"] === "string" || hello["msg"] === "isdbgrid";
    const session = replicated ? client.startSession({ snapshot: true }) : undefined;
    const collections: SourceCollection[] = [];
    for (const entry of await db.listCollections().toArray()) {
      if (entry.name.startsWith("system.")) continue;
      if (entry.type !== "collection")
        throw new TaskError(
          `${database}.${entry.name} is a ${entry.type ?? "special collection"}, which cannot be copied.`,
        );
      const { info, options } = entry as { info?: { uuid?: mongoose.mongo.Binary }; options?: Document };
      const uuid = info?.uuid;
      const indexes = await db.collection(entry.name).listIndexes({ raw: true }).toArray();
      collections.push({
        name: entry.name,
        uuid: uuid === undefined ? null : Buffer.from(uuid.value()).toString("hex"),
        options: options ?? {},
        indexes: indexes.map((index) => typed(index as unknown as Uint8Array)),
      });
    }
    return {
      title,
      database,
      collections,
      pages: ({ name }) => rawPages(db.collection(name), session),
      async close() {
        await session?.endSession();
        await client.close();
      },
    };
  } catch (error) {
    await client.close();
    throw error;
  }
}

const pageDocuments = 1000;
const pageBytes = 8 * 1024 * 1024;

/** A collection's documents as the server stores them, in no promised order. */
export async function* rawPages(
  collection: mongoose.mongo.Collection,
  session?: mongoose.mongo.ClientSession,
): AsyncIterable<Buffer[]> {
  const cursor = collection.find(
    {},
    {
      raw: true,
      batchSize: pageDocuments,
      readPreference: "primary",
      ...(session === undefined ? { readConcern: { level: "majority" } } : { session }),
    },
  );
  let page: Buffer[] = [];
  let bytes = 0;
  for await (const document of cursor as AsyncIterable<unknown>) {
    // A copy: the driver's bytes are a part of the whole reply, which they would keep in memory.
    const raw = Buffer.from(document as Uint8Array);
    page.push(raw);
    bytes += raw.length;
    if (page.length < pageDocuments && bytes < pageBytes) continue;
    yield page;
    page = [];
    bytes = 0;
  }
  if (page.length > 0) yield page;
}

/** The store that the configuration means. Throws TaskError in words where it cannot be read from here. */
export async function configuredSource({
  mongodbUri,
  dataDir,
}: Pick<Config, "mongodbUri" | "dataDir">): Promise<StoreSource> {
  if (mongodbUri !== null) return await mongoSource(mongodbUri);
  if (!existsSync(join(dataDir, "store")) && existsSync(join(dataDir, "mongod")))
    throw new TaskError(
      `${join(dataDir, "mongod")} is the directory of a mongod from the PATH: start mongod on it by hand and set MONGODB_URI to its address.`,
    );
  return embeddedSource(dataDir);
}
