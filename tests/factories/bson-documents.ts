// Raw documents that objects of a driver cannot hold, for what must keep every byte.
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
  UUID,
} from "bson";

/** Every BSON type, the deprecated ones and one field twice included. */
export function everyTypeDocument(): Buffer {
  const known = serialize({
    _id: "every type",
    double: new Double(1),
    minusZero: new Double(-0),
    string: "Größe \u{1f600}",
    object: { z: 1, a: { b: [] } },
    array: [1, "two", [3]],
    binary: new Binary(Buffer.from([0, 1, 2]), 0x80),
    uuid: new UUID("00112233-4455-6677-8899-aabbccddeeff"),
    objectId: new ObjectId("0123456789abcdef01234567"),
    yes: true,
    date: new Date(-1),
    nothing: null,
    regex: new BSONRegExp("^a", "im"),
    code: new Code("return 1"),
    scoped: new Code("return x", { x: 1 }),
    symbol: new BSONSymbol("sign"),
    int: new Int32(7),
    timestamp: new Timestamp({ t: 5, i: 6 }),
    long: Long.fromString("9223372036854775807"),
    decimal: Decimal128.fromString("1.10"),
    min: new MinKey(),
    max: new MaxKey(),
  });
  const more = Buffer.concat([
    Buffer.from("\x06undefined\0", "latin1"),
    Buffer.from("\x0cpointer\0", "latin1"),
    Buffer.from([4, 0, 0, 0]),
    Buffer.from("a.b\0"),
    Buffer.alloc(12, 9),
    Buffer.from("\x10twice\0\x01\0\0\0\x10twice\0\x02\0\0\0", "latin1"),
    // A NaN with a payload, which numbers of JavaScript do not keep.
    Buffer.from("\x01nan\0\x01\0\0\0\0\0\xf8\xff", "latin1"),
    Buffer.from([0]),
  ]);
  const document = Buffer.concat([known.subarray(0, -1), more]);
  document.writeInt32LE(document.length, 0);
  return document;
}

/** Exactly as large as a document may be. */
export function largestDocument(): Buffer {
  const size = 16 * 1024 * 1024;
  const empty = serialize({ _id: "largest", text: "" }).length;
  return Buffer.from(serialize({ _id: "largest", text: "x".repeat(size - empty) }));
}
