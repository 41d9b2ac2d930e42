// A document store for tests: the embedded one on a temporary directory, or MONGODB_URI with a database of its own.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mongoose from "mongoose";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";

export interface TestStore {
  connection: mongoose.Connection;
  close(): Promise<void>;
}

export async function openTestStore(): Promise<TestStore> {
  const dbName = `connvo-test-${randomBytes(6).toString("hex")}`;
  const given = process.env["MONGODB_URI"];
  if (given !== undefined && given !== "") {
    const connection = await mongoose.createConnection(given, { dbName }).asPromise();
    return {
      connection,
      async close() {
        await connection.dropDatabase();
        await connection.close();
      },
    };
  }
  const dataDir = await mkdtemp(join(tmpdir(), "connvo-store-"));
  const store = await startEmbeddedMongo({ dataDir });
  const connection = await mongoose.createConnection(store.uri, { dbName }).asPromise();
  return {
    connection,
    async close() {
      await connection.close();
      await store.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
