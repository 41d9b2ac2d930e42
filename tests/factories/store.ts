// A document store for tests: the embedded one on a temporary directory, or MONGODB_URI with a database of its own.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mongoose from "mongoose";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { parseMongodbUri } from "../../server/platform/mongodb-uri.ts";

export interface TestStore {
  uri: string;
  connection: mongoose.Connection;
  close(): Promise<void>;
}

export interface OwnDatabase {
  uri: string;
  name: string;
  drop(): Promise<void>;
}

/** A database of its own on MONGODB_URI, or null where that is not given and a test has a store of its own. */
export function ownDatabase(purpose: string): OwnDatabase | null {
  const given = process.env["MONGODB_URI"];
  if (given === undefined || given === "") return null;
  const name = `connvo-${purpose}-${randomBytes(6).toString("hex")}`;
  const uri = parseMongodbUri(given)?.withDatabase(name);
  if (uri === undefined) throw new Error("MONGODB_URI is no connection string.");
  return {
    uri,
    name,
    async drop() {
      const client = await new mongoose.mongo.MongoClient(uri).connect();
      await client.db(name).dropDatabase();
      await client.close();
    },
  };
}

// As platform/database.ts opens it.
const connectOptions = {
  autoIndex: false,
  autoCreate: false,
  writeConcern: { w: "majority", journal: true },
} as const;

export async function openTestStore(options: { monitorCommands?: boolean } = {}): Promise<TestStore> {
  const own = ownDatabase("test");
  if (own !== null) {
    const connection = await mongoose
      .createConnection(own.uri, { ...connectOptions, ...options })
      .asPromise();
    return {
      uri: own.uri,
      connection,
      async close() {
        await connection.close();
        await own.drop();
      },
    };
  }
  const dataDir = await mkdtemp(join(tmpdir(), "connvo-store-"));
  const store = await startEmbeddedMongo({ dataDir });
  const connection = await mongoose
    .createConnection(store.uri, { ...connectOptions, ...options, dbName: "connvo-test" })
    .asPromise();
  return {
    uri: store.uri,
    connection,
    async close() {
      await connection.close();
      await store.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
