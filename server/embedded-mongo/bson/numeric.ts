// Numbers across BSON's four numeric types: comparison by exact value, and arithmetic with MongoDB's widening.
import {
  addDecimals,
  approximate,
  compareFractions,
  decimalOfDouble,
  decimalValue,
  fractionOfDecimal,
  fractionOfDouble,
  multiplyDecimals,
  readDecimal,
  type Decimal,
  type Fraction,
} from "./decimal.ts";
import { bsonType } from "./types.ts";
import type { Value } from "./value.ts";
import { doubleValue, int32Value, longValue, readDouble, readInt32, readLong } from "./value.ts";

/** The value as a double: exact for Int32 and Double, nearest for Long and Decimal128. */
export function toNumber(value: Value): number {
  switch (value.type) {
    case bsonType.int32:
      return readInt32(value);
    case bsonType.double:
      return readDouble(value);
    case bsonType.long:
      return Number(readLong(value));
    default: {
      const decimal = readDecimal(value);
      if (decimal.kind === "nan") return NaN;
      if (decimal.kind === "infinite") return decimal.negative ? -Infinity : Infinity;
      return approximate(decimal);
    }
  }
}

export function isNaNValue(value: Value): boolean {
  if (value.type === bsonType.double) return Number.isNaN(readDouble(value));
  return value.type === bsonType.decimal && readDecimal(value).kind === "nan";
}

/** A whole number within Long's range, or undefined. */
export function toInteger(value: Value): bigint | undefined {
  if (value.type === bsonType.int32) return BigInt(readInt32(value));
  if (value.type === bsonType.long) return readLong(value);
  const number = toNumber(value);
  return Number.isInteger(number) && Math.abs(number) < 2 ** 63 ? BigInt(number) : undefined;
}

/** Cut towards zero, exactly; undefined where the number is not finite or beyond Long's range. */
export function toTruncatedInteger(value: Value): bigint | undefined {
  if (!Number.isFinite(toNumber(value)) || isNaNValue(value)) return undefined;
  const { numerator, denominator } = fractionOf(value);
  const whole = numerator / denominator;
  return whole >= longMin && whole <= longMax ? whole : undefined;
}

/** Below zero, zero or above. NaN equals itself and is below every other number. */
export function compareNumbers(left: Value, right: Value): number {
  if (left.type === bsonType.decimal || right.type === bsonType.decimal) return compareExactly(left, right);
  const a = left.type === bsonType.long ? readLong(left) : toNumber(left);
  const b = right.type === bsonType.long ? readLong(right) : toNumber(right);
  // JavaScript compares a BigInt with a Number by their exact values.
  if (a < b) return -1;
  if (a > b) return 1;
  const leftNaN = typeof a === "number" && Number.isNaN(a);
  const rightNaN = typeof b === "number" && Number.isNaN(b);
  return leftNaN === rightNaN ? 0 : leftNaN ? -1 : 1;
}

function compareExactly(left: Value, right: Value): number {
  const a = extreme(left);
  const b = extreme(right);
  if (a !== 0 || b !== 0) return Math.sign(a - b);
  return compareFractions(fractionOf(left), fractionOf(right));
}

/** NaN below minus infinity below every finite number below infinity. */
function extreme(value: Value): number {
  const number =
    value.type === bsonType.decimal
      ? decimalExtreme(readDecimal(value))
      : value.type === bsonType.double
        ? readDouble(value)
        : 0;
  if (Number.isNaN(number)) return -2;
  return number === Infinity ? 1 : number === -Infinity ? -1 : 0;
}

function decimalExtreme(decimal: Decimal): number {
  if (decimal.kind === "nan") return NaN;
  return decimal.kind === "finite" ? 0 : decimal.negative ? -Infinity : Infinity;
}

/** Of finite numbers only. */
export function fractionOf(value: Value): Fraction {
  if (value.type === bsonType.decimal) {
    const decimal = readDecimal(value);
    if (decimal.kind === "finite") return fractionOfDecimal(decimal);
  }
  if (value.type === bsonType.long) return { numerator: readLong(value), denominator: 1n };
  return fractionOfDouble(toNumber(value));
}

export function toDecimal(value: Value): Decimal {
  if (value.type === bsonType.decimal) return readDecimal(value);
  if (value.type === bsonType.double) return decimalOfDouble(readDouble(value));
  return {
    kind: "finite",
    coefficient: value.type === bsonType.long ? readLong(value) : BigInt(readInt32(value)),
    exponent: 0,
  };
}

const longMin = -(2n ** 63n);
const longMax = 2n ** 63n - 1n;

/**
 * Adds or multiplies as MongoDB does: Int32 widens to Long, any Double makes a Double, any Decimal128 a Decimal128.
 * Undefined where two integers leave Long's range.
 */
export function arithmetic(operation: "add" | "multiply", left: Value, right: Value): Value | undefined {
  if (left.type === bsonType.decimal || right.type === bsonType.decimal) {
    const [a, b] = [toDecimal(left), toDecimal(right)];
    return decimalValue(operation === "add" ? addDecimals(a, b) : multiplyDecimals(a, b));
  }
  if (left.type === bsonType.double || right.type === bsonType.double) {
    const [a, b] = [toNumber(left), toNumber(right)];
    return doubleValue(operation === "add" ? a + b : a * b);
  }
  const [a, b] = [toInteger(left) ?? 0n, toInteger(right) ?? 0n];
  const result = operation === "add" ? a + b : a * b;
  if (result < longMin || result > longMax) return undefined;
  const bothInt32 = left.type === bsonType.int32 && right.type === bsonType.int32;
  return bothInt32 && result >= -2147483648n && result <= 2147483647n
    ? int32Value(Number(result))
    : longValue(result);
}
