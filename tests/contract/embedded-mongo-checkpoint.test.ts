// kill -9 of the store while its log is taken into the data file: everything acknowledged is there afterwards.
import { mkdtempSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mongoose from "mongoose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inspectStore } from "../factories/store-integrity.ts";
import { startStoreProcess, type StoreProcess } from "../factories/store-process.ts";

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "embedded-mongo-checkpoint-"));
});

afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

interface Thing {
  _id: number;
  /** At a random place in its index. */
  key: number;
  filler: Buffer;
}

const rounds = 2;
const perInsert = 100;
const keyOf = (n: number) => Math.imul(n, 0x9e3779b1) >>> 0;

/** Writes until the process is gone. Answers how many documents were acknowledged; those of one insert more may be there. */
async function writeUntilGone(store: StoreProcess, from: number): Promise<number> {
  const client = await new mongoose.mongo.MongoClient(store.uri, {
    retryWrites: false,
    serverSelectionTimeoutMS: 2000,
  }).connect();
  const things = client.db("test").collection<Thing>("things");
  let acknowledged = from;
  try {
    await things.createIndex({ key: 1 });
    for (;;) {
      const documents = Array.from({ length: perInsert }, (_, at) => ({
        _id: acknowledged + at,
        key: keyOf(acknowledged + at),
        filler: Buffer.alloc(8000, acknowledged + at),
      }));
      await things.insertMany(documents);
      acknowledged += perInsert;
    }
  } catch (error) {
    expect(error).toBeInstanceOf(mongoose.mongo.MongoError);
    return acknowledged;
  } finally {
    await client.close();
  }
}

test(
  "[STORE-99] kill -9 while the log is taken into the data file loses nothing and leaves indexes equal to documents",
  { timeout: 600_000 },
  async () => {
    let known = 0;
    for (let round = 0; round < rounds; round += 1) {
      const store = await startStoreProcess(dataDir);
      // Nothing but a checkpoint writes to the data file, once the start is over.
      const watcher = watch(join(dataDir, "store.sqlite"));
      const killed = new Promise<void>((resolve) => watcher.once("change", () => resolve(store.kill())));
      const acknowledged = await writeUntilGone(store, known);
      await killed;
      watcher.close();
      expect(acknowledged).toBeGreaterThan(known);
      expect(inspectStore(dataDir).problems).toEqual([]);
      known = await compare(acknowledged);
    }
  },
);

/** Answers how many documents there are. */
async function compare(acknowledged: number): Promise<number> {
  const store = await startStoreProcess(dataDir);
  const client = await new mongoose.mongo.MongoClient(store.uri).connect();
  try {
    const things = client.db("test").collection<Thing>("things");
    const ids = (await things.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id);
    ids.sort((a, b) => a - b);
    expect([acknowledged, acknowledged + perInsert]).toContain(ids.length);
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, n) => n));
    const sample = ids.filter((n) => n % 97 === 0);
    for (const n of sample) {
      const found = await things.find({ key: keyOf(n) }, { promoteBuffers: true }).toArray();
      expect(found.map(({ _id, filler }) => [_id, filler.equals(Buffer.alloc(8000, n))])).toEqual([
        [n, true],
      ]);
    }
    return ids.length;
  } finally {
    await client.close();
    await store.stop();
  }
}
