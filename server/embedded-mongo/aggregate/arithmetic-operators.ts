// Arithmetic operators, and the accumulators that may stand as expressions.
import { addDecimals, decimalValue, readDecimal } from "../bson/decimal.ts";
import { isEmpty } from "../bson/document.ts";
import { arithmetic, toInteger, toNumber } from "../bson/numeric.ts";
import { bsonType, isNumeric, typeAlias } from "../bson/types.ts";
import {
  dateValue,
  doubleValue,
  int32Value,
  longValue,
  nullValue,
  readDate,
  type Value,
} from "../bson/value.ts";
import { StoreError } from "../errors.ts";
import { accumulate, itemsOrSelf } from "./accumulators.ts";
import type { OperatorCompiler } from "./expression-types.ts";
import { anyCount, operandsOf, present, unaryOperand } from "./operands.ts";

function requireNumber(value: Value, name: string): Value {
  if (!isNumeric(value.type))
    throw new StoreError(28765, `${name} only supports numeric types, not ${typeAlias(value.type)}`);
  return value;
}

/** Adds or multiplies; where Long's range is left the result is a double. */
function combine(operation: "add" | "multiply", left: Value, right: Value): Value {
  const exact = arithmetic(operation, left, right);
  if (exact !== undefined) return exact;
  const [a, b] = [toNumber(left), toNumber(right)];
  return doubleValue(operation === "add" ? a + b : a * b);
}

function negated(value: Value): Value {
  return combine("multiply", value, int32Value(-1));
}

const add: OperatorCompiler = (operand, compile, name) => {
  const parts = operandsOf(operand, compile, name, anyCount);
  return (scope) => {
    let total: Value = int32Value(0);
    let isDate = false;
    for (const part of parts) {
      const value = present(part(scope));
      if (value === null) return nullValue;
      if (value.type === bsonType.date) {
        if (isDate) throw new StoreError(16612, "only one date allowed in an $add expression");
        isDate = true;
        total = combine("add", total, longValue(BigInt(readDate(value))));
      } else if (isNumeric(value.type)) total = combine("add", total, value);
      else
        throw new StoreError(16554, `$add only supports numeric or date types, not ${typeAlias(value.type)}`);
    }
    return isDate ? dateValue(Math.round(toNumber(total))) : total;
  };
};

const subtract: OperatorCompiler = (operand, compile, name) => {
  const [left, right] = operandsOf(operand, compile, name, { min: 2, max: 2 });
  return (scope) => {
    const [a, b] = [present(left?.(scope)), present(right?.(scope))];
    if (a === null || b === null) return nullValue;
    if (a.type === bsonType.date && b.type === bsonType.date)
      return longValue(BigInt(readDate(a) - readDate(b)));
    if (a.type === bsonType.date && isNumeric(b.type))
      return dateValue(Math.round(readDate(a) - toNumber(b)));
    if (!isNumeric(a.type) || !isNumeric(b.type))
      throw new StoreError(16556, `can't $subtract ${typeAlias(b.type)} from ${typeAlias(a.type)}`);
    return combine("add", a, negated(b));
  };
};

const multiply: OperatorCompiler = (operand, compile, name) => {
  const parts = operandsOf(operand, compile, name, anyCount);
  return (scope) => {
    let product: Value = int32Value(1);
    for (const part of parts) {
      const value = present(part(scope));
      if (value === null) return nullValue;
      product = combine("multiply", product, requireNumber(value, "$multiply"));
    }
    return product;
  };
};

const divide: OperatorCompiler = (operand, compile, name) => {
  const [left, right] = operandsOf(operand, compile, name, { min: 2, max: 2 });
  return (scope) => {
    const [a, b] = [present(left?.(scope)), present(right?.(scope))];
    if (a === null || b === null) return nullValue;
    const divisor = toNumber(requireNumber(b, "$divide"));
    if (divisor === 0) throw new StoreError(2, "can't $divide by zero");
    if (a.type === bsonType.decimal || b.type === bsonType.decimal)
      throw new StoreError(238, "$divide of decimals is not supported by this server");
    return doubleValue(toNumber(requireNumber(a, "$divide")) / divisor);
  };
};

const modulo: OperatorCompiler = (operand, compile, name) => {
  const [left, right] = operandsOf(operand, compile, name, { min: 2, max: 2 });
  return (scope) => {
    const [a, b] = [present(left?.(scope)), present(right?.(scope))];
    if (a === null || b === null) return nullValue;
    const divisor = toNumber(requireNumber(b, "$mod"));
    if (divisor === 0) throw new StoreError(16610, "can't $mod by zero");
    const [x, y] = [toInteger(requireNumber(a, "$mod")), toInteger(b)];
    const whole = a.type !== bsonType.double && b.type !== bsonType.double;
    if (whole && x !== undefined && y !== undefined) {
      const wide = a.type === bsonType.long || b.type === bsonType.long;
      return wide ? longValue(x % y) : int32Value(Number(x % y));
    }
    return doubleValue(toNumber(a) % divisor);
  };
};

