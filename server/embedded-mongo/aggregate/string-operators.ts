// String operators. Positions count code points, or bytes where the name says so.
import { toNumber } from "../bson/numeric.ts";
import { bsonType, isNumeric, typeAlias } from "../bson/types.ts";
import {
  booleanValue,
  int32Value,
  nullValue,
  readRegex,
  readString,
  stringValue,
  type Value,
} from "../bson/value.ts";
import { arrayOf } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import { regexCondition } from "../query/regex.ts";
import { textOf } from "./conversion-operators.ts";
import type { OperatorCompiler } from "./expression-types.ts";
import { anyCount, namedOperands, operandsOf, present, unaryOperand } from "./operands.ts";

function requireString(value: Value, name: string): string {
  if (value.type !== bsonType.string)
    throw new StoreError(16702, `${name} only supports strings, not ${typeAlias(value.type)}`);
  return readString(value);
}

/** Lenient where MongoDB is: nothing is the empty string, numbers and dates become text. */
function lenientText(value: Value | undefined): string {
  const given = present(value);
  return given === null ? "" : textOf(given);
}

function transform(change: (text: string) => string): OperatorCompiler {
  return (operand, compile, name) => {
    const part = unaryOperand(operand, compile, name);
    return (scope) => stringValue(change(lenientText(part(scope))));
  };
}

const concat: OperatorCompiler = (operand, compile, name) => {
  const parts = operandsOf(operand, compile, name, anyCount);
  return (scope) => {
    let text = "";
    for (const part of parts) {
      const value = present(part(scope));
      if (value === null) return nullValue;
      text += requireString(value, name);
    }
    return stringValue(text);
  };
};

function substring(cut: (text: string, start: number, length: number) => string): OperatorCompiler {
  return (operand, compile, name) => {
    const [text, start, length] = operandsOf(operand, compile, name, { min: 3, max: 3 });
    return (scope) => {
      const [from, count] = [start?.(scope), length?.(scope)].map((value) =>
        value !== undefined && isNumeric(value.type) ? Math.trunc(toNumber(value)) : NaN,
      );
      if (from === undefined || count === undefined || Number.isNaN(from) || Number.isNaN(count) || from < 0)
        throw new StoreError(16034, `${name} needs numbers for its start and length`);
      return stringValue(cut(lenientText(text?.(scope)), from, count));
    };
  };
}

function cutBytes(text: string, start: number, length: number): string {
  const bytes = Buffer.from(text);
  return bytes.toString("utf8", start, length < 0 ? bytes.length : start + length);
}

function cutCodePoints(text: string, start: number, length: number): string {
  return [...text].slice(start, length < 0 ? undefined : start + length).join("");
}

function lengthOf(measure: (text: string) => number): OperatorCompiler {
  return (operand, compile, name) => {
    const part = unaryOperand(operand, compile, name);
    return (scope) => int32Value(measure(requireString(part(scope) ?? nullValue, name)));
  };
}

const split: OperatorCompiler = (operand, compile, name) => {
  const [text, separator] = operandsOf(operand, compile, name, { min: 2, max: 2 });
  return (scope) => {
    const [value, by] = [present(text?.(scope)), present(separator?.(scope))];
    if (value === null || by === null) return nullValue;
    const between = requireString(by, name);
    if (between === "") throw new StoreError(40087, "$split requires a non-empty separator");
    return arrayOf(requireString(value, name).split(between).map(stringValue));
  };
};

function trimming(sides: { start: boolean; end: boolean }): OperatorCompiler {
  return (operand, compile, name) => {
    const named = namedOperands(operand, name, ["input", "chars"], ["input"]);
    const input = compile(named.get("input") ?? nullValue);
    const given = named.get("chars");
    const chars = given === undefined ? null : compile(given);
    return (scope) => {
      const value = present(input(scope));
      if (value === null) return nullValue;
      const points = [...requireString(value, name)];
      const listed = chars === null ? null : present(chars(scope));
      if (chars !== null && listed === null) return nullValue;
      const strip = listed === null ? null : new Set([...requireString(listed, name)]);
      const drops = (point: string | undefined) =>
        point !== undefined && (strip === null ? /[\s\0]/.test(point) : strip.has(point));
      let [start, end] = [0, points.length];
      if (sides.start) while (start < end && drops(points[start])) start += 1;
      if (sides.end) while (end > start && drops(points[end - 1])) end -= 1;
      return stringValue(points.slice(start, end).join(""));
    };
  };
}

