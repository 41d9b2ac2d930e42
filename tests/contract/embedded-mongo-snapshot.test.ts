// A state of the embedded store read from its file, beside a running server and without one.
import { deserialize } from "bson";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mongoose from "mongoose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { openSnapshot, type StoreSnapshot } from "../../server/embedded-mongo/snapshot.ts";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "snapshot-"));
});
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

test("[STORE-80] a snapshot beside a running server holds what was committed before it, and nothing later", async () => {
  const store = await startEmbeddedMongo({ dataDir });
  const client = await new mongoose.mongo.MongoClient(store.uri).connect();
  const things = client.db("a").collection<{ _id: number; pair?: number }>("things");
  await things.createIndex({ pair: 1 }, { unique: true, sparse: true });
  await things.insertMany(Array.from({ length: 2500 }, (_, n) => ({ _id: n })));
  const snapshot = openSnapshot(dataDir);
  await things.deleteMany({ _id: { $lt: 1000 } });
  await things.insertOne({ _id: 9999, pair: 1 });
  await client.db("b").collection("later").insertOne({});

  const [collection] = snapshot.collections();
  expect(snapshot.collections()).toHaveLength(1);
  expect(collection).toMatchObject({ database: "a", name: "things" });
  expect(collection?.indexes.map((bytes) => deserialize(bytes))).toEqual([
    { v: 2, key: { _id: 1 }, name: "_id_" },
    { v: 2, key: { pair: 1 }, name: "pair_1", unique: true, sparse: true },
  ]);
  expect(idsOf(snapshot)).toEqual(Array.from({ length: 2500 }, (_, n) => n));
  snapshot.close();
  await client.close();
  await store.stop();
});

test.each(["stopped", "killed"] as const)(
  "[STORE-80] a snapshot of a store that was %s holds everything acknowledged",
  async (end) => {
    const store = await startEmbeddedMongo({ dataDir });
    const client = await new mongoose.mongo.MongoClient(store.uri).connect();
    await client
      .db("a")
      .collection<{ _id: number }>("things")
      .insertMany([{ _id: 1 }, { _id: 2 }]);
    if (end === "killed") process.kill(store.pid, "SIGKILL");
    await client.close();
    await store.stop();
    const snapshot = openSnapshot(dataDir);
    expect(idsOf(snapshot)).toEqual([1, 2]);
    snapshot.close();
  },
);

test("[STORE-80] where there is no store, or a file of something else, it says so", async () => {
  expect(() => openSnapshot(dataDir)).toThrow(/There is no store in/);
  await writeFile(join(dataDir, "store.sqlite"), Buffer.alloc(10_000, 7));
  expect(() => openSnapshot(dataDir)).toThrow(/is damaged/);
});

function idsOf(snapshot: StoreSnapshot): unknown[] {
  const [collection] = snapshot.collections();
  if (collection === undefined) throw new Error("no collection");
  return [...snapshot.pages(collection)].flat().map((document): unknown => deserialize(document)["_id"]);
}
