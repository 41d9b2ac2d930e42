// Changing collections and indexes that are there, and asking for indexes twice, through the real driver.
import { expect, test } from "vitest";
import { codeOf, useEmbeddedMongo } from "../factories/embedded-mongo.ts";

const fixture = useEmbeddedMongo();
const { things } = fixture;

const stageOf = async (filter: object) => {
  const plan = (await things().find(filter).explain("queryPlanner")) as {
    queryPlanner: { winningPlan: { stage: string } };
  };
  return plan.queryPlanner.winningPlan.stage;
};
const change = (index: object) => fixture.db.command({ collMod: "things", index });

test("[STORE-130] a hidden index is kept and unique, but no plan uses it until it is shown again", async () => {
  await things().createIndex({ a: 1 }, { unique: true });
  await things().insertOne({ a: 1 });
  expect(await stageOf({ a: 1 })).toBe("FETCH");
  expect(await change({ name: "a_1", hidden: true })).toMatchObject({ hidden_old: false, hidden_new: true });
  expect(await change({ name: "a_1", hidden: true })).toEqual({ ok: 1 });
  expect(await stageOf({ a: 1 })).toBe("COLLSCAN");
  expect((await things().indexes())[1]).toMatchObject({ name: "a_1", hidden: true, unique: true });
  expect(await codeOf(things().find({ a: 1 }).hint("a_1").toArray())).toBe(2);
  expect(await codeOf(things().insertOne({ a: 1 }))).toBe(11000);
  await things().insertOne({ a: 2 });
  await change({ keyPattern: { a: 1 }, hidden: false });
  expect(await stageOf({ a: 2 })).toBe("FETCH");
  expect(await things().countDocuments({ a: 2 })).toBe(1);
  await things().createIndex({ n: 1 }, { hidden: true });
  expect(await stageOf({ n: 1 })).toBe("COLLSCAN");
});

test("[STORE-131] collMod sets when documents expire", async () => {
  await things().createIndex({ at: 1 });
  await things().insertOne({ _id: 1, at: new Date(Date.now() - 60_000) });
  expect(await change({ name: "at_1", expireAfterSeconds: 3600 })).toEqual({
    expireAfterSeconds_new: 3600,
    ok: 1,
  });
  expect(await change({ name: "at_1", expireAfterSeconds: 10 })).toMatchObject({
    expireAfterSeconds_old: 3600,
    expireAfterSeconds_new: 10,
  });
  await expect.poll(() => things().countDocuments(), { timeout: 60_000 }).toBe(0);
});

test.each<[string, object, number]>([
  ["an index nobody made", { name: "b_1", hidden: true }, 27],
  ["the _id index", { name: "_id_", hidden: true }, 2],
  ["name and key", { name: "a_1", keyPattern: { a: 1 }, hidden: true }, 72],
  ["no index", { hidden: true }, 72],
  ["nothing to change", { name: "a_1" }, 72],
  ["uniqueness", { name: "a_1", unique: true }, 303],
  ["an unknown field", { name: "a_1", hidden: true, colour: "red" }, 40415],
  ["an expiry over two fields", { name: "a_1_n_1", expireAfterSeconds: 5 }, 67],
])("[STORE-132] collMod with %s is refused", async (_what, index, code) => {
  await things().createIndexes([{ key: { a: 1 } }, { key: { a: 1, n: 1 } }]);
  expect(await codeOf(change(index))).toBe(code);
});

test("[STORE-133] a collection keeps documents, indexes and uniqueness under its new name", async () => {
  await things().createIndex({ a: 1 }, { unique: true });
  await things().insertMany([{ a: 1 }, { a: 2 }]);
  const renamed = await things().rename("others");
  expect(await renamed.countDocuments({ a: { $gt: 0 } })).toBe(2);
  expect((await renamed.indexes()).map(({ name }) => name)).toEqual(["_id_", "a_1"]);
  expect(await codeOf(renamed.insertOne({ a: 1 }))).toBe(11000);
  expect(await things().countDocuments()).toBe(0);
  expect((await fixture.db.listCollections().toArray()).map(({ name }) => name)).toEqual(["others"]);
});

test("[STORE-133] a name that is taken is given up only with dropTarget", async () => {
  await things().insertOne({ _id: 1 });
  await fixture.db.collection<{ _id: number }>("others").insertOne({ _id: 2 });
  expect(await codeOf(things().rename("others"))).toBe(48);
  // As a plain command: the driver takes every 20 of its own helper for a server without retryable writes.
  const { namespace } = things();
  const admin = fixture.client.db("admin");
  expect(await codeOf(admin.command({ renameCollection: namespace, to: namespace }))).toBe(20);
  expect(await codeOf(fixture.db.collection("nobody").rename("others"))).toBe(26);
  expect(await codeOf(things().rename("a$b"))).toBe(73);
  expect(await codeOf(fixture.db.command({ renameCollection: "a.b", to: "a.c" }))).toBe(13);
  expect(await things().countDocuments()).toBe(1);
  const renamed = await things().rename("others", { dropTarget: true });
  expect(await renamed.find().toArray()).toEqual([{ _id: 1 }]);
});

test("[STORE-134] indexes that differ in key, uniqueness, sparseness or filter stand side by side; others conflict", async () => {
  const create = (key: object, options: object) =>
    codeOf(fixture.db.command({ createIndexes: "things", indexes: [{ key, ...options }] }));
  expect(await create({ a: 1 }, { name: "one" })).toBeUndefined();
  expect(await create({ a: 1 }, { name: "one" })).toBeUndefined();
  expect(await create({ a: 1 }, { name: "one", hidden: true })).toBeUndefined();
  expect(await create({ a: 1 }, { name: "two" })).toBe(85);
  expect(await create({ a: 1 }, { name: "two", expireAfterSeconds: 5 })).toBe(85);
  expect(await create({ a: 1 }, { name: "one", expireAfterSeconds: 5 })).toBe(85);
  expect(await create({ a: 1 }, { name: "one", unique: true })).toBe(86);
  expect(await create({ a: -1 }, { name: "one" })).toBe(86);
  expect(await create({ a: 1 }, { name: "unique", unique: true })).toBeUndefined();
  expect(await create({ a: 1 }, { name: "sparse", sparse: true })).toBeUndefined();
  expect(
    await create({ a: 1 }, { name: "some", partialFilterExpression: { a: { $gt: 1 } } }),
  ).toBeUndefined();
  expect(
    await create({ a: 1 }, { name: "more", partialFilterExpression: { a: { $gt: 2 } } }),
  ).toBeUndefined();
  expect((await things().indexes()).map(({ name }) => name)).toEqual([
    "_id_",
    "one",
    "unique",
    "sparse",
    "some",
    "more",
  ]);
});
