// The embedded store as a server: plans, refusals, sign-in, restarts, large documents and Mongoose.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { calculateObjectSize } from "bson";
import mongoose from "mongoose";
import { expect, test } from "vitest";
import { startEmbeddedMongo } from "../../server/embedded-mongo/launch.ts";
import { codeOf, useEmbeddedMongo, type Doc } from "../factories/embedded-mongo.ts";

const { MongoClient } = mongoose.mongo;

const fixture = useEmbeddedMongo();
const { things } = fixture;

test("[STORE-17] explain names the index that is used", async () => {
  await things().createIndex({ meetingId: 1, sequence: 1 });
  await things().insertMany(
    Array.from({ length: 50 }, (_, n) => ({ _id: n, meetingId: n % 5, sequence: n })),
  );
  const plan = async (cursor: { explain(verbosity: string): Promise<object> }) =>
    (await cursor.explain("queryPlanner")) as {
      queryPlanner: { winningPlan: { stage: string; inputStage?: object } };
    };
  const ranged = await plan(
    things()
      .find({ meetingId: 1, sequence: { $gt: 3 } })
      .sort({ sequence: -1 }),
  );
  expect(ranged.queryPlanner.winningPlan).toMatchObject({
    stage: "FETCH",
    inputStage: { stage: "IXSCAN", indexName: "meetingId_1_sequence_1", direction: "backward" },
  });
  expect((await plan(things().find({ _id: 1 }))).queryPlanner.winningPlan.stage).toBe("IDHACK");
  expect((await plan(things().find({ other: 1 }))).queryPlanner.winningPlan.stage).toBe("COLLSCAN");
  const run = (await things().find({ meetingId: 1 }).explain("executionStats")) as { executionStats: object };
  expect(run.executionStats).toMatchObject({ nReturned: 10, totalDocsExamined: 10 });
});

test("[STORE-19] what is not supported is refused with MongoDB's code", async () => {
  await things().insertOne({ a: 1 });
  expect(await codeOf(fixture.db.command({ mapReduce: "things" }))).toBe(59);
  expect(
    await codeOf(
      things()
        .aggregate([{ $out: "copy" }])
        .toArray(),
    ),
  ).toBe(40324);
  expect(
    await codeOf(
      things()
        .aggregate([{ $changeStream: {} }])
        .toArray(),
    ),
  ).toBe(40573);
  expect(
    await codeOf(
      things()
        .find({ a: { $unknown: 1 } })
        .toArray(),
    ),
  ).toBe(2);
  expect(await codeOf(things().find({ $where: "1" }).toArray())).toBe(2);
  expect(await codeOf(things().createIndex({ a: "text" }))).toBe(67);
  expect(await codeOf(things().createIndex({ a: "2dsphere" }))).toBe(67);
  expect(await codeOf(things().createIndex({ "$**": 1 }))).toBe(67);
  expect(await codeOf(things().createIndex({ a: "hashed" }))).toBe(67);
  expect(await codeOf(fixture.db.command({ find: "things", wrong: 1 }))).toBe(40415);
  expect(await codeOf(things().insertOne({ a: 1 }, { writeConcern: { w: 2 } }))).toBe(2);
  expect(await codeOf(fixture.db.createCollection("capped", { capped: true, size: 1000 }))).toBe(303);
  expect(await codeOf(fixture.db.createCollection("view", { viewOn: "things", pipeline: [] }))).toBe(303);
  expect(await codeOf(fixture.db.command({ create: "other", frobnicate: 1 }))).toBe(40415);
  expect(await codeOf(fixture.db.command({ collMod: "things", validator: { a: 1 } }))).toBe(303);
  expect(await codeOf(things().find({}, { tailable: true }).toArray())).toBe(2);
  expect(
    await codeOf(
      things()
        .find({}, { readConcern: { level: "linearizable" } })
        .toArray(),
    ),
  ).toBe(123);
  expect(
    await codeOf(
      things()
        .find({}, { collation: { locale: "de" } })
        .toArray(),
    ),
  ).toBe(303);
  expect(await codeOf(things().updateOne({}, { $frobnicate: { a: 1 } }))).toBe(9);
  expect(await codeOf(things().updateOne({}, { $set: { a: 1, "a.b": 2 } }))).toBe(40);
  expect(await codeOf(things().insertOne({ _id: [1] }))).toBe(53);
  const session = fixture.client.startSession();
  session.startTransaction();
  await expect(things().insertOne({ a: 2 }, { session })).rejects.toThrow();
  await session.endSession();
  expect(await things().countDocuments()).toBe(1);
});

test("[STORE-20] without the secret nothing but the greeting is answered", async () => {
  const address = new URL(fixture.store.uri);
  const stranger = new MongoClient(`mongodb://${address.host}/?directConnection=true`);
  await stranger.connect();
  await expect(stranger.db("admin").command({ ping: 1 })).resolves.toMatchObject({ ok: 1 });
  expect(await codeOf(stranger.db("x").collection("y").findOne())).toBe(13);
  expect(await codeOf(stranger.db("x").collection("y").insertOne({}))).toBe(13);
  expect(await codeOf(stranger.db("admin").command({ nothing: 1 }))).toBe(13);
  await stranger.close();
  const guesser = new MongoClient(
    `mongodb://connvo:${"0".repeat(48)}@${address.host}/?directConnection=true&authSource=admin`,
  );
  await expect(guesser.connect()).rejects.toMatchObject({ code: 18 });
  await guesser.close();
});

