// Numbers of the model: exact comparison over the four types, and MongoDB's arithmetic with its widening.
import type { Val } from "./value.ts";

export type Numeric = Extract<Val, { t: "int" | "double" | "long" | "decimal" }>;

export function isNumber(value: Val): value is Numeric {
  return value.t === "int" || value.t === "double" || value.t === "long" || value.t === "decimal";
}

/** `sign * coefficient * 10^exponent`, or something that is no finite number. */
export type Decimal =
  | { kind: "nan" | "inf" | "-inf" }
  | { kind: "finite"; negative: boolean; coefficient: bigint; exponent: number };

export function readDecimal(bytes: Buffer): Decimal {
  const bits = (bytes.readBigUInt64LE(8) << 64n) | bytes.readBigUInt64LE(0);
  const negative = bits >> 127n === 1n;
  const top = Number((bits >> 122n) & 31n);
  if (top === 31) return { kind: "nan" };
  if (top === 30) return { kind: negative ? "-inf" : "inf" };
  // A significand of the long form is beyond 34 digits and counts as zero.
  if (top >= 24)
    return { kind: "finite", negative, coefficient: 0n, exponent: Number((bits >> 111n) & 0x3fffn) - 6176 };
  const coefficient = bits & ((1n << 113n) - 1n);
  return {
    kind: "finite",
    negative,
    coefficient: coefficient < 10n ** 34n ? coefficient : 0n,
    exponent: Number((bits >> 113n) & 0x3fffn) - 6176,
  };
}

export function writeDecimal(decimal: Decimal): Buffer {
  const bytes = Buffer.alloc(16);
  if (decimal.kind !== "finite") {
    bytes.writeUInt8(decimal.kind === "nan" ? 0x7c : decimal.kind === "inf" ? 0x78 : 0xf8, 15);
    return bytes;
  }
  let { coefficient, exponent } = decimal;
  const extra = coefficient.toString().length - 34;
  if (extra > 0) {
    const unit = 10n ** BigInt(extra);
    const rest = (coefficient % unit) * 2n;
    coefficient /= unit;
    if (rest > unit || (rest === unit && coefficient % 2n === 1n)) coefficient += 1n;
    exponent += extra;
    if (coefficient === 10n ** 34n) {
      coefficient /= 10n;
      exponent += 1;
    }
  }
  if (exponent < -6176 || exponent > 6111) throw new Error("beyond the range that the model computes in");
  const bits = ((decimal.negative ? 1n : 0n) << 127n) | (BigInt(exponent + 6176) << 113n) | coefficient;
  bytes.writeBigUInt64LE(bits & 0xffffffffffffffffn, 0);
  bytes.writeBigUInt64LE(bits >> 64n, 8);
  return bytes;
}

/** Of text such as "-1.50E+3". */
export function decimal(source: string): Val {
  if (source === "NaN") return { t: "decimal", v: writeDecimal({ kind: "nan" }) };
  if (source === "Infinity") return { t: "decimal", v: writeDecimal({ kind: "inf" }) };
  if (source === "-Infinity") return { t: "decimal", v: writeDecimal({ kind: "-inf" }) };
  const [, sign = "", whole = "", fraction = "", power = "0"] =
    /^(-?)(\d+)\.?(\d*)(?:E([+-]?\d+))?$/i.exec(source) ?? [];
  return {
    t: "decimal",
    v: writeDecimal({
      kind: "finite",
      negative: sign === "-",
      coefficient: BigInt(whole + fraction),
      exponent: Number(power) - fraction.length,
    }),
  };
}

type Exact = { kind: "nan" | "inf" | "-inf" } | { kind: "ratio"; numerator: bigint; denominator: bigint };

export function exactly(value: Numeric): Exact {
  if (value.t === "int") return { kind: "ratio", numerator: BigInt(value.v), denominator: 1n };
  if (value.t === "long") return { kind: "ratio", numerator: value.v, denominator: 1n };
  if (value.t === "double") return exactDouble(value.v);
  const read = readDecimal(value.v);
  if (read.kind !== "finite") return { kind: read.kind };
  const signed = read.negative ? -read.coefficient : read.coefficient;
  const scale = 10n ** BigInt(Math.abs(read.exponent));
  return read.exponent >= 0
    ? { kind: "ratio", numerator: signed * scale, denominator: 1n }
    : { kind: "ratio", numerator: signed, denominator: scale };
}

function exactDouble(value: number): Exact {
  if (Number.isNaN(value)) return { kind: "nan" };
  if (!Number.isFinite(value)) return { kind: value > 0 ? "inf" : "-inf" };
  let numerator = value;
  let denominator = 1n;
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    denominator *= 2n;
  }
  return { kind: "ratio", numerator: BigInt(numerator), denominator };
}

