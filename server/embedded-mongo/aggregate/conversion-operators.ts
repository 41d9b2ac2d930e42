// Conversions between types.
import { Decimal128 } from "bson";
import { decimalValue } from "../bson/decimal.ts";
import { toDecimal, toNumber } from "../bson/numeric.ts";
import { bsonType, isNumeric, typeAlias } from "../bson/types.ts";
import {
  booleanValue,
  dateValue,
  doubleValue,
  int32Value,
  longValue,
  nullValue,
  objectIdValue,
  readBoolean,
  readDate,
  readLong,
  readString,
  stringValue,
  Value,
} from "../bson/value.ts";
import { StoreError } from "../errors.ts";
import { isTruthy } from "../query/truth.ts";
import type { OperatorCompiler } from "./expression-types.ts";
import { present, unaryOperand } from "./operands.ts";

function cannotConvert(value: Value, to: string): StoreError {
  return new StoreError(241, `Failed to convert a value of type ${typeAlias(value.type)} to ${to}`);
}

/** A value as text, as $toString gives it. */
export function textOf(value: Value): string {
  switch (value.type) {
    case bsonType.string:
    case bsonType.symbol:
      return readString(value);
    case bsonType.int32:
      return String(toNumber(value));
    case bsonType.double:
      return String(toNumber(value));
    case bsonType.long:
      return String(readLong(value));
    case bsonType.decimal:
      return new Decimal128(Buffer.from(value.bytes())).toString();
    case bsonType.boolean:
      return String(readBoolean(value));
    case bsonType.objectId:
      return value.bytes().toString("hex");
    case bsonType.date:
      return isoOf(value);
    default:
      throw cannotConvert(value, "string");
  }
}

function isoOf(value: Value): string {
  const date = new Date(readDate(value));
  if (Number.isNaN(date.getTime())) throw cannotConvert(value, "string");
  return date.toISOString();
}

function numberOf(value: Value, to: string): number {
  if (isNumeric(value.type)) return toNumber(value);
  if (value.type === bsonType.boolean) return readBoolean(value) ? 1 : 0;
  if (value.type === bsonType.date && to !== "int") return readDate(value);
  if (value.type === bsonType.string && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(readString(value)))
    return Number(readString(value));
  throw cannotConvert(value, to);
}

function toInt(value: Value): Value {
  const number = numberOf(value, "int");
  if (value.type === bsonType.string && !Number.isInteger(number)) throw cannotConvert(value, "int");
  const whole = Math.trunc(number);
  if (!(whole >= -2147483648 && whole <= 2147483647)) throw cannotConvert(value, "int");
  return int32Value(whole);
}

function toLong(value: Value): Value {
  if (value.type === bsonType.long) return value;
  if (value.type === bsonType.string) {
    const text = readString(value);
    if (!/^[+-]?\d{1,19}$/.test(text)) throw cannotConvert(value, "long");
    const number = BigInt(text.replace(/^\+/, ""));
    if (BigInt.asIntN(64, number) !== number) throw cannotConvert(value, "long");
    return longValue(number);
  }
  const number = Math.trunc(numberOf(value, "long"));
  if (!(Math.abs(number) < 2 ** 63)) throw cannotConvert(value, "long");
  return longValue(BigInt(number));
}

function toDate(value: Value): Value {
  if (value.type === bsonType.date) return value;
  if (value.type === bsonType.objectId) return dateValue(value.buffer.readUInt32BE(value.start) * 1000);
  if (isNumeric(value.type) && value.type !== bsonType.int32) return dateValue(Math.trunc(toNumber(value)));
  if (value.type === bsonType.string) {
    const time = Date.parse(readString(value));
    if (!Number.isNaN(time)) return dateValue(time);
  }
  throw cannotConvert(value, "date");
}

function toDecimalValue(value: Value): Value {
  if (isNumeric(value.type)) return decimalValue(toDecimal(value));
  if (value.type === bsonType.string) {
    try {
      const bytes = Buffer.from(Decimal128.fromString(readString(value)).bytes);
      return new Value(bsonType.decimal, bytes, 0, bytes.length);
    } catch {
      throw cannotConvert(value, "decimal");
    }
  }
  return decimalValue(toDecimal(doubleValue(numberOf(value, "decimal"))));
}

function toObjectId(value: Value): Value {
  if (value.type === bsonType.objectId) return value;
  const text = value.type === bsonType.string ? readString(value) : "";
  if (!/^[0-9a-fA-F]{24}$/.test(text)) throw cannotConvert(value, "objectId");
  return objectIdValue(Buffer.from(text, "hex"));
}

function conversion(convert: (value: Value) => Value): OperatorCompiler {
  return (operand, compile, name) => {
    const part = unaryOperand(operand, compile, name);
    return (scope) => {
      const value = present(part(scope));
      return value === null ? nullValue : convert(value);
    };
  };
}

export const conversionOperators: readonly (readonly [string, OperatorCompiler])[] = [
  ["$toString", conversion((value) => stringValue(textOf(value)))],
  ["$toInt", conversion(toInt)],
  ["$toLong", conversion(toLong)],
  ["$toDouble", conversion((value) => doubleValue(numberOf(value, "double")))],
  ["$toDecimal", conversion(toDecimalValue)],
  ["$toBool", conversion((value) => booleanValue(isTruthy(value)))],
  ["$toDate", conversion(toDate)],
  ["$toObjectId", conversion(toObjectId)],
  [
    "$type",
    (operand, compile, name) => {
      const part = unaryOperand(operand, compile, name);
      return (scope) => {
        const value = part(scope);
        return stringValue(value === undefined ? "missing" : typeAlias(value.type));
      };
    },
  ],
  [
    "$isNumber",
    (operand, compile, name) => {
      const part = unaryOperand(operand, compile, name);
      return (scope) => {
        const value = part(scope);
        return booleanValue(value !== undefined && isNumeric(value.type));
      };
    },
  ],
];