test("[STORE-21] a second server on the same directory is refused in one sentence", async () => {
  await expect(startEmbeddedMongo({ dataDir: fixture.dataDir })).rejects.toThrow(
    /in use by another store server \(process \d+\)/,
  );
});

test("[STORE-22] a restart keeps documents, indexes and the lock free", async () => {
  const directory = await mkdtemp(join(tmpdir(), "embedded-mongo-"));
  try {
    for (const round of [1, 2, 3]) {
      const server = await startEmbeddedMongo({ dataDir: directory });
      const own = await new MongoClient(server.uri).connect();
      const collection = own.db("d").collection<Doc>("c");
      if (round === 1) await collection.createIndex({ key: 1 }, { unique: true });
      expect(await collection.countDocuments()).toBe(round - 1);
      await collection.insertOne({ key: round });
      expect(await codeOf(collection.insertOne({ key: 1 }))).toBe(11000);
      expect((await collection.indexes()).map(({ name }) => name)).toEqual(["_id_", "key_1"]);
      await own.close();
      await server.stop();
      expect(await server.exited).toEqual({ code: 0, signal: null });
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test("[STORE-23] a damaged file is reported in words and left as it is", async () => {
  const directory = await mkdtemp(join(tmpdir(), "embedded-mongo-"));
  try {
    const garbage = Buffer.alloc(20_000, "not a database ");
    await writeFile(join(directory, "store.sqlite"), garbage);
    await expect(startEmbeddedMongo({ dataDir: directory })).rejects.toThrow(
      /is damaged\. It was left as it is/,
    );
    expect((await readFile(join(directory, "store.sqlite"))).equals(garbage)).toBe(true);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test("[STORE-24] large documents pass, and larger than 16 MB are refused", async () => {
  const text = "x".repeat(15 * 1024 * 1024);
  await things().insertOne({ _id: 1, text });
  expect((await things().findOne({ _id: 1 }))?.["text"]).toHaveLength(text.length);
  expect(calculateObjectSize({ _id: 1, text })).toBeLessThan(16 * 1024 * 1024);
  expect(await codeOf(things().updateOne({ _id: 1 }, { $set: { more: "y".repeat(2 * 1024 * 1024) } }))).toBe(
    10334,
  );
});

test("[STORE-25] Mongoose models with timestamps, indexes and cursors work", async () => {
  const connection = await mongoose.createConnection(fixture.store.uri, { dbName: "mongoose" }).asPromise();
  const schema = new mongoose.Schema(
    { meetingId: mongoose.Schema.Types.ObjectId, sequence: Number, body: Buffer, people: [String] },
    { timestamps: true },
  );
  schema.index({ meetingId: 1, sequence: 1 }, { unique: true });
  const Chunk = connection.model("Chunk", schema);
  await Chunk.init();
  const meetingId = new mongoose.Types.ObjectId();
  await Chunk.insertMany(
    Array.from({ length: 30 }, (_, sequence) => ({ meetingId, sequence, body: Buffer.from([sequence]) })),
  );
  const found: number[] = [];
  for await (const chunk of Chunk.find({ meetingId, sequence: { $gte: 10, $lt: 20 } })
    .sort({ sequence: 1 })
    .lean()
    .cursor({ batchSize: 3 }))
    found.push(chunk.sequence ?? -1);
  expect(found).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  await expect(Chunk.create({ meetingId, sequence: 1 })).rejects.toMatchObject({ code: 11000 });
  const one = await Chunk.findOneAndUpdate(
    { meetingId, sequence: 5 },
    { $addToSet: { people: "ada" } },
    { returnDocument: "after" },
  );
  expect(one?.people).toEqual(["ada"]);
  expect(one?.updatedAt?.getTime()).toBeGreaterThanOrEqual(one?.createdAt?.getTime() ?? Infinity);
  expect(await Chunk.countDocuments({ meetingId, sequence: { $in: [1, 2, 3, 99] } })).toBe(3);
  expect((await Chunk.deleteMany({ meetingId })).deletedCount).toBe(30);
  await connection.close();
});

test("[STORE-135] work that goes on past its maxTimeMS is ended with error 50, and harms nothing", async () => {
  await things().insertMany(Array.from({ length: 20_000 }, (_, n) => ({ _id: n, text: "x".repeat(200) })));
  const missing = { text: /y$/ };
  expect(await codeOf(things().find(missing).maxTimeMS(1).toArray())).toBe(50);
  expect(await codeOf(things().countDocuments(missing, { maxTimeMS: 1 }))).toBe(50);
  expect(await codeOf(things().updateMany({}, { $set: { n: 1 } }, { maxTimeMS: 1 }))).toBe(50);
  expect(await things().countDocuments({ n: 1 })).toBe(0);
});
