// Values that have broken parsers, validators and stores, and JSON that can carry what JavaScript's own cannot.
import fc from "fast-check";

/** Goes into the JSON as it is, whatever it is. */
export class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  /** How fast-check prints it. */
  [fc.toStringMethod](): string {
    return `Raw(${JSON.stringify(this.text.slice(0, 60))})`;
  }
}

const numbers = ["1e309", "-1e309", "1e-400", "-0", "9007199254740993", "9".repeat(400), "0.1e1", "1E400"];
const nested = (open: string, inside: string, close: string, depth: number) =>
  new Raw(open.repeat(depth) + inside + close.repeat(depth));

const oddities: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  "",
  " ",
  "0",
  "null",
  "undefined",
  "\u0000",
  "before\u0000after",
  "\u202Egnitirw desrever\u202C",
  "\u200B\uFEFF\u2028\u2029",
  "e\u0301".repeat(2_000),
  "\u0001\u001F\u007F\u0080",
  "x".repeat(70_000),
  "../../../../secrets",
  "%00%2e%2e%2f",
  "${7*7}{{7*7}}<%= 7*7 %>",
  "<script>alert(1)</script>",
  "'; return true; var a='",
  "(a+)+$",
  "*".repeat(500),
  '"'.repeat(99),
  "9999-99-99T99:99:99Z",
  "0000-00-00T00:00:00Z",
  "0001-01-01T00:00:00Z",
  "+275760-09-13T00:00:00.001Z",
  "2030-02-30T10:00:00.000Z",
  "2030-03-12T10:00:00+99:99",
  "f".repeat(24),
  "F".repeat(24),
  "a@b",
  `${"a".repeat(250)}@example.org`,
  "<a@example.org>\r\nBcc: b@example.org",
  "Mars/Olympus",
  [],
  [[]],
  [null],
  Array.from({ length: 10_000 }, () => 0),
  {},
  { $gt: "" },
  { $ne: null },
  { $where: "1" },
  { $regex: ".*" },
  { $in: [] },
  { $set: { a: 1 } },
  { $numberLong: "1" },
  { $oid: "f".repeat(24) },
  { $date: "2030-01-01T00:00:00Z" },
  { _bsontype: "ObjectId", id: "x" },
  { "a.b": 1 },
  { "": 1 },
  { "\u0000": 1 },
  { length: 1e9 },
  { toString: 1, valueOf: 1 },
  { toJSON: "x" },
  { then: 1 },
  { constructor: { prototype: { polluted: true } } },
  new Raw('{"__proto__":{"polluted":true}}'),
  new Raw('{"__proto__":null}'),
  new Raw('{"a":1,"a":2}'),
  new Raw('"\\ud800"'),
  new Raw('"\\udc00\\ud800"'),
  new Raw('{"\\ud800":1}'),
  ...numbers.map((text) => new Raw(text)),
  nested("[", "", "]", 5_000),
  nested('{"a":', "1", "}", 5_000),
  nested("[", "0", "]", 200_000),
];

export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...oddities) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
);

/** As `JSON.stringify`, with `Raw` as it is and no field left out. */
export function encodeJson(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${value.map(encodeJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).map(([name, field]) => `${JSON.stringify(name)}:${encodeJson(field)}`);
  return `{${fields.join(",")}}`;
}

/** For what does not go by JSON: `Raw` as what it would be read as, its text where it is not JSON. */
export function decoded(value: unknown): unknown {
  try {
    return JSON.parse(encodeJson(value));
  } catch {
    return encodeJson(value);
  }
}

/** What a hostile value looks like in an address. */
export const hostileSegment: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "%00",
      "..%2f..%2fpackage.json",
      "%2e%2e",
      "%ff%fe",
      "%zz",
      "%",
      "%E0%A4%A",
      "__proto__",
      "constructor",
      "undefined",
      "NaN",
      "-1",
      "0",
      "1e309",
      "9".repeat(400),
      "f".repeat(24),
      "F".repeat(24),
      "f".repeat(25),
      "[object%20Object]",
      "%5B%24gt%5D",
      "a%0d%0aset-cookie:x=1",
      "x".repeat(3_000),
      "%F0%9F%99%82",
      ";a=b",
      "*",
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .string({ minLength: 1, maxLength: 30, unit: "binary" })
      .map((text) => encodeURIComponent(text.toWellFormed())),
  },
);
