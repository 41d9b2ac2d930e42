// What clients see of the store's threads: reads that follow writes, and what becomes of cursors.
import mongoose from "mongoose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { codeOf, useEmbeddedMongo, type Doc } from "../factories/embedded-mongo.ts";

const fixture = useEmbeddedMongo();
const { things } = fixture;
let other: mongoose.mongo.MongoClient;

beforeAll(async () => {
  other = await new mongoose.mongo.MongoClient(fixture.store.uri).connect();
});
afterAll(() => other.close());

const elsewhere = () => other.db(fixture.db.databaseName).collection<Doc>("things");

test("[STORE-90] what one connection was acknowledged, another reads at once", async () => {
  await Promise.all(
    Array.from({ length: 8 }, async (_, worker) => {
      for (let round = 0; round < 40; round += 1) {
        const _id = worker * 1000 + round;
        await things().insertOne({ _id, n: round });
        expect((await elsewhere().findOne({ _id }))?.n).toBe(round);
        await elsewhere().updateOne({ _id }, { $set: { n: -1 } });
        expect((await things().findOne({ _id }))?.n).toBe(-1);
        await things().deleteOne({ _id });
        expect(await elsewhere().findOne({ _id })).toBeNull();
      }
    }),
  );
});

test("[STORE-90] collections and indexes that come and go are seen at once", async () => {
  for (let round = 0; round < 30; round += 1) {
    await things().insertMany(Array.from({ length: 20 }, (_, n) => ({ _id: n, n: n % 5, list: [n] })));
    await things().createIndex({ n: 1 });
    expect(await elsewhere().countDocuments({ n: 3 })).toBe(4);
    expect((await elsewhere().indexes()).map(({ name }) => name)).toEqual(["_id_", "n_1"]);
    await things().createIndex({ list: 1 });
    expect(await elsewhere().countDocuments({ list: { $gt: 5, $lt: 8 } })).toBe(2);
    // From here on the index holds arrays with two elements: its bounds must not be narrowed together.
    await things().updateOne({ _id: 0 }, { $set: { list: [0, 100] } });
    expect(await elsewhere().countDocuments({ list: { $gt: 20, $lt: 30 } })).toBe(1);
    await things().dropIndex("n_1");
    expect(await elsewhere().countDocuments({ n: 3 })).toBe(4);
    await things().drop();
    expect(await elsewhere().countDocuments({ n: 3 })).toBe(0);
    expect(await other.db(fixture.db.databaseName).listCollections().toArray()).toEqual([]);
  }
});

test("[STORE-91] a cursor over a dropped collection or index fails, and never ends as if there were no more", async () => {
  const open = async (hint: string) => {
    const cursor = things().find({}).hint(hint).batchSize(10);
    await cursor.next();
    return cursor;
  };
  // More than one page, so that the cursor has to read on.
  const fill = () =>
    things().insertMany(Array.from({ length: 5000 }, (_, n) => ({ _id: n, n, s: "x".repeat(900) })));
  await fill();
  await things().createIndex({ n: 1 });
  const byIndex = await open("n_1");
  const byId = await open("_id_");
  await things().dropIndex("n_1");
  expect(await codeOf(byIndex.toArray())).toBe(175);
  expect(await byId.toArray()).toHaveLength(4999);
  const again = await open("_id_");
  await things().drop();
  await fill();
  expect(await codeOf(again.toArray())).toBe(175);
  expect(await things().find().toArray()).toHaveLength(5000);
});

test("[STORE-93] everything is counted in steps, each document once", async () => {
  const counts: number[] = [];
  for (const size of [9_999, 1, 1, 9_999]) {
    await things().insertMany(Array.from({ length: size }, () => ({})));
    counts.push(await things().estimatedDocumentCount());
  }
  expect(counts).toEqual([9_999, 10_000, 10_001, 20_000]);
});
