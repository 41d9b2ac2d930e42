// The embedded store through the real driver: what is written, found and changed is what MongoDB would give.
import { serialize } from "bson";
import mongoose from "mongoose";
import { expect, test } from "vitest";
import { codeOf, useEmbeddedMongo, type Doc } from "../factories/embedded-mongo.ts";

const { MongoBulkWriteError, Binary, Decimal128, Double, Int32, Long, ObjectId, UUID, Timestamp } =
  mongoose.mongo;

const fixture = useEmbeddedMongo();
const { things } = fixture;

test("[STORE-1] documents are written, found, changed and removed through the driver", async () => {
  const inserted = await things().insertMany([{ n: 1 }, { n: 2 }, { n: 3 }]);
  expect(inserted.insertedCount).toBe(3);
  expect(
    await things()
      .find({ n: { $gte: 2 } })
      .sort({ n: -1 })
      .map(({ n }) => n)
      .toArray(),
  ).toEqual([3, 2]);
  expect(await things().updateMany({ n: { $lt: 3 } }, { $inc: { n: 10 } })).toMatchObject({
    matchedCount: 2,
    modifiedCount: 2,
  });
  expect(await things().updateOne({ n: 3 }, { $set: { n: 3 } })).toMatchObject({
    matchedCount: 1,
    modifiedCount: 0,
  });
  expect(await things().countDocuments({ n: { $gt: 10 } })).toBe(2);
  expect(await things().deleteOne({ n: 11 })).toMatchObject({ deletedCount: 1 });
  expect(await things().distinct("n")).toEqual([12, 3]);
  expect(await things().estimatedDocumentCount()).toBe(2);
  expect((await fixture.db.listCollections().toArray()).map(({ name }) => name)).toEqual(["things"]);
  await fixture.db.dropDatabase();
  expect(await things().countDocuments()).toBe(0);
});

test("[STORE-2] every type comes back byte for byte, also after an unrelated update", async () => {
  const document = {
    _id: new ObjectId(),
    double: new Double(1),
    nan: new Double(NaN),
    negativeZero: new Double(-0),
    int: new Int32(1),
    long: Long.fromString("9007199254740993"),
    smallLong: Long.fromNumber(1),
    decimal: Decimal128.fromString("1.10"),
    binary: new Binary(Buffer.from([1, 2, 3]), 0x80),
    uuid: new UUID(),
    date: new Date(-1),
    timestamp: new Timestamp({ t: 1, i: 2 }),
    regex: /a.b/im,
    none: null,
    yes: true,
    text: "naïve \u0000 text",
    order: new Map([
      ["10", "ten"],
      ["2", "two"],
    ]),
    nested: { z: 1, a: [new Double(2), [], {}, { b: null }] },
    min: new mongoose.mongo.MinKey(),
    max: new mongoose.mongo.MaxKey(),
  };
  const bytes = Buffer.from(serialize(document));
  await things().insertOne(document);
  const raw = things().find({}, { raw: true } as object);
  const stored = await raw.next();
  expect(Buffer.from(stored as unknown as Uint8Array).equals(bytes)).toBe(true);
  await things().updateOne({}, { $set: { zz: 1 } });
  await things().updateOne({}, { $unset: { zz: "" } });
  const after = await things()
    .find({}, { raw: true } as object)
    .next();
  expect(Buffer.from(after as unknown as Uint8Array).equals(bytes)).toBe(true);
});

test("[STORE-3] numbers keep and widen their types as MongoDB's do", async () => {
  await things().insertOne({
    _id: 1,
    int: new Int32(2147483647),
    double: new Double(1),
    decimal: Decimal128.fromString("0.1"),
  });
  await things().updateOne(
    { _id: 1 },
    { $inc: { int: 1, double: 1, decimal: Decimal128.fromString("0.2") } },
  );
  const found = await things().findOne({ _id: 1 }, { promoteValues: false });
  expect(found?.["int"]).toBeInstanceOf(Long);
  expect(found?.["double"]).toBeInstanceOf(Double);
  expect(String(found?.["decimal"])).toBe("0.3");
  expect(await things().countDocuments({ int: 2147483648, decimal: { $gt: 0.29, $lt: 0.31 } })).toBe(1);
});

