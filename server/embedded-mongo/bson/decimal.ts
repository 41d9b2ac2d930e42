// Decimal128: reading its bits, exact comparison, and addition and multiplication rounded to 34 digits.
import { Decimal128 } from "bson";
import { bsonType } from "./types.ts";
import { Value } from "./value.ts";

/** A finite decimal is `coefficient * 10^exponent`; the coefficient carries the sign, unless it is zero. */
export type Decimal =
  | { kind: "finite"; coefficient: bigint; exponent: number; negativeZero?: boolean }
  | { kind: "nan" }
  | { kind: "infinite"; negative: boolean };

const exponentBias = 6176;
const maxDigits = 34;

export function readDecimal(value: Value): Decimal {
  const low = value.buffer.readBigUInt64LE(value.start);
  const high = value.buffer.readBigUInt64LE(value.start + 8);
  const negative = high >> 63n === 1n;
  const combination = Number((high >> 58n) & 0x1fn);
  if (combination === 0x1f) return { kind: "nan" };
  if (combination === 0x1e) return { kind: "infinite", negative };
  let exponent: number;
  let coefficient: bigint;
  if (combination >> 3 === 3) {
    // The long form holds coefficients beyond 34 digits, which the standard reads as zero.
    exponent = Number((high >> 47n) & 0x3fffn);
    coefficient = 0n;
  } else {
    exponent = Number((high >> 49n) & 0x3fffn);
    coefficient = ((high & 0x1ffffffffffffn) << 64n) | low;
  }
  return {
    kind: "finite",
    coefficient: negative ? -coefficient : coefficient,
    exponent: exponent - exponentBias,
    negativeZero: negative && coefficient === 0n,
  };
}

/** Rounds half to even where the coefficient has more than 34 digits. */
export function decimalValue(decimal: Decimal): Value {
  const text = decimalText(decimal);
  return new Value(bsonType.decimal, Buffer.from(Decimal128.fromString(text).bytes), 0, 16);
}

function decimalText(decimal: Decimal): string {
  if (decimal.kind === "nan") return "NaN";
  if (decimal.kind === "infinite") return decimal.negative ? "-Infinity" : "Infinity";
  const rounded = round(decimal.coefficient, decimal.exponent);
  if (rounded.exponent + digitsOf(rounded.coefficient) - 1 > 6144)
    return rounded.coefficient < 0n ? "-Infinity" : "Infinity";
  if (rounded.exponent < -exponentBias) return "0";
  return `${decimal.negativeZero === true ? "-" : ""}${rounded.coefficient}E${rounded.exponent}`;
}

function round(coefficient: bigint, exponent: number): { coefficient: bigint; exponent: number } {
  const extra = digitsOf(coefficient) - maxDigits;
  if (extra <= 0) return { coefficient, exponent };
  const divisor = 10n ** BigInt(extra);
  let quotient = coefficient / divisor;
  const remainder = coefficient % divisor;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  if (twice > divisor || (twice === divisor && quotient % 2n !== 0n)) quotient += coefficient < 0n ? -1n : 1n;
  return digitsOf(quotient) > maxDigits
    ? { coefficient: quotient / 10n, exponent: exponent + extra + 1 }
    : { coefficient: quotient, exponent: exponent + extra };
}

function digitsOf(coefficient: bigint): number {
  return (coefficient < 0n ? -coefficient : coefficient).toString().length;
}

/** The shortest decimal of a double, to 15 digits, as MongoDB converts. */
export function decimalOfDouble(number: number): Decimal {
  if (Number.isNaN(number)) return { kind: "nan" };
  if (!Number.isFinite(number)) return { kind: "infinite", negative: number < 0 };
  // Zero has no digits to count.
  if (number === 0)
    return { kind: "finite", coefficient: 0n, exponent: 0, negativeZero: Object.is(number, -0) };
  return decimalOfText(number.toPrecision(15));
}

export function decimalOfText(text: string): Decimal {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return { kind: "nan" };
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const magnitude = BigInt(whole + fraction === "" ? "0" : whole + fraction);
  return {
    kind: "finite",
    coefficient: sign === "-" ? -magnitude : magnitude,
    exponent: Number(exponent) - fraction.length,
  };
}

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  if (left.kind === "nan" || right.kind === "nan") return { kind: "nan" };
  if (left.kind === "infinite")
    return right.kind === "infinite" && right.negative !== left.negative ? { kind: "nan" } : left;
  if (right.kind === "infinite") return right;
  const exponent = Math.min(left.exponent, right.exponent);
  return {
    kind: "finite",
    coefficient:
      left.coefficient * 10n ** BigInt(left.exponent - exponent) +
      right.coefficient * 10n ** BigInt(right.exponent - exponent),
    exponent,
    negativeZero: left.negativeZero === true && right.negativeZero === true,
  };
}

export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  if (left.kind === "nan" || right.kind === "nan") return { kind: "nan" };
  if (left.kind === "infinite" || right.kind === "infinite") {
    const signs = [left, right].map((side) =>
      side.kind === "infinite"
        ? side.negative
          ? -1
          : 1
        : Number(side.coefficient > 0n) - Number(side.coefficient < 0n),
    );
    const product = (signs[0] ?? 0) * (signs[1] ?? 0);
    return product === 0 ? { kind: "nan" } : { kind: "infinite", negative: product < 0 };
  }
  const coefficient = left.coefficient * right.coefficient;
  return {
    kind: "finite",
    coefficient,
    exponent: left.exponent + right.exponent,
    negativeZero: coefficient === 0n && isNegative(left) !== isNegative(right),
  };
}

function isNegative(decimal: Extract<Decimal, { kind: "finite" }>): boolean {
  return decimal.coefficient < 0n || decimal.negativeZero === true;
}

/** A number as an exact fraction, for comparing across types. */
export interface Fraction {
  numerator: bigint;
  /** Above zero. */
  denominator: bigint;
}

export function fractionOfDecimal(decimal: { coefficient: bigint; exponent: number }): Fraction {
  const scale = 10n ** BigInt(Math.abs(decimal.exponent));
  return decimal.exponent >= 0
    ? { numerator: decimal.coefficient * scale, denominator: 1n }
    : { numerator: decimal.coefficient, denominator: scale };
}

const doubleView = new DataView(new ArrayBuffer(8));

/** Exact for every finite double. */
export function fractionOfDouble(number: number): Fraction {
  if (Number.isSafeInteger(number)) return { numerator: BigInt(number), denominator: 1n };
  doubleView.setFloat64(0, number);
  const bits = doubleView.getBigUint64(0);
  const negative = bits >> 63n === 1n;
  const rawExponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = rawExponent === 0 ? fraction : fraction | 0x10000000000000n;
  const exponent = (rawExponent === 0 ? 1 : rawExponent) - 1075;
  const signed = negative ? -mantissa : mantissa;
  return exponent >= 0
    ? { numerator: signed << BigInt(exponent), denominator: 1n }
    : { numerator: signed, denominator: 1n << BigInt(-exponent) };
}

export function compareFractions(left: Fraction, right: Fraction): number {
  const a = left.numerator * right.denominator;
  const b = right.numerator * left.denominator;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The nearest double; may be infinite or zero at the ends of the range. */
export function approximate(decimal: { coefficient: bigint; exponent: number }): number {
  return Number(`${decimal.coefficient}e${decimal.exponent}`);
}
