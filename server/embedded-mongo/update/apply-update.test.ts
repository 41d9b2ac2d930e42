// Update rules as tables: the document before, the update, the document after.
import { deserialize, Long, serialize } from "bson";
import { expect, test } from "vitest";
import { getField } from "../bson/document.ts";
import { documentValue, stringValue, type Value } from "../bson/value.ts";
import { parseFilter } from "../query/parse-filter.ts";
import { applyUpdate } from "./apply-update.ts";
import { parseUpdate } from "./parse-update.ts";
import { upsertedDocument } from "./upsert.ts";

const document = (plain: object) => documentValue(Buffer.from(serialize(plain)));

function update(
  before: object,
  change: object,
  { position = -1, filters = [] as object[], inserting = false } = {},
): object {
  const parsed = parseUpdate(
    Array.isArray(change) ? arrayOf(change as object[]) : document(change),
    filters.map(document),
  );
  return deserialize(applyUpdate(parsed, document(before), { inserting, position, nowMs: 1000 }).bytes());
}

function arrayOf(items: readonly object[]): Value {
  const array = getField(document({ items }), "items");
  if (array === undefined) throw new Error("no array");
  return array;
}

test.each<[string, object, object, object]>([
  ["$set makes documents on the way", { a: 1 }, { $set: { "b.c.d": 2 } }, { a: 1, b: { c: { d: 2 } } }],
  ["$set fills an array up with nulls", { a: [1] }, { $set: { "a.3": 4 } }, { a: [1, null, null, 4] }],
  [
    "new fields come in the order of their names",
    {},
    { $set: { z: 1, a: 2 }, $inc: { m: 3 } },
    { a: 2, m: 3, z: 1 },
  ],
  [
    "$unset takes fields away and leaves null in arrays",
    { a: 1, b: [1, 2] },
    { $unset: { a: "", "b.0": "", c: "" } },
    { b: [null, 2] },
  ],
  [
    "$inc and $mul begin at nothing",
    { n: 2 },
    { $inc: { a: 5 }, $mul: { b: 5, n: 3 } },
    { n: 6, a: 5, b: 0 },
  ],
  [
    "$min and $max compare in BSON's order",
    { a: 5, b: 5 },
    { $min: { a: "x" }, $max: { b: "x", c: 1 } },
    { a: 5, b: "x", c: 1 },
  ],
  ["$rename moves to the end", { a: 1, b: 2 }, { $rename: { a: "c.d" } }, { b: 2, c: { d: 1 } }],
  [
    "$push with its modifiers",
    { a: [5, 1] },
    { $push: { a: { $each: [3, 4], $position: 0, $sort: -1, $slice: 3 } } },
    { a: [5, 4, 3] },
  ],
  [
    "$push sorts documents by field",
    { a: [{ k: 2 }] },
    { $push: { a: { $each: [{ k: 1 }], $sort: { k: 1 } } } },
    { a: [{ k: 1 }, { k: 2 }] },
  ],
  ["$push makes the array", {}, { $push: { a: 1 } }, { a: [1] }],
  [
    "$addToSet adds what is not there",
    { a: [1] },
    { $addToSet: { a: { $each: [1, 2, 2] }, b: [1] } },
    { a: [1, 2], b: [[1]] },
  ],
  [
    "$pull by value, condition and document",
    { a: [1, 2], b: [1, 5], c: [{ k: 1, v: 1 }, { k: 2 }] },
    { $pull: { a: 1, b: { $gt: 3 }, c: { k: 1 } } },
    { a: [2], b: [1], c: [{ k: 2 }] },
  ],
  [
    "$pull by a query over fields takes documents only",
    { a: [{ k: 1 }, { k: 2 }, { k: 3 }, 1] },
    { $pull: { a: { $or: [{ k: 1 }, { k: 2 }] } } },
    { a: [{ k: 3 }, 1] },
  ],
  [
    "$pullAll and $pop",
    { a: [1, 2, 1], b: [1, 2], c: [1, 2] },
    { $pullAll: { a: [1] }, $pop: { b: -1, c: 1 } },
    { a: [2], b: [2], c: [1] },
  ],
  ["$currentDate", {}, { $currentDate: { at: true } }, { at: new Date(1000) }],
  ["$bit", { a: 6 }, { $bit: { a: { and: 3, or: 8 } } }, { a: 10 }],
  [
    "$[] changes every element",
    { a: [{ n: 1 }, { n: 2 }] },
    { $inc: { "a.$[].n": 1 } },
    { a: [{ n: 2 }, { n: 3 }] },
  ],
  ["a replacement keeps the _id in front", { _id: 1, a: 1 }, { b: 2 }, { _id: 1, b: 2 }],
  [
    "a pipeline computes from the document",
    { a: 2 },
    [{ $set: { b: { $multiply: ["$a", 3] } } }, { $unset: "a" }],
    { b: 6 },
  ],
])("[STORE-70] %s", (_rule, before, change, after) => {
  const result = update(before, change);
  expect(result).toEqual(after);
  expect(Object.keys(result)).toEqual(Object.keys(after));
});

