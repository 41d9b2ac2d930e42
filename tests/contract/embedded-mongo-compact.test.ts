// compact: what was removed is gone from the files, byte by byte, and what is there stays.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mongoose from "mongoose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inspectStore } from "../factories/store-integrity.ts";
import { startStoreProcess, type StoreProcess } from "../factories/store-process.ts";

let dataDir: string;
let store: StoreProcess;
let client: mongoose.mongo.MongoClient;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "embedded-mongo-compact-"));
  await open();
});

afterEach(async () => {
  await client.close();
  await store.kill();
  rmSync(dataDir, { recursive: true, force: true });
});

async function open(): Promise<void> {
  store = await startStoreProcess(dataDir);
  client = await new mongoose.mongo.MongoClient(store.uri).connect();
}

interface Thing {
  _id: number;
  text: string;
}

const things = () => client.db("test").collection<Thing>("things");
const compact = () => client.db("test").command({ compact: "things" });

/** How often the files of the store hold the text. */
function found(text: string): number {
  return readdirSync(dataDir).reduce(
    (sum, name) => sum + readFileSync(join(dataDir, name), "latin1").split(text).length - 1,
    0,
  );
}

/** Some of each kind of place: cells, overflow pages, keys of indexes, and entries that are put aside. */
async function plant(): Promise<void> {
  await things().createIndex({ text: 1 });
  const texts = ["removed", "replaced", "kept"];
  await things().insertMany(
    Array.from({ length: 600 }, (_, n) => ({
      _id: n,
      text: `${texts[n % 3]} words ${Math.imul(n, 0x9e3779b1) >>> 0} ${"x".repeat(n % 100 < 3 ? 9_000 : 0)}`,
    })),
  );
  await client.db("test").collection<Thing>("dropped").insertOne({ _id: 1, text: "dropped words" });
  await things().deleteMany({ text: /^removed/ });
  await things().updateMany({ text: /^replaced/ }, [{ $set: { text: { $concat: ["new ", "$text"] } } }]);
  await things().updateMany({ text: /^new/ }, { $set: { text: "short" } });
  await client.db("test").collection("dropped").drop();
}

test("[STORE-89] after compact no byte of what was removed, replaced or dropped is in the files", async () => {
  await expect(compact()).rejects.toMatchObject({ code: 26 });
  await plant();
  await expect(client.db("test").command({ compact: "things", dryRun: true })).rejects.toMatchObject({
    code: 72,
  });
  expect(found("removed words")).toBeGreaterThan(0);
  // Writes that come meanwhile are taken afterwards; reads go on.
  const [compacted] = await Promise.all([
    compact(),
    ...Array.from({ length: 20 }, (_, n) => things().insertOne({ _id: 10_000 + n, text: "meanwhile" })),
    ...Array.from({ length: 20 }, () => things().findOne({ _id: 2 })),
  ]);
  expect(compacted).toMatchObject({ ok: 1 });
  expect(await things().countDocuments({ text: "meanwhile" })).toBe(20);
  for (const text of ["removed words", "replaced words", "dropped words"]) expect(found(text)).toBe(0);
  expect(await things().countDocuments({ text: /^kept/ })).toBe(200);
  await things().insertOne({ _id: -1, text: "later words" });
  expect(await things().findOne({ text: "later words" })).toMatchObject({ _id: -1 });
});

test("[STORE-89] kill -9 right after compact leaves what was acknowledged, and its indexes whole", async () => {
  await plant();
  await compact();
  await store.kill();
  await client.close();
  await open();
  expect(await things().countDocuments({})).toBe(400);
  await store.kill();
  await client.close();
  expect(inspectStore(dataDir).problems).toEqual([]);
  await open();
});