const indexOf: OperatorCompiler = (operand, compile, name) => {
  const parts = operandsOf(operand, compile, name, { min: 2, max: 4 });
  return (scope) => {
    const [text, needle, from, to] = parts.map((part) => present(part(scope)));
    if (text === null || text === undefined) return nullValue;
    const points = [...requireString(text, name)];
    const wanted = [...requireString(needle ?? nullValue, name)];
    const start = from === null || from === undefined ? 0 : toNumber(from);
    const end = Math.min(points.length, to === null || to === undefined ? Infinity : toNumber(to));
    for (let at = start; at + wanted.length <= end; at += 1)
      if (wanted.every((point, offset) => points[at + offset] === point)) return int32Value(at);
    return int32Value(-1);
  };
};

const regexMatch: OperatorCompiler = (operand, compile, name) => {
  const named = namedOperands(operand, name, ["input", "regex", "options"], ["input", "regex"]);
  const input = compile(named.get("input") ?? nullValue);
  const pattern = named.get("regex") ?? nullValue;
  const options = named.get("options");
  const flags = options === undefined ? "" : requireString(options, name);
  if (
    pattern.type !== bsonType.regex &&
    (pattern.type !== bsonType.string || readString(pattern).startsWith("$"))
  )
    throw new StoreError(51105, "$regexMatch needs 'regex' to be a constant string or regex on this server");
  const parsed =
    pattern.type === bsonType.regex ? readRegex(pattern) : { pattern: readString(pattern), flags: "" };
  const { regex } = regexCondition(parsed.pattern, parsed.flags + flags);
  return (scope) => {
    const value = present(input(scope));
    return booleanValue(value !== null && regex.test(requireString(value, name)));
  };
};

function replacing(replace: (text: string, find: string, by: string) => string): OperatorCompiler {
  return (operand, compile, name) => {
    const named = namedOperands(
      operand,
      name,
      ["input", "find", "replacement"],
      ["input", "find", "replacement"],
    );
    const parts = ["input", "find", "replacement"].map((key) => compile(named.get(key) ?? nullValue));
    return (scope) => {
      const texts: string[] = [];
      for (const part of parts) {
        const value = present(part(scope));
        if (value === null) return nullValue;
        texts.push(requireString(value, name));
      }
      const [text = "", find = "", by = ""] = texts;
      return stringValue(replace(text, find, by));
    };
  };
}

const compareIgnoringCase: OperatorCompiler = (operand, compile, name) => {
  const [left, right] = operandsOf(operand, compile, name, { min: 2, max: 2 });
  return (scope) => {
    const [a, b] = [lenientText(left?.(scope)).toUpperCase(), lenientText(right?.(scope)).toUpperCase()];
    return int32Value(a < b ? -1 : a > b ? 1 : 0);
  };
};

/** MongoDB changes the case of ASCII letters only. */
function asciiCase(upper: boolean): (text: string) => string {
  return (text) =>
    text.replace(upper ? /[a-z]+/g : /[A-Z]+/g, (part) => (upper ? part.toUpperCase() : part.toLowerCase()));
}

export const stringOperators: readonly (readonly [string, OperatorCompiler])[] = [
  ["$concat", concat],
  ["$toLower", transform(asciiCase(false))],
  ["$toUpper", transform(asciiCase(true))],
  ["$substr", substring(cutBytes)],
  ["$substrBytes", substring(cutBytes)],
  ["$substrCP", substring(cutCodePoints)],
  ["$strLenBytes", lengthOf((text) => Buffer.byteLength(text))],
  ["$strLenCP", lengthOf((text) => [...text].length)],
  ["$split", split],
  ["$trim", trimming({ start: true, end: true })],
  ["$ltrim", trimming({ start: true, end: false })],
  ["$rtrim", trimming({ start: false, end: true })],
  ["$indexOfCP", indexOf],
  ["$regexMatch", regexMatch],
  ["$replaceOne", replacing((text, find, by) => text.replace(find, () => by))],
  ["$replaceAll", replacing((text, find, by) => text.replaceAll(find, () => by))],
  ["$strcasecmp", compareIgnoringCase],
];
