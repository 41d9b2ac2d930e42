// Aggregation stages that join, branch and share out, through the real driver.
import { expect, test } from "vitest";
import { codeOf, useEmbeddedMongo, type Doc } from "../factories/embedded-mongo.ts";

const fixture = useEmbeddedMongo();
const { things } = fixture;

const run = (pipeline: object[]) => things().aggregate(pipeline).toArray();
const people = () => fixture.db.collection<Doc>("people");

test("[STORE-101] $lookup runs a pipeline for each document, with variables, equal fields or both", async () => {
  await people().insertMany([
    { _id: 1, team: "red", n: 1 },
    { _id: 2, team: "red", n: 5 },
    { _id: 3, team: "blue", n: 9 },
  ]);
  await things().insertMany([
    { _id: "a", team: "red", n: 3 },
    { _id: "b", team: "green", n: 0 },
  ]);
  const above = [{ $match: { $expr: { $gt: ["$n", "$$least"] } } }, { $project: { n: 1 } }];
  expect(
    await run([
      { $sort: { _id: 1 } },
      { $lookup: { from: "people", let: { least: "$n" }, pipeline: above, as: "list" } },
      { $project: { list: "$list._id" } },
    ]),
  ).toEqual([
    { _id: "a", list: [2, 3] },
    { _id: "b", list: [1, 2, 3] },
  ]);
  expect(
    await run([
      { $sort: { _id: 1 } },
      {
        $lookup: {
          from: "people",
          localField: "team",
          foreignField: "team",
          let: { least: "$n" },
          pipeline: above,
          as: "list",
        },
      },
    ]),
  ).toEqual([
    { _id: "a", team: "red", n: 3, list: [{ _id: 2, n: 5 }] },
    { _id: "b", team: "green", n: 0, list: [] },
  ]);
  const counted = { from: "people", pipeline: [{ $count: "n" }], as: "list" };
  expect(await run([{ $match: { _id: "a" } }, { $lookup: counted }, { $project: { list: 1 } }])).toEqual([
    { _id: "a", list: [{ n: 3 }] },
  ]);
  expect(
    await run([
      { $match: { _id: "a" } },
      { $lookup: { pipeline: [{ $documents: [{ x: 1 }] }], as: "list" } },
      { $project: { list: 1 } },
    ]),
  ).toEqual([{ _id: "a", list: [{ x: 1 }] }]);
});

test("[STORE-101] $lookup joins the elements of arrays, and null with what is missing", async () => {
  await people().insertMany([{ _id: 1, key: "x" }, { _id: 2, key: ["y", "z"] }, { _id: 3 }]);
  await things().insertMany([
    { _id: 1, items: [{ k: 1 }, {}], tags: ["x", "z"] },
    { _id: 2, tags: [] },
    { _id: 3 },
  ]);
  const joined = (localField: string, foreignField: string) =>
    run([
      { $sort: { _id: 1 } },
      { $lookup: { from: "people", localField, foreignField, as: "list" } },
      { $project: { _id: 0, list: "$list._id" } },
    ]);
  expect(await joined("tags", "key")).toEqual([{ list: [1, 2] }, { list: [3] }, { list: [3] }]);
  expect(await joined("items.k", "_id")).toEqual([{ list: [1] }, { list: [] }, { list: [] }]);
});

test("[STORE-102] $graphLookup follows references, each document once, to a depth and within a filter", async () => {
  await things().insertMany([
    { _id: 1, name: "ada" },
    { _id: 2, name: "bo", by: "ada" },
    { _id: 3, name: "cy", by: "bo", active: true },
    { _id: 4, name: "di", by: ["cy", "di"], active: true },
  ]);
  const graph = (options: object) =>
    run([
      { $match: { _id: 4 } },
      {
        $graphLookup: {
          from: "things",
          startWith: "$by",
          connectFromField: "by",
          connectToField: "name",
          as: "list",
          depthField: "n",
          ...options,
        },
      },
      { $unwind: "$list" },
      { $replaceWith: { name: "$list.name", n: "$list.n" } },
      { $sort: { n: 1, name: 1 } },
    ]);
  expect(await graph({})).toEqual([
    { name: "cy", n: 0 },
    { name: "di", n: 0 },
    { name: "bo", n: 1 },
    { name: "ada", n: 2 },
  ]);
  expect(await graph({ maxDepth: 0 })).toHaveLength(2);
  expect(await graph({ restrictSearchWithMatch: { active: true } })).toHaveLength(2);
});

test("[STORE-103] $facet gives every pipeline every document, and one document with all results", async () => {
  await things().insertMany(Array.from({ length: 250 }, (_, n) => ({ _id: n, n: n % 5 })));
  expect(
    await run([
      { $match: { _id: { $lt: 200 } } },
      {
        $facet: {
          first: [{ $limit: 1 }],
          groups: [{ $group: { _id: "$n", c: { $sum: 1 } } }, { $sort: { _id: 1 } }, { $limit: 2 }],
          total: [{ $count: "n" }],
          none: [{ $match: { n: 99 } }],
          united: [{ $limit: 1 }, { $unionWith: { coll: "things", pipeline: [{ $count: "n" }] } }],
        },
      },
    ]),
  ).toEqual([
    {
      first: [{ _id: 0, n: 0 }],
      groups: [
        { _id: 0, c: 40 },
        { _id: 1, c: 40 },
      ],
      total: [{ n: 200 }],
      none: [],
      united: [{ _id: 0, n: 0 }, { n: 250 }],
    },
  ]);
  expect(await codeOf(run([{ $facet: {} }]))).toBe(40169);
  expect(await codeOf(run([{ $facet: { a: [{ $facet: { b: [] } }] } }]))).toBe(40600);
});