test("[STORE-71] $ and $[name] change the elements they stand for", () => {
  expect(update({ a: [1, 2, 3] }, { $set: { "a.$": 9 } }, { position: 1 })).toEqual({ a: [1, 9, 3] });
  expect(update({ a: [1, 2, 3] }, { $inc: { "a.$[x]": 10 } }, { filters: [{ x: { $gte: 2 } }] })).toEqual({
    a: [1, 12, 13],
  });
});

test.each<[string, object, object, number]>([
  ["two operators on one path", { a: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
  ["a path inside another", {}, { $set: { a: 1, "a.b": 1 } }, 40],
  ["another _id", { _id: 1 }, { $set: { _id: 2 } }, 66],
  ["another _id in a replacement", { _id: 1 }, { _id: 2, a: 1 }, 66],
  ["a path through a number", { a: 1 }, { $set: { "a.b": 1 } }, 28],
  ["$inc of text", { a: "x" }, { $inc: { a: 1 } }, 14],
  ["$inc beyond a long", { a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2],
  ["$push onto a number", { a: 1 }, { $push: { a: 1 } }, 2],
  ["$ without a match", { a: [1] }, { $set: { "a.$": 1 } }, 2],
  ["a filter name nobody gave", { a: [1] }, { $set: { "a.$[x]": 1 } }, 2],
  ["an unknown operator", {}, { $swap: { a: "b" } }, 9],
  ["an empty part of a path", {}, { $set: { "a..b": 1 } }, 56],
])("[STORE-72] an update with %s is refused", (_what, before, change, code) => {
  expect(() => update(before, change)).toThrow(expect.objectContaining({ code }) as Error);
});

const plain = { nowMs: 0, variables: new Map() };

test("[STORE-73] an upsert takes equalities from the query, with the _id in front", () => {
  const filter = parseFilter(document({ a: 1, "b.c": { $eq: 2 }, d: { $gt: 5 }, $and: [{ e: "x" }] }));
  const made = upsertedDocument(
    parseUpdate(document({ $set: { f: 1 }, $setOnInsert: { _id: 7 } })),
    filter,
    plain,
  );
  expect(deserialize(made.bytes())).toEqual({ _id: 7, a: 1, b: { c: 2 }, e: "x", f: 1 });
  expect(Object.keys(deserialize(made.bytes()))[0]).toBe("_id");
  const twice = parseFilter(document({ a: 1, $and: [{ a: 2 }] }));
  expect(() => upsertedDocument(parseUpdate(document({ $set: { f: 1 } })), twice, plain)).toThrow(
    expect.objectContaining({ code: 54 }) as Error,
  );
});

test("[STORE-74] a pipeline sees the command's variables and leaves the _id where it removes or replaces the rest", () => {
  const variables = new Map([["x", stringValue("given")]]);
  const pipeline = (...stages: object[]) => {
    const context = { inserting: false, position: -1, nowMs: 0, variables };
    return deserialize(
      applyUpdate(parseUpdate(arrayOf(stages)), document({ _id: 1, t: { u: 2 } }), context).bytes(),
    );
  };
  expect(pipeline({ $set: { y: "$$x" } })).toEqual({ _id: 1, t: { u: 2 }, y: "given" });
  expect(pipeline({ $replaceRoot: { newRoot: "$t" } }, { $set: { v: 1 } })).toEqual({ _id: 1, u: 2, v: 1 });
  expect(pipeline({ $unset: "_id" })).toEqual({ _id: 1, t: { u: 2 } });
  expect(() => pipeline({ $set: { _id: 2 } })).toThrow(expect.objectContaining({ code: 66 }) as Error);
  const named = { $setField: { field: { $literal: "$a.b" }, value: 3, input: "$t" } };
  expect(pipeline({ $replaceWith: named })).toEqual({ _id: 1, u: 2, "$a.b": 3 });
  const unset = { $unsetField: { field: "u", input: "$t" } };
  expect(pipeline({ $replaceWith: unset })).toEqual({ _id: 1 });
  const read = { $getField: { field: { $literal: "u" }, input: "$t" } };
  expect(pipeline({ $replaceWith: { got: read } })).toEqual({ _id: 1, got: 2 });
  expect(() => pipeline({ $set: { a: { $getField: "$t" } } })).toThrow(
    expect.objectContaining({ code: 5654601 }) as Error,
  );
});
