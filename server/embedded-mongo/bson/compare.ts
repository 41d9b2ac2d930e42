// Order of any two BSON values, as MongoDB sorts them.
import { ElementCursor } from "./document.ts";
import { compareNumbers } from "./numeric.ts";
import { bsonType, typeRank } from "./types.ts";
import { Value, readString, readStringBytes } from "./value.ts";

/** Below zero, zero or above. Numbers compare by value over types, documents field by field in order. */
export function compareValues(left: Value, right: Value): number {
  const rank = typeRank(left.type) - typeRank(right.type);
  if (rank !== 0) return rank;
  switch (left.type) {
    case bsonType.double:
    case bsonType.int32:
    case bsonType.long:
    case bsonType.decimal:
      return compareNumbers(left, right);
    case bsonType.string:
    case bsonType.symbol:
    case bsonType.code:
      return Buffer.compare(readStringBytes(left), readStringBytes(right));
    case bsonType.object:
      return compareElements(left, right, true);
    case bsonType.array:
      return compareElements(left, right, false);
    case bsonType.binary: {
      const length = left.buffer.readInt32LE(left.start) - right.buffer.readInt32LE(right.start);
      return length !== 0 ? length : compareBytes(left, right, 4);
    }
    case bsonType.date:
      return compareBig(left.buffer.readBigInt64LE(left.start), right.buffer.readBigInt64LE(right.start));
    case bsonType.timestamp:
      return compareBig(left.buffer.readBigUInt64LE(left.start), right.buffer.readBigUInt64LE(right.start));
    case bsonType.codeWithScope:
      return compareCodeWithScope(left, right);
    case bsonType.dbPointer: {
      const length = left.buffer.readInt32LE(left.start) - right.buffer.readInt32LE(right.start);
      return length !== 0 ? length : compareBytes(left, right, 4);
    }
    case bsonType.undefined:
    case bsonType.null:
    case bsonType.minKey:
    case bsonType.maxKey:
      return 0;
    default:
      return compareBytes(left, right, 0);
  }
}

export function equalValues(left: Value, right: Value): boolean {
  return compareValues(left, right) === 0;
}

function compareElements(left: Value, right: Value, withNames: boolean): number {
  const a = new ElementCursor(left);
  const b = new ElementCursor(right);
  for (;;) {
    const more = a.next();
    if (more !== b.next()) return more ? 1 : -1;
    if (!more) return 0;
    const rank = typeRank(a.type) - typeRank(b.type);
    if (rank !== 0) return rank;
    if (withNames) {
      const name = a.buffer.compare(b.buffer, b.nameStart, b.nameEnd, a.nameStart, a.nameEnd);
      if (name !== 0) return name;
    }
    const order = compareValues(a.value(), b.value());
    if (order !== 0) return order;
  }
}

function compareBytes(left: Value, right: Value, skip: number): number {
  return left.buffer.compare(right.buffer, right.start + skip, right.end, left.start + skip, left.end);
}

function compareBig(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The code of a code-with-scope and its scope. */
export function codeParts(value: Value): { code: Value; scope: Value } {
  const codeEnd = value.start + 8 + value.buffer.readInt32LE(value.start + 4);
  return {
    code: new Value(bsonType.string, value.buffer, value.start + 4, codeEnd),
    scope: new Value(bsonType.object, value.buffer, codeEnd, value.end),
  };
}

function compareCodeWithScope(left: Value, right: Value): number {
  const [a, b] = [codeParts(left), codeParts(right)];
  const code = Buffer.compare(Buffer.from(readString(a.code)), Buffer.from(readString(b.code)));
  return code !== 0 ? code : compareElements(a.scope, b.scope, true);
}
