// Hostile input after signing in, and many connections: an error or a closed connection, never a crash, growth or a standstill.
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { serialize, type Document } from "bson";
import mongoose from "mongoose";
import { expect, test } from "vitest";
import { codeOf, useEmbeddedMongo } from "../factories/embedded-mongo.ts";
import { newRandom, type Random } from "../factories/random.ts";
import { WireClient, wireMessage } from "../factories/wire-client.ts";

const fixture = useEmbeddedMongo();
const { things } = fixture;
const mutations = Number(process.env["HOSTILE_MUTATIONS"] ?? 1500);
const seed = Number(process.env["HOSTILE_SEED"] ?? 1);
const port = () => Number(new URL(fixture.store.uri).port);

/** Bytes in memory of the store's process; null where the system does not tell. */
function residentBytes(): number | null {
  try {
    return Number(readFileSync(`/proc/${fixture.store.pid}/statm`, "utf8").split(" ")[1]) * 4096;
  } catch {
    return null;
  }
}

async function growthOf(run: () => Promise<void>): Promise<number> {
  const before = residentBytes() ?? 0;
  await run();
  return (residentBytes() ?? 0) - before;
}

const megabytes = 1024 * 1024;

function nested(depth: number, name: string, type: number): Buffer {
  let inner = Buffer.from([5, 0, 0, 0, 0]);
  for (let level = 0; level < depth; level += 1) {
    const head = Buffer.concat([Buffer.alloc(4), Buffer.from([type]), Buffer.from(`${name}\0`)]);
    head.writeInt32LE(head.length + inner.length + 1, 0);
    inner = Buffer.concat([head, inner, Buffer.from([0])]);
  }
  return inner;
}

/** A command whose field holds bytes that the driver's encoder would not make. */
function commandWith(command: Document, field: string, type: number, value: Buffer): Buffer {
  const plain = Buffer.from(serialize({ ...command, $db: "hostile" }));
  const extra = Buffer.concat([Buffer.from([type]), Buffer.from(`${field}\0`), value]);
  const all = Buffer.concat([plain.subarray(0, -1), extra, Buffer.from([0])]);
  all.writeInt32LE(all.length, 0);
  return wireMessage(all);
}

test.each([
  ["a filter of documents", commandWith({ find: "things" }, "filter", 3, nested(10_000, "a", 3))],
  ["a filter of $and", commandWith({ find: "things" }, "filter", 3, nested(10_000, "$and", 4))],
  ["a filter of $not", commandWith({ find: "things" }, "filter", 3, nested(10_000, "$not", 3))],
  ["a pipeline", commandWith({ aggregate: "things", cursor: {} }, "pipeline", 4, nested(10_000, "0", 4))],
  ["documents to insert", commandWith({ insert: "things" }, "documents", 4, nested(10_000, "0", 3))],
])("[STORE-44] %s ten thousand deep is refused after signing in", async (_name, bytes) => {
  const client = await WireClient.open(fixture.store.uri);
  const answer = await client.send(bytes);
  expect(answer).toMatchObject({ ok: 0, code: 15 });
  client.close();
});

function validMessages(): Buffer[] {
  const $db = "hostile";
  const commands: Document[] = [
    { insert: "c", documents: [{ a: 1, b: "text", c: [1, { d: true }], e: new Date(0), f: /x/i }], $db },
    { find: "c", filter: { a: { $gte: 0 }, b: { $in: ["text", null] } }, sort: { a: -1 }, limit: 5, $db },
    { update: "c", updates: [{ q: { a: 1 }, u: { $set: { "c.0": 2 }, $inc: { n: 1 } }, upsert: true }], $db },
    { delete: "c", deletes: [{ q: { a: { $lt: -5 } }, limit: 1 }], $db },
    {
      findAndModify: "c",
      query: { a: 1 },
      update: { $push: { c: { $each: [1], $slice: -9 } } },
      new: true,
      $db,
    },
    {
      aggregate: "c",
      pipeline: [{ $match: { a: 1 } }, { $group: { _id: "$b", n: { $sum: 1 } } }],
      cursor: {},
      $db,
    },
    { createIndexes: "c", indexes: [{ key: { a: 1 }, name: "a_1" }], $db },
    { count: "c", query: { a: { $exists: true } }, $db },
    { distinct: "c", key: "b", query: {}, $db },
    { listIndexes: "c", $db },
  ];
  return commands.map((command) => wireMessage(serialize(command)));
}

