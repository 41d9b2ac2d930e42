// Damage to the data of the embedded store, and that the check for it sees what it is there to see.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import mongoose from "mongoose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { sealed } from "../../server/embedded-mongo/storage/seal.ts";
import { inspectStore } from "../factories/store-integrity.ts";

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "embedded-mongo-damage-"));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

async function fill(documents: number): Promise<void> {
  const store = await startEmbeddedMongo({ dataDir });
  const client = await new mongoose.mongo.MongoClient(store.uri).connect();
  const things = client
    .db("damage")
    .collection<{ _id: number; n: number; tags: string[]; text: string }>("things");
  await things.createIndex({ n: 1 }, { unique: true });
  await things.createIndex({ tags: 1, n: -1 });
  await things.insertMany(
    Array.from({ length: documents }, (_, n) => ({
      _id: n,
      n: n * 3,
      tags: [`t${n % 7}`, "all"],
      text: String(n).padEnd(200, "."),
    })),
  );
  await client.close();
  await store.stop();
}

test.each([
  ["a missing entry", "DELETE FROM entries WHERE k = (SELECT max(k) FROM entries)", /lacks the entry/],
  ["an entry too many", "INSERT INTO entries VALUES (x'0000000110', 4294967297)", /that no document gives/],
  [
    "a document without entries",
    "INSERT INTO documents VALUES (4294967999, sealed(4294967999, x'0500000000'))",
    /lacks the entry/,
  ],
  [
    "a document that is no BSON",
    "UPDATE documents SET body = sealed(rid, x'0600000000') WHERE rid = 4294967297",
    /is no BSON/,
  ],
  [
    "a document with another's bytes",
    "UPDATE documents SET body = (SELECT body FROM documents WHERE rid = 4294967298) WHERE rid = 4294967297",
    /does not have its checksum/,
  ],
  [
    "a document of no collection",
    "INSERT INTO documents VALUES (429496729600, sealed(429496729600, x'0500000000'))",
    /no collection/,
  ],
  ["arrays that are not noted", "UPDATE indexes SET multikey = 0", /does not know of arrays/],
])("[STORE-26] the check of indexes against documents sees %s", async (_name, statement, problem) => {
  await fill(20);
  expect(inspectStore(dataDir)).toEqual({ problems: [], collections: 1, documents: 20, entries: 80 });
  const database = new DatabaseSync(join(dataDir, "store.sqlite"));
  database.function("sealed", (id, body) => sealed(Number(id), Buffer.from(body as Uint8Array)));
  database.exec(statement);
  database.close();
  expect(inspectStore(dataDir).problems).toContainEqual(expect.stringMatching(problem));
});
