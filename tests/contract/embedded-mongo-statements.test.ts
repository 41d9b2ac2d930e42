// The embedded store's commands where MongoDB's own tests look closely: declared API versions, variables, what updates may say.
import mongoose from "mongoose";
import { expect, test } from "vitest";
import { codeOf, useEmbeddedMongo } from "../factories/embedded-mongo.ts";

const { MongoClient } = mongoose.mongo;

const fixture = useEmbeddedMongo();
const { things } = fixture;

test("[STORE-111] a client may declare API version 1, and is held to it where it asks for that", async () => {
  const client = new MongoClient(fixture.store.uri, { serverApi: { version: "1", strict: true } });
  const db = client.db("strict");
  await db.collection("things").insertOne({ a: 1 });
  expect(await db.collection("things").countDocuments({ a: 1 })).toBe(1);
  expect(await codeOf(db.collection("things").distinct("a"))).toBe(323);
  await client.close();
  expect(await codeOf(fixture.db.command({ ping: 1, apiVersion: "2" }))).toBe(322);
  expect(await codeOf(fixture.db.command({ ping: 1, apiStrict: true }))).toBe(4886600);
  expect(await fixture.db.command({ distinct: "things", key: "a", apiVersion: "1" })).toMatchObject({
    ok: 1,
  });
});

test("[STORE-112] values of let are seen by filters and pipelines of every write", async () => {
  await things().insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
  const filter = { $expr: { $eq: ["$_id", "$$id"] } };
  const change = [{ $set: { n: "$$n" } }];
  await things().updateOne(filter, change, { let: { id: 1, n: 10 } });
  await things().updateMany(filter, change, { let: { id: 2, n: 20 } });
  const found = await things().findOneAndUpdate(filter, change, {
    let: { id: 3, n: 30 },
    returnDocument: "after",
  });
  expect(found).toEqual({ _id: 3, n: 30 });
  await things().updateOne({ _id: 4 }, change, { let: { n: 40 }, upsert: true });
  expect(await things().find().sort({ _id: 1 }).toArray()).toEqual(
    [1, 2, 3, 4].map((_id) => ({ _id, n: _id * 10 })),
  );
});

test("[STORE-113] a sort of an update statement is refused, as MongoDB 7.0 does", async () => {
  await things().insertMany([{ _id: 1 }, { _id: 2 }]);
  expect(await codeOf(things().updateOne({}, { $set: { n: 1 } }, { sort: { _id: -1 } }))).toBe(40415);
  expect(await things().countDocuments({ n: 1 })).toBe(0);
});

test("[STORE-116] a statement of the wrong shape fails the whole command, before any statement is run", async () => {
  await things().insertMany([{ _id: 1 }, { _id: 2 }]);
  const right = { q: { _id: 1 }, u: { $set: { n: 1 } } };
  const update = (wrong: object) =>
    codeOf(fixture.db.command({ update: "things", updates: [right, wrong], ordered: false }));
  expect(await update({ ...right, frobnicate: 1 })).toBe(40415);
  expect(await update({ u: {} })).toBe(40414);
  expect(await update({ q: {} })).toBe(40414);
  expect(await update({ ...right, q: 1 })).toBe(14);
  const remove = (wrong: object) =>
    codeOf(
      fixture.db.command({
        delete: "things",
        deletes: [{ q: { _id: 1 }, limit: 1 }, wrong],
        ordered: false,
      }),
    );
  expect(await remove({ q: {}, limit: 1, sort: {} })).toBe(40415);
  expect(await remove({ q: {} })).toBe(40414);
  expect(await remove({ limit: 1 })).toBe(40414);
  expect(await remove({ q: {}, limit: 2 })).toBe(9);
  expect(await things().find().toArray()).toEqual([{ _id: 1 }, { _id: 2 }]);
});

test("[STORE-114] fields of an _id may not begin with a dollar sign", async () => {
  const insert = (id: object) => codeOf(fixture.db.command({ insert: "things", documents: [{ _id: id }] }));
  expect(await codeOf(fixture.db.collection("things").insertOne({ _id: { $a: 1 } as never }))).toBe(52);
  expect(await codeOf(fixture.db.collection("things").insertOne({ _id: { a: { $b: 1 } } as never }))).toBe(
    52,
  );
  expect(await insert({ "a.b": 1 })).toBeUndefined();
});

test("[STORE-115] $rand gives each document a number of its own from 0 to below 1", async () => {
  await things().insertMany(Array.from({ length: 20 }, (_, _id) => ({ _id })));
  const rows = await things()
    .aggregate<{ n: number }>([{ $set: { n: { $rand: {} } } }])
    .toArray();
  expect(new Set(rows.map(({ n }) => n)).size).toBeGreaterThan(15);
  expect(rows.every(({ n }) => n >= 0 && n < 1)).toBe(true);
});

test("[STORE-118] over a whole database a stage nobody knows is 40324, one that needs a collection 73", async () => {
  const over = (stage: object) => codeOf(fixture.db.aggregate([stage]).toArray());
  expect(await over({ $listLocalSessions: {} })).toBe(40324);
  expect(await over({ $match: {} })).toBe(73);
  expect(await over({ $documents: [{ a: 1 }] })).toBeUndefined();
});

test("[STORE-119] an _id of null is a value, and bypassDocumentValidation is taken with either value", async () => {
  const insert = { insert: "things", documents: [{ _id: null }], bypassDocumentValidation: false };
  await fixture.db.command(insert);
  expect(await things().countDocuments({ _id: { $type: "null" } })).toBe(1);
  expect(await fixture.db.command(insert)).toMatchObject({ n: 0, writeErrors: [{ index: 0, code: 11000 }] });
});