/** A function of one number; whole numbers keep their type where the function keeps them whole. */
function unary(compute: (number: number) => number, keepsWhole: boolean): OperatorCompiler {
  return (operand, compile, name) => {
    const part = unaryOperand(operand, compile, name);
    return (scope) => {
      const value = present(part(scope));
      if (value === null) return nullValue;
      requireNumber(value, name);
      if (value.type === bsonType.decimal)
        throw new StoreError(238, `${name} of decimals is not supported by this server`);
      if (keepsWhole && value.type !== bsonType.double) return value;
      return doubleValue(compute(toNumber(value)));
    };
  };
}

const absolute: OperatorCompiler = (operand, compile, name) => {
  const part = unaryOperand(operand, compile, name);
  return (scope) => {
    const value = present(part(scope));
    if (value === null) return nullValue;
    requireNumber(value, name);
    if (value.type === bsonType.decimal) {
      const decimal = readDecimal(value);
      const negative =
        decimal.kind === "finite"
          ? decimal.coefficient < 0n
          : decimal.kind === "infinite" && decimal.negative;
      return negative
        ? negated(value)
        : decimalValue(addDecimals(decimal, { kind: "finite", coefficient: 0n, exponent: 0 }));
    }
    return toNumber(value) < 0 ? negated(value) : value;
  };
};

/** $round goes to the even neighbour from the middle, $trunc towards zero. */
function rounding(round: (number: number) => number): OperatorCompiler {
  return (operand, compile, name) => {
    const [number, places] = operandsOf(operand, compile, name, { min: 1, max: 2 });
    return (scope) => {
      const value = present(number?.(scope));
      if (value === null) return nullValue;
      requireNumber(value, name);
      const digits =
        places === undefined ? 0 : toNumber(requireNumber(present(places(scope)) ?? int32Value(0), name));
      if (!Number.isInteger(digits) || digits < -20 || digits > 100)
        throw new StoreError(51083, `cannot apply ${name} with a place outside -20 to 100`);
      if (value.type === bsonType.decimal)
        throw new StoreError(238, `${name} of decimals is not supported by this server`);
      if (value.type !== bsonType.double && digits >= 0) return value;
      const scale = 10 ** digits;
      const scaled = toNumber(value) * scale;
      const rounded = Number.isFinite(scaled) ? round(scaled) / scale : toNumber(value);
      return value.type === bsonType.double ? doubleValue(rounded) : longValue(BigInt(Math.trunc(rounded)));
    };
  };
}

function halfToEven(number: number): number {
  const floor = Math.floor(number);
  const rest = number - floor;
  if (rest !== 0.5) return Math.round(number);
  return floor % 2 === 0 ? floor : floor + 1;
}

const power: OperatorCompiler = (operand, compile, name) => {
  const [base, exponent] = operandsOf(operand, compile, name, { min: 2, max: 2 });
  return (scope) => {
    const [a, b] = [present(base?.(scope)), present(exponent?.(scope))];
    if (a === null || b === null) return nullValue;
    const result = toNumber(requireNumber(a, name)) ** toNumber(requireNumber(b, name));
    const whole = a.type !== bsonType.double && b.type !== bsonType.double && Number.isSafeInteger(result);
    if (!whole) return doubleValue(result);
    const fits = a.type === bsonType.int32 && b.type === bsonType.int32 && (result | 0) === result;
    return fits ? int32Value(result) : longValue(BigInt(result));
  };
};

/** Over the operands, or over the items of a single array. */
const accumulating: OperatorCompiler = (operand, compile, name) => {
  const parts = operandsOf(operand, compile, name, anyCount);
  const [only] = parts;
  return (scope) =>
    accumulate(
      name,
      parts.length === 1 && only !== undefined ? itemsOrSelf(only(scope)) : parts.map((part) => part(scope)),
    );
};

/** From 0 to below 1, anew for each document. */
const random: OperatorCompiler = (operand) => {
  const isEmptyList =
    (operand.type === bsonType.object || operand.type === bsonType.array) && isEmpty(operand);
  if (!isEmptyList) throw new StoreError(3040501, "$rand does not currently accept arguments");
  return () => doubleValue(Math.random());
};

export const arithmeticOperators: readonly (readonly [string, OperatorCompiler])[] = [
  ["$add", add],
  ["$subtract", subtract],
  ["$multiply", multiply],
  ["$divide", divide],
  ["$mod", modulo],
  ["$abs", absolute],
  ["$ceil", unary(Math.ceil, true)],
  ["$floor", unary(Math.floor, true)],
  ["$round", rounding(halfToEven)],
  ["$trunc", rounding(Math.trunc)],
  ["$pow", power],
  ["$sqrt", unary(Math.sqrt, false)],
  ["$exp", unary(Math.exp, false)],
  ["$ln", unary(Math.log, false)],
  ["$log10", unary(Math.log10, false)],
  ["$rand", random],
  ["$sum", accumulating],
  ["$avg", accumulating],
  ["$min", accumulating],
  ["$max", accumulating],
];
