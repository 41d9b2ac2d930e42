// Matching rules as tables: which documents a filter holds for.
import { Binary, Decimal128, Double, Int32, Long, serialize } from "bson";
import { expect, test } from "vitest";
import { documentValue } from "../bson/value.ts";
import { matches, newMatchContext } from "./match.ts";
import { parseFilter } from "./parse-filter.ts";

const encode = (plain: object) => documentValue(Buffer.from(serialize(plain)));
const holds = (filter: object, document: object) =>
  matches(parseFilter(encode(filter)), encode(document), newMatchContext(0));

test.each<[string, object, object[], object[]]>([
  [
    "null matches null and missing",
    { a: null },
    [{ a: null }, {}, { a: [1, null] }],
    [{ a: 0 }, { a: [] }, { a: {} }],
  ],
  [
    "a deeper null needs a document to be missing from",
    { "a.b": null },
    [{ a: {} }, {}, { a: 1 }, { a: [{}] }],
    [{ a: [] }, { a: [1] }, { a: { b: 1 } }],
  ],
  [
    "numbers compare over their types",
    { a: new Double(5) },
    [{ a: new Int32(5) }, { a: Long.fromNumber(5) }, { a: Decimal128.fromString("5.0") }],
    [{ a: "5" }, { a: 5.1 }],
  ],
  [
    "ranges stay within their type",
    { a: { $gt: 1 } },
    [{ a: 2 }, { a: ["x", 2] }],
    [{ a: "x" }, { a: null }, { a: new Date() }, {}, { a: NaN }],
  ],
  [
    "an array matches whole or by an element",
    { a: [1, 2] },
    [{ a: [1, 2] }, { a: [[1, 2], 3] }],
    [{ a: [2, 1] }, { a: [1, 2, 3] }],
  ],
  [
    "documents are equal with the same fields in the same order",
    { a: { x: 1, y: 2 } },
    [{ a: { x: 1, y: 2 } }],
    [{ a: { y: 2, x: 1 } }, { a: { x: 1, y: 2, z: 3 } }],
  ],
  [
    "different elements may satisfy different conditions",
    { a: { $gt: 3, $lt: 5 } },
    [{ a: [1, 9] }, { a: 4 }],
    [{ a: [1, 2] }, { a: 5 }],
  ],
  [
    "$elemMatch needs one element for all",
    { a: { $elemMatch: { $gt: 3, $lt: 5 } } },
    [{ a: [1, 4] }],
    [{ a: [1, 9] }, { a: 4 }],
  ],
  [
    "$elemMatch over documents",
    { a: { $elemMatch: { k: 1, v: 2 } } },
    [{ a: [{ k: 1, v: 2 }] }],
    [{ a: [{ k: 1 }, { v: 2 }] }, { a: { k: 1, v: 2 } }],
  ],
  [
    "paths go through arrays",
    { "a.b": 2 },
    [{ a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: [1, 2] }] }],
    [{ a: [[{ b: 2 }]] }, { a: [{ c: 2 }] }],
  ],
  [
    "a number in a path is a position or a name",
    { "a.1": 7 },
    [{ a: [0, 7] }, { a: { 1: 7 } }, { a: [{ 1: 7 }] }],
    [{ a: [7] }],
  ],
  [
    "$in takes values, null and expressions",
    { a: { $in: [1, null, /^x/] } },
    [{ a: 1 }, {}, { a: "xy" }, { a: [9, 1] }],
    [{ a: "ax" }, { a: 2 }],
  ],
  [
    "$nin and $ne hold for missing fields",
    { a: { $nin: [1] }, b: { $ne: 2 } },
    [{}, { a: 2, b: [3] }],
    [{ a: [1, 2] }, { b: [2] }],
  ],
  ["$exists looks for the field, not its value", { a: { $exists: true } }, [{ a: null }, { a: [] }], [{}]],
  ["$type looks into arrays", { a: { $type: "string" } }, [{ a: "" }, { a: [1, "x"] }], [{ a: 1 }, {}]],
  ["$type array means the array itself", { a: { $type: "array" } }, [{ a: [] }], [{ a: 1 }]],
  ["$size counts elements", { a: { $size: 2 } }, [{ a: [1, [2]] }], [{ a: [1] }, { a: 2 }]],
  ["$all needs every value", { a: { $all: [1, 2] } }, [{ a: [3, 2, 1] }], [{ a: [1] }]],
  [
    "$mod takes the rest of whole parts",
    { a: { $mod: [4, 1] } },
    [{ a: 5 }, { a: 5.9 }, { a: -3 + 8 }],
    [{ a: 4 }, { a: "5" }],
  ],
  [
    "bits of numbers and of binary data",
    { a: { $bitsAllSet: [1, 4] }, b: { $bitsAnyClear: 3 } },
    [
      { a: 18, b: 2 },
      { a: [0, Long.fromNumber(-1)], b: new Binary(Buffer.from([1])) },
      { a: new Binary(Buffer.from([0x12])), b: 0 },
    ],
    [{ a: 2, b: 2 }, { a: 18, b: 3 }, { a: 18.5, b: 0 }, { a: "18", b: 0 }, { b: 0 }],
  ],
  [
    "bits beyond a number continue its sign, those beyond binary data are clear",
    { a: { $bitsAllSet: [200] } },
    [{ a: -1 }],
    [{ a: 1 }, { a: new Binary(Buffer.from([0xff])) }],
  ],
  [
    "bits may be named by binary data",
    { a: { $bitsAllClear: new Binary(Buffer.from([0, 1])) } },
    [{ a: 255 }],
    [{ a: 256 }],
  ],
  [
    "the fields of a reference are fields",
    { a: { $elemMatch: { $id: 7 } } },
    [{ a: [{ $ref: "x", $id: 7 }] }],
    [{ a: [{ $ref: "x", $id: 8 }] }],
  ],
  [
    "$not turns a condition, missing included",
    { a: { $not: { $gt: 3 } } },
    [{ a: 3 }, {}, { a: "x" }],
    [{ a: 4 }, { a: [1, 4] }],
  ],
  [
    "$and, $or and $nor combine",
    { $or: [{ a: 1 }, { $and: [{ b: 1 }, { $nor: [{ c: 1 }] }] }] },
    [{ a: 1 }, { b: 1 }],
    [{ b: 1, c: 1 }, {}],
  ],
  [
    "$regex takes options",
    { a: { $regex: "^AB.c", $options: "is" } },
    [{ a: "ab\nC" }, { a: ["x", "ABxc"] }],
    [{ a: "xabc" }, { a: 1 }],
  ],
  [
    "$expr compares fields",
    { $expr: { $gt: ["$a", "$b"] } },
    [
      { a: 2, b: 1 },
      { a: "x", b: 9 },
    ],
    [{ a: 1, b: 1 }],
  ],
])("[STORE-60] %s", (_rule, filter, matching, others) => {
  for (const document of matching)
    expect({ document, holds: holds(filter, document) }).toEqual({ document, holds: true });
  for (const document of others)
    expect({ document, holds: holds(filter, document) }).toEqual({ document, holds: false });
});

test.each<[string, object, number]>([
  ["unknown operators", { a: { $near: 1 } }, 2],
  ["unknown top-level operators", { $text: { $search: "x" } }, 2],
  ["a negative bit", { a: { $bitsAllSet: [-1] } }, 2],
  ["a negative mask", { a: { $bitsAnySet: -1 } }, 9],
  ["an empty $or", { $or: [] }, 2],
  ["operators inside $in", { a: { $in: [{ $gt: 1 }] } }, 2],
  ["a broken expression", { a: { $regex: "(" } }, 51091],
  ["unknown regex options", { a: { $regex: "a", $options: "q" } }, 51108],
  ["unknown types", { a: { $type: "thing" } }, 2],
  ["unknown expressions", { $expr: { $teleport: 1 } }, 168],
])("[STORE-61] filters with %s are refused", (_what, filter, code) => {
  expect(() => parseFilter(encode(filter))).toThrow(expect.objectContaining({ code }) as Error);
});