/** Bits turned, bytes cut out, doubled or overwritten by extreme lengths; the outer length kept right most of the time. */
function mutated(message: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(message);
  const times = 1 + random.below(4);
  for (let time = 0; time < times; time += 1) {
    const at = 16 + random.below(Math.max(1, bytes.length - 20));
    const length = 1 + random.below(12);
    switch (random.below(5)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
        break;
      case 3:
        bytes.writeInt32LE(random.pick([0, -1, 0x7fffffff, -0x80000000, 5, 4, bytes.length]), at);
        break;
      default:
        bytes[at] = random.pick([0, 1, 2, 3, 4, 5, 7, 11, 13, 15, 19, 127, 255]);
    }
  }
  if (random.chance(0.9)) bytes.writeInt32LE(bytes.length, 0);
  return bytes;
}

test(`[STORE-45] ${mutations} mutated messages are each answered or close their connection; others are served, memory stays`, async () => {
  const random = newRandom(seed);
  const messages = validMessages();
  let answered = 0;
  let closed = 0;
  const growth = await growthOf(async () => {
    let client = await WireClient.open(fixture.store.uri);
    for (let count = 0; count < mutations; count += 1) {
      const bytes = mutated(random.pick(messages), random);
      client.socket.write(bytes);
      // A message whose length promises more, or that wants no answer, is followed up by one that ends the matter.
      client.socket.end(
        random.chance(0.5) ? Buffer.alloc(0) : wireMessage(serialize({ ping: 1, $db: "admin" })),
      );
      if ((await client.answer()) === null) closed += 1;
      else answered += 1;
      client.close();
      if (count % 50 === 0) expect(await fixture.db.command({ ping: 1 })).toMatchObject({ ok: 1 });
      client = await WireClient.open(fixture.store.uri);
    }
    client.close();
  });
  expect(answered).toBeGreaterThan(mutations / 10);
  expect(closed).toBeGreaterThan(0);
  expect(growth).toBeLessThan(200 * megabytes);
  await things().insertOne({ a: 1 });
  expect(await things().countDocuments()).toBe(1);
});

test("[STORE-20] a wrong secret is refused, and a proof that was overheard is of no use again", async () => {
  const client = await WireClient.open(fixture.store.uri, { signIn: false });
  await expect(client.signIn("connvo", "another-secret-of-sixteen")).rejects.toThrow("refused with 18");
  const { username, password } = new URL(fixture.store.uri);
  const proof = await client.signIn(username, password);
  const thief = await WireClient.open(fixture.store.uri, { signIn: false });
  await thief.command({
    saslStart: 1,
    mechanism: "SCRAM-SHA-256",
    payload: Buffer.from("n,,n=connvo,r=abcdef"),
    $db: "admin",
  });
  expect(
    await thief.command({ saslContinue: 1, conversationId: 1, payload: Buffer.from(proof), $db: "admin" }),
  ).toMatchObject({ ok: 0, code: 18 });
  expect(await thief.command({ find: "things", $db: "test" })).toMatchObject({ ok: 0, code: 13 });
  client.close();
  thief.close();
});