test("[STORE-4] an ordered bulk write stops at its first error, an unordered one goes on", async () => {
  await things().insertOne({ _id: 2 });
  const ordered = await things()
    .insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }])
    .catch((error: unknown) => error);
  expect(ordered).toBeInstanceOf(MongoBulkWriteError);
  if (!(ordered instanceof MongoBulkWriteError)) return;
  expect(ordered.result.insertedCount).toBe(1);
  expect(ordered.code).toBe(11000);
  expect(await things().countDocuments()).toBe(2);
  const unordered = await things()
    .bulkWrite(
      [
        { insertOne: { document: { _id: 1 } } },
        { insertOne: { document: { _id: 3 } } },
        { updateOne: { filter: { _id: 2 }, update: { $set: { seen: true } } } },
        { updateOne: { filter: { _id: 9 }, update: { $set: { seen: true } }, upsert: true } },
        { deleteOne: { filter: { _id: 1 } } },
      ],
      { ordered: false },
    )
    .catch((error: unknown) => error);
  expect(unordered).toBeInstanceOf(MongoBulkWriteError);
  expect(
    await things()
      .find()
      .sort({ _id: 1 })
      .map(({ _id }) => _id)
      .toArray(),
  ).toEqual([2, 3, 9]);
});

test("[STORE-5] a duplicate key is 11000 with the key's pattern and value", async () => {
  await things().createIndex({ email: 1, team: 1 }, { unique: true });
  await things().insertOne({ email: "a@example.org", team: 1 });
  const error: unknown = await things()
    .insertOne({ email: "a@example.org", team: 1 })
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    code: 11000,
    keyPattern: { email: 1, team: 1 },
    keyValue: { email: "a@example.org", team: 1 },
  });
  expect(
    await codeOf(
      things().updateOne({ email: "b" }, { $set: { email: "a@example.org", team: 1 } }, { upsert: true }),
    ),
  ).toBe(11000);
  await things().insertOne({ email: "c", team: 1 });
  expect(await codeOf(things().updateOne({ email: "c" }, { $set: { email: "a@example.org" } }))).toBe(11000);
  expect(await things().countDocuments({ email: "c" })).toBe(1);
});

test("[STORE-6] sparse and partial unique indexes leave out what they do not hold", async () => {
  await things().createIndex({ s: 1 }, { unique: true, sparse: true });
  await things().createIndex({ p: 1 }, { unique: true, partialFilterExpression: { active: true } });
  await things().insertMany([
    { _id: 1 },
    { _id: 2 },
    { _id: 3, p: 1 },
    { _id: 4, p: 1 },
    { _id: 5, p: 1, active: true },
  ]);
  expect(await codeOf(things().insertOne({ p: 1, active: true }))).toBe(11000);
  await things().insertOne({ s: null });
  expect(await codeOf(things().insertOne({ s: null }))).toBe(11000);
  expect(await codeOf(things().updateOne({ _id: 3 }, { $set: { active: true } }))).toBe(11000);
  expect(
    await things()
      .find({ s: null })
      .map(({ _id }) => _id)
      .toArray(),
  ).toHaveLength(6);
  expect(await things().find({ p: 1 }).toArray()).toHaveLength(3);
});

test("[STORE-7] documents whose time is over are removed, others stay", async () => {
  await things().createIndex({ at: 1 }, { expireAfterSeconds: 1 });
  await things().insertMany([
    { _id: 1, at: new Date(Date.now() - 60_000) },
    { _id: 2, at: new Date(Date.now() + 3_600_000) },
    { _id: 3, at: "never" },
    { _id: 4 },
    { _id: 5, at: [new Date(Date.now() + 3_600_000), new Date(0)] },
  ]);
  await expect
    .poll(
      () =>
        things()
          .find()
          .map(({ _id }) => _id)
          .toArray(),
      { timeout: 20_000 },
    )
    .toEqual([2, 3, 4]);
});

test("[STORE-8] of many upserts at once on one unique key one inserts and the others update", async () => {
  await things().createIndex({ key: 1 }, { unique: true });
  const results = await Promise.all(
    Array.from({ length: 64 }, () => things().updateOne({ key: "k" }, { $inc: { n: 1 } }, { upsert: true })),
  );
  expect(results.filter(({ upsertedCount }) => upsertedCount === 1)).toHaveLength(1);
  expect(await things().find().toArray()).toMatchObject([{ key: "k", n: 64 }]);
});

