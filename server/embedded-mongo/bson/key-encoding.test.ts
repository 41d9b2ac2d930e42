// The order of keys is the order of values: checked against the comparison that knows nothing of keys.
import {
  Binary,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
} from "bson";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compareValues } from "./compare.ts";
import { getField } from "./document.ts";
import { encodeKey } from "./key-encoding.ts";
import { documentValue, type Value } from "./value.ts";

function valueOf(plain: unknown): Value {
  const document = documentValue(Buffer.from(serialize({ v: plain })));
  const value = getField(document, "v");
  if (value === undefined) throw new Error("no value");
  return value;
}

const decimals = fc
  .tuple(
    fc.bigInt({ min: -(10n ** 34n) + 1n, max: 10n ** 34n - 1n }),
    fc.oneof(fc.integer({ min: -40, max: 10 }), fc.integer({ min: -6000, max: 6000 })),
  )
  .map(([coefficient, exponent]) => Decimal128.fromString(`${coefficient}E${exponent}`));

const numbers = fc.oneof(
  fc.integer().map((number) => new Int32(number)),
  fc.double().map((number) => new Double(number)),
  fc.integer({ min: -3, max: 3 }).map((number) => new Double(number)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((number) => Long.fromBigInt(number)),
  fc.integer({ min: -3, max: 3 }).map((offset) => Long.fromBigInt(2n ** 53n + BigInt(offset))),
  fc.constantFrom(new Double(2 ** 53), new Double(2 ** 53 + 2), new Double(-0), new Double(5e-324)),
  decimals,
  fc
    .constantFrom(
      "NaN",
      "Infinity",
      "-Infinity",
      "0",
      "-0",
      "1",
      "1.0",
      "9007199254740992.5",
      "1E-6000",
      "-1E-6000",
      "1E+6000",
    )
    .map((text) => Decimal128.fromString(text)),
);

const scalars = fc.oneof(
  numbers,
  fc.string({ unit: fc.constantFrom("a", "b", "\0", "\u0001", "é", "\uffff", "😀") }),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => new Binary(bytes, bytes.length % 3 === 0 ? 0 : 0x80)),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
  fc.constantFrom(new MinKey(), new MaxKey(), /a/i, /a/, /ab/),
  fc.tuple(fc.nat(), fc.nat()).map(([t, i]) => new Timestamp({ t, i })),
);

const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalars,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "ab", "c"), tie("value"), { maxKeys: 3 }),
  ),
})).value;

test("[STORE-30] keys order as their values do, over all types", () => {
  fc.assert(
    fc.property(anything, anything, (left, right) => {
      const [a, b] = [valueOf(left), valueOf(right)];
      const byKey = Buffer.compare(encodeKey(a), encodeKey(b));
      expect(byKey).toBe(Math.sign(compareValues(a, b)));
      expect(Buffer.compare(encodeKey(a, true), encodeKey(b, true)) + byKey).toBe(0);
    }),
    { numRuns: 5000 },
  );
});

test("[STORE-30] keys order numbers by their exact value, whatever their type", () => {
  fc.assert(
    fc.property(numbers, numbers, (left, right) => {
      const [a, b] = [valueOf(left), valueOf(right)];
      expect(Buffer.compare(encodeKey(a), encodeKey(b))).toBe(Math.sign(compareValues(a, b)));
    }),
    { numRuns: 10_000 },
  );
});

test("[STORE-31] no key is the beginning of another, so that fields of an index do not run together", () => {
  fc.assert(
    fc.property(anything, anything, (left, right) => {
      const [a, b] = [encodeKey(valueOf(left)), encodeKey(valueOf(right))];
      expect(a.equals(b) || !b.subarray(0, a.length).equals(a)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});