test("[STORE-46] thousands of connections that say nothing do not keep others out", async () => {
  const silent: Socket[] = [];
  for (let count = 0; count < 2500; count += 1) {
    const socket = connect(port(), "127.0.0.1");
    socket.on("error", () => undefined);
    silent.push(socket);
    await new Promise<void>((resolve) => {
      socket.once("connect", () => resolve());
      socket.once("close", () => resolve());
    });
    if (count % 2 === 0) socket.write(Buffer.from([1, 2]));
  }
  try {
    const client = await new mongoose.mongo.MongoClient(fixture.store.uri).connect();
    expect(await client.db("admin").command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
  } finally {
    for (const socket of silent) socket.destroy();
  }
});

test("[STORE-47] who never reads answers does not make the store grow, nor wait", async () => {
  await things().insertMany(Array.from({ length: 20 }, (_, _id) => ({ _id, text: "x".repeat(700_000) })));
  const client = await WireClient.open(fixture.store.uri);
  client.socket.pause();
  const find = wireMessage(serialize({ find: "things", $db: fixture.db.databaseName }));
  const growth = await growthOf(async () => {
    for (let count = 0; count < 200; count += 1) client.socket.write(find);
    for (let count = 0; count < 50; count += 1) expect(await things().countDocuments({ _id: 3 })).toBe(1);
  });
  expect(growth).toBeLessThan(500 * megabytes);
  client.close();
});

test("[STORE-48] a regular expression that would run for ages is refused, and writes go on meanwhile", async () => {
  await things().insertOne({ _id: 1, text: `${"a".repeat(5000)}!` });
  const catastrophes = ["(a+)+$", "(a|a)*$", "^(([a-z])+.)+[A-Z]([a-z])+$"];
  for (const pattern of catastrophes) {
    const [refused] = await Promise.all([
      codeOf(
        things()
          .find({ text: { $regex: pattern } })
          .toArray(),
      ),
      things().updateOne({ _id: 2 }, { $inc: { n: 1 } }, { upsert: true }),
    ]);
    expect(refused).toBe(51156);
  }
  const project = { $project: { a: { $regexMatch: { input: "$text", regex: "(a+)+$" } } } };
  expect(await codeOf(things().aggregate([project]).toArray())).toBe(51156);
  expect(await codeOf(things().updateOne({ text: /(a+)+$/ }, { $set: { a: 1 } }))).toBe(51156);
  expect(await things().countDocuments({ text: /^a.*!$/ })).toBe(1);
});

test("[STORE-49] arrays multiplied by $unwind stream: memory stays, and maxTimeMS ends it", async () => {
  const many = Array.from({ length: 300 }, (_, n) => n);
  await things().insertOne({ a: many, c: many, d: many, text: "x".repeat(100_000) });
  const unwinds = [{ $unwind: "$a" }, { $unwind: "$c" }, { $unwind: "$d" }];
  const growth = await growthOf(async () => {
    expect(
      await things()
        .aggregate([...unwinds, { $skip: 500 }, { $limit: 3 }])
        .toArray(),
    ).toHaveLength(3);
    expect(
      await codeOf(
        things()
          .aggregate([...unwinds, { $count: "n" }], { maxTimeMS: 500 })
          .toArray(),
      ),
    ).toBe(50);
    const faceted = { $facet: { all: [...unwinds, { $project: { text: 1 } }] } };
    expect(await codeOf(things().aggregate([faceted], { maxTimeMS: 20_000 }).toArray())).toBe(4031700);
  });
  expect(growth).toBeLessThan(600 * megabytes);
});

test("[STORE-49] limits of batches, lists and counts are errors, not faults", async () => {
  await things().insertMany([{ _id: 1 }, { _id: 2 }]);
  const statements = Array.from({ length: 100_001 }, () => ({ q: {}, limit: 1 }));
  expect(await codeOf(fixture.db.command({ delete: "things", deletes: statements }))).toBe(16);
  const numbers = Array.from({ length: 200_000 }, (_, n) => n);
  expect(await things().countDocuments({ _id: { $in: numbers } })).toBe(2);
  expect(
    await things()
      .find()
      .skip(2 ** 31 - 1)
      .toArray(),
  ).toEqual([]);
  expect(
    await things()
      .find()
      .limit(2 ** 31 - 1)
      .toArray(),
  ).toHaveLength(2);
  const big = "x".repeat(15 * megabytes);
  await things().insertOne({ _id: 3, list: [], text: big });
  expect(await codeOf(things().updateOne({ _id: 3 }, { $set: { more: big } }))).toBe(10334);
  expect(await things().countDocuments()).toBe(3);
});
