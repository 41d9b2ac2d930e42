// The order of BSON values, from MongoDB's manual.
import { compareNumeric, isNumber } from "./number.ts";
import { encodeDocument, type Field, type Val } from "./value.ts";

const ranks: Record<Val["t"], number> = {
  minKey: -1,
  undefined: 0,
  null: 5,
  int: 10,
  double: 10,
  long: 10,
  decimal: 10,
  string: 15,
  symbol: 15,
  object: 20,
  array: 25,
  binary: 30,
  objectId: 35,
  generatedId: 35,
  boolean: 40,
  date: 45,
  now: 45,
  timestamp: 47,
  regex: 50,
  dbPointer: 55,
  code: 60,
  codeWithScope: 65,
  maxKey: 127,
};

/** The class of types that compare with each other; a missing field (undefined) has that of undefined. */
export function rankOf(value: Val | undefined): number {
  return value === undefined ? 0 : ranks[value.t];
}

export function compare(left: Val, right: Val): number {
  const rank = rankOf(left) - rankOf(right);
  if (rank !== 0) return rank;
  if (isNumber(left) && isNumber(right)) return compareNumeric(left, right);
  switch (left.t) {
    case "string":
    case "symbol":
    case "code":
      return Buffer.compare(Buffer.from(left.v), Buffer.from((right as { v: string }).v));
    case "object":
      return compareFields(left.v, (right as { v: Field[] }).v);
    case "array":
      return compareItems(left.v, (right as { v: Val[] }).v);
    case "binary": {
      const other = right as Extract<Val, { t: "binary" }>;
      const [a, b] = [binaryBytes(left), binaryBytes(other)];
      return a.length - b.length || Buffer.compare(a, b);
    }
    case "objectId":
      return left.v < (right as { v: string }).v ? -1 : left.v > (right as { v: string }).v ? 1 : 0;
    case "boolean":
      return Number(left.v) - Number((right as { v: boolean }).v);
    case "date":
    case "timestamp": {
      const other = (right as { v: bigint }).v;
      return left.v < other ? -1 : left.v > other ? 1 : 0;
    }
    case "regex": {
      const other = right as Extract<Val, { t: "regex" }>;
      return (
        Buffer.compare(Buffer.from(left.pattern), Buffer.from(other.pattern)) ||
        Buffer.compare(Buffer.from(left.flags), Buffer.from(other.flags))
      );
    }
    case "codeWithScope": {
      const other = right as Extract<Val, { t: "codeWithScope" }>;
      return (
        Buffer.compare(Buffer.from(left.code), Buffer.from(other.code)) ||
        compareFields(left.scope, other.scope)
      );
    }
    case "dbPointer":
      return (
        left.v.length - (right as { v: Buffer }).v.length ||
        Buffer.compare(left.v, (right as { v: Buffer }).v)
      );
    default:
      return 0;
  }
}

/** The subtype and the bytes after the length, as they lie in a document. */
function binaryBytes(value: Extract<Val, { t: "binary" }>): Buffer {
  return encodeDocument([["", value]]).subarray(10, -1);
}

function compareFields(left: readonly Field[], right: readonly Field[]): number {
  for (const [index, [name, value]] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order =
      rankOf(value) - rankOf(other[1]) ||
      Buffer.compare(Buffer.from(name), Buffer.from(other[0])) ||
      compare(value, other[1]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareItems(left: readonly Val[], right: readonly Val[]): number {
  for (const [index, value] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compare(value, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

export function equal(left: Val, right: Val): boolean {
  return compare(left, right) === 0;
}

/** The same to the last byte; a value the model does not know equals every value of its type. */
export function identical(expected: Val, actual: Val): boolean {
  if (expected.t === "now") return actual.t === expected.type;
  if (expected.t === "generatedId") return actual.t === "objectId";
  if (expected.t === "object" && actual.t === "object") return identicalFields(expected.v, actual.v);
  if (expected.t === "array" && actual.t === "array")
    return (
      expected.v.length === actual.v.length &&
      expected.v.every((item, index) => {
        const other = actual.v[index];
        return other !== undefined && identical(item, other);
      })
    );
  return expected.t === actual.t && encodeDocument([["", expected]]).equals(encodeDocument([["", actual]]));
}

export function identicalFields(expected: readonly Field[], actual: readonly Field[]): boolean {
  return (
    expected.length === actual.length &&
    expected.every(([name, value], index) => {
      const other = actual[index];
      return other !== undefined && other[0] === name && identical(value, other[1]);
    })
  );
}