const extremes = { nan: -2, "-inf": -1, ratio: 0, inf: 1 };

export function compareNumeric(left: Numeric, right: Numeric): number {
  const [a, b] = [exactly(left), exactly(right)];
  if (a.kind !== "ratio" || b.kind !== "ratio") return Math.sign(extremes[a.kind] - extremes[b.kind]);
  const [x, y] = [a.numerator * b.denominator, b.numerator * a.denominator];
  return x < y ? -1 : x > y ? 1 : 0;
}

export function isNaNVal(value: Val): boolean {
  return isNumber(value) && exactly(value).kind === "nan";
}

/** Cut towards zero; undefined where the number is not finite or not within 64 bits. */
export function truncatedLong(value: Numeric): bigint | undefined {
  const exact = exactly(value);
  if (exact.kind !== "ratio") return undefined;
  const whole = exact.numerator / exact.denominator;
  return BigInt.asIntN(64, whole) === whole ? whole : undefined;
}

/** The number if it is whole and within 64 bits. */
export function wholeLong(value: Numeric): bigint | undefined {
  const exact = exactly(value);
  return exact.kind === "ratio" && exact.numerator % exact.denominator === 0n
    ? truncatedLong(value)
    : undefined;
}

/** Undefined where 64 bits do not hold the result. */
export function compute(operation: "add" | "multiply", left: Numeric, right: Numeric): Numeric | undefined {
  if (left.t === "decimal" || right.t === "decimal") {
    const [a, b] = [asDecimal(left), asDecimal(right)];
    return { t: "decimal", v: writeDecimal(operation === "add" ? addDecimals(a, b) : timesDecimals(a, b)) };
  }
  if (left.t === "double" || right.t === "double") {
    const [a, b] = [Number(left.v), Number(right.v)];
    return { t: "double", v: operation === "add" ? a + b : a * b };
  }
  const [a, b] = [BigInt(left.v), BigInt(right.v)];
  const result = operation === "add" ? a + b : a * b;
  if (left.t === "int" && right.t === "int" && BigInt.asIntN(32, result) === result)
    return { t: "int", v: Number(result) };
  return BigInt.asIntN(64, result) === result ? { t: "long", v: result } : undefined;
}

/** Doubles become decimals of 15 digits. */
function asDecimal(value: Numeric): Decimal {
  if (value.t === "decimal") return readDecimal(value.v);
  if (value.t !== "double") {
    const whole = BigInt(value.v);
    return { kind: "finite", negative: whole < 0n, coefficient: whole < 0n ? -whole : whole, exponent: 0 };
  }
  const exact = exactDouble(value.v);
  if (exact.kind !== "ratio") return { kind: exact.kind };
  if (value.v === 0)
    return { kind: "finite", negative: Object.is(value.v, -0), coefficient: 0n, exponent: 0 };
  const [digits = "0", power = "0"] = Math.abs(value.v).toExponential(14).split("e");
  return {
    kind: "finite",
    negative: value.v < 0,
    coefficient: BigInt(digits.replace(".", "")),
    exponent: Number(power) - 14,
  };
}

function addDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.kind === "nan" || b.kind === "nan") return { kind: "nan" };
  if (a.kind !== "finite") return b.kind !== "finite" && b.kind !== a.kind ? { kind: "nan" } : a;
  if (b.kind !== "finite") return b;
  const exponent = Math.min(a.exponent, b.exponent);
  const signed = (value: typeof a) =>
    (value.negative ? -value.coefficient : value.coefficient) * 10n ** BigInt(value.exponent - exponent);
  const sum = signed(a) + signed(b);
  const negative = sum === 0n ? a.negative && b.negative : sum < 0n;
  return { kind: "finite", negative, coefficient: sum < 0n ? -sum : sum, exponent };
}

function timesDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.kind === "nan" || b.kind === "nan") return { kind: "nan" };
  const isNegative = (value: Decimal) => value.kind === "-inf" || (value.kind === "finite" && value.negative);
  const negative = isNegative(a) !== isNegative(b);
  if (a.kind === "finite" && b.kind === "finite")
    return {
      kind: "finite",
      negative,
      coefficient: a.coefficient * b.coefficient,
      exponent: a.exponent + b.exponent,
    };
  const isZero = (value: Decimal) => value.kind === "finite" && value.coefficient === 0n;
  return isZero(a) || isZero(b) ? { kind: "nan" } : { kind: negative ? "-inf" : "inf" };
}