test("[STORE-9] each waiting job is leased to one worker, oldest first", async () => {
  await things().createIndex({ state: 1, runAt: 1 });
  await things().insertMany(
    Array.from({ length: 40 }, (_, n) => ({ _id: n, state: "waiting", runAt: new Date(1000 - n) })),
  );
  const leases = await Promise.all(
    Array.from({ length: 50 }, (_, worker) =>
      things().findOneAndUpdate(
        { state: "waiting" },
        { $set: { state: "leased", worker } },
        { sort: { runAt: 1 }, returnDocument: "after" },
      ),
    ),
  );
  const taken = leases.flatMap((lease) => (lease === null ? [] : [lease._id]));
  expect(new Set(taken).size).toBe(40);
  const first = leases.find((lease) => lease !== null);
  expect(first).toMatchObject({ state: "leased" });
  expect(await things().findOneAndUpdate({ state: "waiting" }, { $set: { state: "leased" } })).toBeNull();
});

test("[STORE-10] findOneAndUpdate, Replace and Delete answer the document before or after", async () => {
  expect(await things().findOneAndUpdate({ _id: 1 }, { $set: { a: 1 } }, { upsert: true })).toBeNull();
  expect(await things().findOneAndUpdate({ _id: 1 }, { $set: { a: 2 } })).toEqual({ _id: 1, a: 1 });
  expect(await things().findOneAndReplace({ _id: 1 }, { n: 1 }, { returnDocument: "after" })).toEqual({
    _id: 1,
    n: 1,
  });
  expect(await things().findOneAndDelete({ _id: 1 }, { projection: { _id: 0 } })).toEqual({ n: 1 });
  expect(await things().findOneAndDelete({ _id: 1 })).toBeNull();
});

test("[STORE-11] cursors give all documents in batches and can be closed", async () => {
  await things().insertMany(Array.from({ length: 1000 }, (_, n) => ({ _id: n })));
  const all = await things()
    .find({}, { batchSize: 7 })
    .map(({ _id }) => _id)
    .toArray();
  expect(all).toEqual(Array.from({ length: 1000 }, (_, n) => n));
  expect(
    await things()
      .find()
      .skip(10)
      .limit(3)
      .map(({ _id }) => _id)
      .toArray(),
  ).toEqual([10, 11, 12]);
  const cursor = things().find({}, { batchSize: 2 });
  await cursor.next();
  const id = cursor.id;
  await cursor.close();
  expect(await codeOf(fixture.db.command({ getMore: id ?? Long.ONE, collection: "things" }))).toBe(43);
});

test("[STORE-12] documents deleted or added behind a cursor do not disturb it", async () => {
  await things().insertMany(Array.from({ length: 500 }, (_, n) => ({ _id: n })));
  const seen: unknown[] = [];
  for await (const { _id } of things().find({}, { batchSize: 10 }).sort({ _id: 1 })) {
    seen.push(_id);
    await things().deleteOne({ _id });
  }
  expect(seen).toEqual(Array.from({ length: 500 }, (_, n) => n));
});

test("[STORE-13] an update that moves documents along the index it reads changes each once", async () => {
  await things().createIndex({ n: 1 });
  await things().insertMany(Array.from({ length: 300 }, (_, n) => ({ _id: n, n })));
  expect(await things().updateMany({ n: { $gte: 0 } }, { $inc: { n: 100 } })).toMatchObject({
    modifiedCount: 300,
  });
  const total = await things()
    .aggregate([{ $group: { _id: null, sum: { $sum: "$n" } } }])
    .next();
  expect(total).toEqual({ _id: null, sum: (299 * 300) / 2 + 30_000 });
});