test("[STORE-104] $bucket groups by ranges; what is in none goes to the default or is an error", async () => {
  await things().insertMany([1, 4, 5, 9, 10, -3].map((n) => ({ n })));
  const bucket = (options: object) =>
    run([{ $bucket: { groupBy: "$n", boundaries: [0, 5, 10], ...options } }]);
  expect(await bucket({ default: "other" })).toEqual([
    { _id: 0, count: 2 },
    { _id: 5, count: 2 },
    { _id: "other", count: 2 },
  ]);
  expect(await bucket({ default: 99, output: { sum: { $sum: "$n" } } })).toEqual([
    { _id: 0, sum: 5 },
    { _id: 5, sum: 14 },
    { _id: 99, sum: 7 },
  ]);
  expect(await codeOf(bucket({}))).toBe(40066);
  expect(await codeOf(bucket({ default: 3 }))).toBe(40199);
  expect(await codeOf(bucket({ boundaries: [1] }))).toBe(40192);
  expect(await codeOf(bucket({ boundaries: [1, "x"] }))).toBe(40193);
  expect(await codeOf(bucket({ boundaries: [2, 1] }))).toBe(40194);
});

test("[STORE-104] $bucketAuto shares documents out evenly and keeps equal values together", async () => {
  await things().insertMany([1, 1, 1, 2, 3, 4, 5].map((n) => ({ n })));
  const auto = (buckets: number) => run([{ $bucketAuto: { groupBy: "$n", buckets } }]);
  expect(await auto(3)).toEqual([
    { _id: { min: 1, max: 2 }, count: 3 },
    { _id: { min: 2, max: 4 }, count: 2 },
    { _id: { min: 4, max: 5 }, count: 2 },
  ]);
  expect(await auto(1)).toEqual([{ _id: { min: 1, max: 5 }, count: 7 }]);
  expect(await codeOf(auto(0))).toBe(40243);
  expect(await codeOf(run([{ $bucketAuto: { groupBy: "$n", buckets: 2, granularity: "R5" } }]))).toBe(40245);
});

test("[STORE-105] $sample gives so many different documents, by chance", async () => {
  await things().insertMany(Array.from({ length: 300 }, (_, n) => ({ _id: n })));
  const sample = async (size: number) => (await run([{ $sample: { size } }])).map(({ _id }) => Number(_id));
  const [one, other] = [await sample(100), await sample(100)];
  expect(new Set(one).size).toBe(100);
  // Equal only once in 10^200 runs or so.
  expect(one).not.toEqual(other);
  expect((await sample(1000)).sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, n) => n));
  expect(await codeOf(run([{ $sample: { size: 0 } }]))).toBe(28747);
});

test("[STORE-106] $unionWith adds another collection's documents at its place", async () => {
  await things().insertMany([{ _id: 1 }, { _id: 2 }]);
  await people().insertMany([{ _id: 3 }, { _id: 4 }]);
  expect(await run([{ $unionWith: "people" }, { $match: { _id: { $gt: 1 } } }])).toEqual([
    { _id: 2 },
    { _id: 3 },
    { _id: 4 },
  ]);
  expect(
    await run([{ $limit: 1 }, { $unionWith: { coll: "people", pipeline: [{ $match: { _id: 4 } }] } }]),
  ).toEqual([{ _id: 1 }, { _id: 4 }]);
  expect(await run([{ $unionWith: "people" }, { $limit: 1 }])).toEqual([{ _id: 1 }]);
  expect(await run([{ $unionWith: { pipeline: [{ $documents: [{ a: 1 }] }] } }, { $count: "n" }])).toEqual([
    { n: 3 },
  ]);
});

test("[STORE-106] $documents needs no collection, and takes no other", async () => {
  const documents = { $documents: [{ a: 2 }, { a: { $add: [1, 2] } }] };
  expect(await fixture.db.aggregate([documents, { $sort: { a: -1 } }]).toArray()).toEqual([
    { a: 3 },
    { a: 2 },
  ]);
  expect(await codeOf(run([documents]))).toBe(73);
  expect(await codeOf(run([{ $match: {} }, documents]))).toBe(40602);
  expect(await codeOf(fixture.db.aggregate([{ $match: {} }]).toArray())).toBe(73);
  expect(await codeOf(fixture.db.aggregate([{ $documents: 5 }]).toArray())).toBe(5858203);
});

test("[STORE-107] mistakes inside a pipeline are told although no document comes", async () => {
  const wrong = [{ $teleport: {} }];
  expect(await codeOf(run([{ $lookup: { from: "people", pipeline: wrong, as: "list" } }]))).toBe(40324);
  expect(await codeOf(run([{ $unionWith: { coll: "people", pipeline: wrong } }]))).toBe(40324);
  expect(await codeOf(run([{ $facet: { a: wrong } }]))).toBe(40324);
  expect(await codeOf(run([{ $lookup: { from: "people", as: "list" } }]))).toBe(9);
  expect(
    await codeOf(run([{ $lookup: { from: "people", localField: "a", pipeline: [], as: "list" } }])),
  ).toBe(9);
});

test("[STORE-108] what a pipeline makes may be larger than a document on the way, not at its end", async () => {
  const text = "x".repeat(6 * 1024 * 1024);
  await things().insertMany([1, 2, 3].map((n) => ({ _id: n, text })));
  const all = { $facet: { a: [{ $match: {} }] } };
  expect(await codeOf(run([all]))).toBe(10334);
  expect(await run([all, { $project: { n: { $size: "$a" } } }])).toEqual([{ n: 3 }]);
  expect(await codeOf(run([{ $lookup: { from: "things", pipeline: [], as: "list" } }]))).toBe(4568);
});
