// Date operators, in UTC or at a fixed offset such as "+02:00".
import { bsonType, typeAlias } from "../bson/types.ts";
import { int32Value, nullValue, readDate, readString, stringValue, type Value } from "../bson/value.ts";
import { StoreError } from "../errors.ts";
import type { Compile, Expression, OperatorCompiler } from "./expression-types.ts";
import { namedOperands, operandsOf, present } from "./operands.ts";

function instantOf(value: Value, name: string): number {
  if (value.type === bsonType.date) return readDate(value);
  if (value.type === bsonType.objectId) return value.buffer.readUInt32BE(value.start) * 1000;
  throw new StoreError(16006, `can't convert from BSON type ${typeAlias(value.type)} to Date in ${name}`);
}

/** Minutes east of UTC. Named time zones are refused: their rules are not this server's to know. */
function offsetMinutes(zone: Value): number {
  const text = zone.type === bsonType.string ? readString(zone) : "";
  if (["UTC", "GMT", "Z"].includes(text)) return 0;
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(text);
  if (match === null)
    throw new StoreError(
      40485,
      `unrecognized time zone identifier: "${text}" (only UTC and offsets are supported)`,
    );
  const [, sign, hours = "0", minutes = "0"] = match;
  return (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
}

interface DateOperands {
  date: Expression;
  timezone: Expression | null;
}

/** Either the date itself or `{date, timezone}`. */
function dateOperands(operand: Value, compile: Compile, name: string): DateOperands {
  if (operand.type === bsonType.object && isNamed(operand)) {
    const named = namedOperands(operand, name, ["date", "timezone"], ["date"]);
    const timezone = named.get("timezone");
    return {
      date: compile(named.get("date") ?? nullValue),
      timezone: timezone === undefined ? null : compile(timezone),
    };
  }
  const [date] = operandsOf(operand, compile, name, { min: 1, max: 1 });
  return { date: date ?? (() => undefined), timezone: null };
}

function isNamed(operand: Value): boolean {
  return operand.buffer.toString("latin1", operand.start + 5, operand.start + 10) === "date\0";
}

/** The date as if UTC were the zone asked for; null where there is no date. */
function localDate(
  operands: DateOperands,
  scope: Parameters<Expression>[0],
  name: string,
): { date: Date; offset: number } | null {
  const value = present(operands.date(scope));
  if (value === null) return null;
  const zone = operands.timezone === null ? null : present(operands.timezone(scope));
  if (operands.timezone !== null && zone === null) return null;
  const offset = zone === null ? 0 : offsetMinutes(zone);
  return { date: new Date(instantOf(value, name) + offset * 60_000), offset };
}

function part(read: (date: Date) => number): OperatorCompiler {
  return (operand, compile, name) => {
    const operands = dateOperands(operand, compile, name);
    return (scope) => {
      const local = localDate(operands, scope, name);
      return local === null ? nullValue : int32Value(read(local.date));
    };
  };
}

function dayOfYear(date: Date): number {
  const start = Date.UTC(date.getUTCFullYear(), 0, 1);
  return Math.floor((date.getTime() - start) / 86_400_000) + 1;
}

const defaultFormat = "%Y-%m-%dT%H:%M:%S.%LZ";

const dateToString: OperatorCompiler = (operand, compile, name) => {
  const named = namedOperands(operand, name, ["date", "format", "timezone", "onNull"], ["date"]);
  const timezone = named.get("timezone");
  const operands: DateOperands = {
    date: compile(named.get("date") ?? nullValue),
    timezone: timezone === undefined ? null : compile(timezone),
  };
  const format = named.get("format");
  if (format !== undefined && format.type !== bsonType.string)
    throw new StoreError(18533, "$dateToString requires 'format' to be a constant string");
  const template = format === undefined ? null : readString(format);
  const onNull = compile(named.get("onNull") ?? nullValue);
  return (scope) => {
    const local = localDate(operands, scope, name);
    if (local === null) return onNull(scope);
    const chosen =
      template ?? (operands.timezone === null || local.offset === 0 ? defaultFormat : "%Y-%m-%dT%H:%M:%S.%L");
    return stringValue(formatted(local, chosen));
  };
};

function formatted({ date, offset }: { date: Date; offset: number }, template: string): string {
  const pad = (number: number, digits: number) => String(number).padStart(digits, "0");
  return template.replace(/%(.)/g, (_whole, letter: string) => {
    switch (letter) {
      case "Y":
        return pad(date.getUTCFullYear(), 4);
      case "m":
        return pad(date.getUTCMonth() + 1, 2);
      case "d":
        return pad(date.getUTCDate(), 2);
      case "H":
        return pad(date.getUTCHours(), 2);
      case "M":
        return pad(date.getUTCMinutes(), 2);
      case "S":
        return pad(date.getUTCSeconds(), 2);
      case "L":
        return pad(date.getUTCMilliseconds(), 3);
      case "j":
        return pad(dayOfYear(date), 3);
      case "w":
        return String(date.getUTCDay() + 1);
      case "u":
        return String(date.getUTCDay() === 0 ? 7 : date.getUTCDay());
      case "z":
        return `${offset < 0 ? "-" : "+"}${pad(Math.floor(Math.abs(offset) / 60), 2)}${pad(Math.abs(offset) % 60, 2)}`;
      case "%":
        return "%";
      default:
        throw new StoreError(18536, `Invalid format character '%${letter}' in format string`);
    }
  });
}

export const dateOperators: readonly (readonly [string, OperatorCompiler])[] = [
  ["$year", part((date) => date.getUTCFullYear())],
  ["$month", part((date) => date.getUTCMonth() + 1)],
  ["$dayOfMonth", part((date) => date.getUTCDate())],
  ["$dayOfWeek", part((date) => date.getUTCDay() + 1)],
  ["$dayOfYear", part(dayOfYear)],
  ["$hour", part((date) => date.getUTCHours())],
  ["$minute", part((date) => date.getUTCMinutes())],
  ["$second", part((date) => date.getUTCSeconds())],
  ["$millisecond", part((date) => date.getUTCMilliseconds())],
  ["$dateToString", dateToString],
];