test("[STORE-14] array operators change arrays as MongoDB's do", async () => {
  await things().insertOne({
    _id: 1,
    list: [3, 1],
    tags: ["x"],
    items: [
      { k: 1, q: 1 },
      { k: 2, q: 1 },
    ],
  });
  await things().updateOne(
    { _id: 1 },
    { $push: { list: { $each: [2, 5], $sort: 1, $slice: 3 } }, $addToSet: { tags: { $each: ["x", "y"] } } },
  );
  await things().updateOne({ _id: 1, "items.k": 2 }, { $inc: { "items.$.q": 5 } });
  await things().updateOne(
    { _id: 1 },
    { $set: { "items.$[each].low": true } },
    { arrayFilters: [{ "each.q": { $lt: 3 } }] },
  );
  expect(await things().findOne()).toEqual({
    _id: 1,
    list: [1, 2, 3],
    tags: ["x", "y"],
    items: [
      { k: 1, q: 1, low: true },
      { k: 2, q: 6 },
    ],
  });
  await things().updateOne(
    { _id: 1 },
    { $pull: { list: { $gte: 2 }, items: { k: 1 } }, $pullAll: { tags: ["x", "y"] } },
  );
  await things().updateOne({ _id: 1 }, { $inc: { "items.$[].q": 1 }, $pop: { list: 1 } });
  expect(await things().findOne()).toEqual({ _id: 1, list: [], tags: [], items: [{ k: 2, q: 7 }] });
});

test("[STORE-15] an upsert begins with the query's equalities and $setOnInsert", async () => {
  await things().updateOne(
    { _id: 7, "a.b": 1, c: { $gt: 3 } },
    { $set: { d: 1 }, $setOnInsert: { e: 2 } },
    { upsert: true },
  );
  expect(await things().findOne({ _id: 7 })).toEqual({ _id: 7, a: { b: 1 }, d: 1, e: 2 });
  await things().updateOne({ _id: 7 }, { $set: { d: 2 }, $setOnInsert: { e: 3 } }, { upsert: true });
  expect(await things().findOne({ _id: 7 })).toMatchObject({ d: 2, e: 2 });
  expect(await codeOf(things().updateOne({ _id: 7 }, { $set: { _id: 8 } }))).toBe(66);
});

test("[STORE-16] null matches missing, and bounds over arrays are not narrowed together", async () => {
  await things().createIndex({ a: 1 });
  await things().insertMany([
    { _id: 1, a: null },
    { _id: 2 },
    { _id: 3, a: [1, 10] },
    { _id: 4, a: 5 },
    { _id: 5, a: [] },
  ]);
  const ids = (filter: object) =>
    things()
      .find(filter)
      .sort({ _id: 1 })
      .map(({ _id }) => _id)
      .toArray();
  expect(await ids({ a: null })).toEqual([1, 2]);
  expect(await ids({ a: { $ne: null } })).toEqual([3, 4, 5]);
  expect(await ids({ a: { $gt: 3, $lt: 7 } })).toEqual([3, 4]);
  expect(await ids({ a: { $elemMatch: { $gt: 3, $lt: 7 } } })).toEqual([]);
  expect(await ids({ a: { $exists: false } })).toEqual([2]);
  expect(await ids({ a: [] })).toEqual([5]);
  expect(
    await things()
      .find()
      .sort({ a: 1 })
      .map(({ _id }) => _id)
      .toArray(),
  ).toEqual([5, 1, 2, 3, 4]);
});

test("[STORE-18] aggregation groups, unwinds, joins and computes", async () => {
  await fixture.db.collection<Doc>("people").insertMany([
    { _id: "ada", name: "Ada" },
    { _id: "bo", name: "Bo" },
  ]);
  await things().insertMany([
    { _id: 1, by: "ada", tags: ["x", "y"], n: 2 },
    { _id: 2, by: "bo", tags: ["y"], n: 3 },
    { _id: 3, by: "ada", tags: [], n: 5 },
  ]);
  expect(
    await things()
      .aggregate([
        { $match: { n: { $gt: 1 } } },
        { $group: { _id: "$by", n: { $sum: "$n" }, mean: { $avg: "$n" }, ids: { $push: "$_id" } } },
        { $sort: { n: -1 } },
        { $lookup: { from: "people", localField: "_id", foreignField: "_id", as: "who" } },
        { $project: { n: 1, mean: 1, ids: 1, name: { $first: "$who.name" } } },
      ])
      .toArray(),
  ).toEqual([
    { _id: "ada", n: 7, mean: 3.5, ids: [1, 3], name: "Ada" },
    { _id: "bo", n: 3, mean: 3, ids: [2], name: "Bo" },
  ]);
  expect(
    await things()
      .aggregate([{ $unwind: "$tags" }, { $sortByCount: "$tags" }])
      .toArray(),
  ).toEqual([
    { _id: "y", count: 2 },
    { _id: "x", count: 1 },
  ]);
  expect(await things().countDocuments({ $expr: { $gt: ["$n", "$_id"] } })).toBe(3);
});
