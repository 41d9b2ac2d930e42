// Connections to a MongoDB for copying, and writing of documents as raw bytes.
import { createRequire } from "node:module";
import mongoose from "mongoose";
import { databaseNameOf } from "../../server/platform/database.ts";
import { parseMongodbUri } from "../../server/platform/mongodb-uri.ts";
import { TaskError } from "./task.ts";

export interface OpenMongo {
  client: mongoose.mongo.MongoClient;
  database: string;
  /** In words, without user and password. */
  title: string;
}

const connectTimeoutMs = 15_000;

/** The servers that the connection string names and the database it means. Throws TaskError. */
export async function openMongo(uri: string): Promise<OpenMongo> {
  const parsed = parseMongodbUri(uri);
  if (parsed === null)
    throw new TaskError(
      "A MongoDB is named by its connection string: mongodb://host:27017/database?replicaSet=name.",
    );
  const title = `the database ${databaseNameOf(uri)} at ${parsed.redacted}`;
  const client = new mongoose.mongo.MongoClient(uri, {
    serverSelectionTimeoutMS: connectTimeoutMs,
    writeConcern: { w: "majority", journal: true },
  });
  try {
    await client.connect();
    await client.db("admin").command({ ping: 1 });
  } catch (error) {
    await client.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new TaskError(`${parsed.redacted} could not be spoken to: ${reason}`, { cause: error });
  }
  return { client, database: databaseNameOf(uri), title };
}

interface DocumentSequence {
  push(document: object, bytes: Uint8Array): number;
}

// The driver's public methods take objects, and objects cannot hold what BSON can: deprecated types, one field twice.
// Its own inserts send bytes through this class; it is taken from the driver that Mongoose uses, or it would not count.
const requireFromMongoose = createRequire(createRequire(import.meta.url).resolve("mongoose"));
const { DocumentSequence } = requireFromMongoose("mongodb/lib/cmap/commands.js") as {
  DocumentSequence: new (field: string) => DocumentSequence;
};

/**
 * Inserts documents as they are and resolves when they are durable. A document whose _id is there already is left as it
 * is there; every other refusal is thrown.
 */
export async function insertRaw(
  collection: mongoose.mongo.Collection,
  db: mongoose.mongo.Db,
  documents: readonly Buffer[],
): Promise<void> {
  const sequence = new DocumentSequence("documents");
  for (const bytes of documents) sequence.push({}, bytes);
  const reply = await db.command({
    insert: collection.collectionName,
    ordered: false,
    writeConcern: { w: "majority", j: true },
    documents: sequence,
  });
  const errors = (reply["writeErrors"] ?? []) as { code: number; errmsg: string; keyPattern?: object }[];
  const refused = errors.find(
    ({ code, keyPattern }) => code !== 11_000 || Object.keys(keyPattern ?? {}).join() !== "_id",
  );
  if (refused !== undefined)
    throw new TaskError(
      `${collection.namespace} does not take a document (${refused.code}): ${refused.errmsg}`,
    );
  const concern = reply["writeConcernError"] as { errmsg?: string } | undefined;
  if (concern !== undefined)
    throw new TaskError(`MongoDB did not make it durable: ${concern.errmsg ?? "no reason given"}`);
}
