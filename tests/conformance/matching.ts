// Compares what a test expects with what came, by the format's rules: special operators, extra fields at the root only, numbers by value.
import { EJSON, Long } from "bson";
import { FormatError } from "./format.ts";

/** How the operators that name entities find them. */
export interface MatchScope {
  lsidOf(session: string): unknown;
  valueOf(entity: string): unknown;
}

/** Whether extra fields are allowed: in the value itself, in each element of an array, or nowhere. */
export type Root = "document" | "elements" | "none";

export interface MatchOptions {
  scope: MatchScope;
  root: Root;
}

const nothing: unknown = undefined;

/** Null if they match, else one sentence with the place of the first difference. */
export function difference(
  expected: unknown,
  actual: unknown,
  options: MatchOptions,
  place = "it",
): string | null {
  if (isPlain(expected)) {
    const [operator, ...others] = Object.keys(expected);
    if (operator?.startsWith("$$") === true) {
      if (others.length > 0) throw new FormatError(`${operator} stands beside other fields`);
      return special(operator, expected[operator], actual, options, place);
    }
    return documentDifference(expected, actual, options, place);
  }
  if (Array.isArray(expected)) return arrayDifference(expected, actual, options, place);
  const left = numberOf(expected);
  const right = numberOf(actual);
  if (left !== null && right !== null) return left === right ? null : mismatch(expected, actual, place);
  if (expected === undefined || actual === undefined)
    return expected === actual ? null : mismatch(expected, actual, place);
  return text(expected) === text(actual) ? null : mismatch(expected, actual, place);
}

function documentDifference(
  expected: Record<string, unknown>,
  actual: unknown,
  options: MatchOptions,
  place: string,
): string | null {
  // The driver keeps sorts and index keys as maps, for their order.
  if (actual instanceof Map) return documentDifference(expected, Object.fromEntries(actual), options, place);
  if (!isPlain(actual)) return mismatch(expected, actual, place);
  const nested: MatchOptions = { ...options, root: "none" };
  for (const [name, value] of Object.entries(expected)) {
    const found = Object.hasOwn(actual, name) ? actual[name] : nothing;
    const problem = difference(value, found, nested, `${place}.${name}`);
    if (problem !== null) return problem;
  }
  if (options.root === "document") return null;
  const extra = Object.keys(actual).find(
    (name) => !Object.hasOwn(expected, name) && actual[name] !== undefined,
  );
  return extra === undefined ? null : `${place} has the field ${extra}, which is not expected`;
}

function arrayDifference(
  expected: readonly unknown[],
  actual: unknown,
  options: MatchOptions,
  place: string,
): string | null {
  if (!Array.isArray(actual) || actual.length !== expected.length) return mismatch(expected, actual, place);
  const element: MatchOptions = { ...options, root: options.root === "elements" ? "document" : "none" };
  for (const [index, value] of expected.entries()) {
    const problem = difference(value, actual[index], element, `${place}[${index}]`);
    if (problem !== null) return problem;
  }
  return null;
}

function special(
  operator: string,
  operand: unknown,
  actual: unknown,
  options: MatchOptions,
  place: string,
): string | null {
  switch (operator) {
    case "$$exists":
      return (actual !== undefined) === operand
        ? null
        : `${place} is ${operand === true ? "missing" : "there, but must not be"}`;
    case "$$type": {
      const wanted = [operand].flat().map(String);
      return wanted.some((type) => isOfType(type, actual))
        ? null
        : `${place} is not of type ${wanted.join(" or ")} but ${text(actual)}`;
    }
    case "$$unsetOrMatches":
      return actual === undefined ? null : difference(operand, actual, options, place);
    case "$$sessionLsid":
      return difference(options.scope.lsidOf(String(operand)), actual, { ...options, root: "none" }, place);
    case "$$matchesEntity":
      return difference(options.scope.valueOf(String(operand)), actual, options, place);
    case "$$lte": {
      const left = numberOf(actual);
      const right = numberOf(operand);
      return left !== null && right !== null && left <= right ? null : mismatch(operand, actual, place);
    }
    case "$$matchAsRoot":
      return difference(operand, actual, { ...options, root: "document" }, place);
    default:
      throw new FormatError(`the runner does not know the operator ${operator}`);
  }
}

/** The driver gives Int32, small Longs and Doubles as plain numbers: a whole number counts as any of them. */
function isOfType(type: string, value: unknown): boolean {
  const bsonType = isTagged(value) ? value._bsontype : null;
  switch (type) {
    case "int":
      return Number.isInteger(value) || bsonType === "Int32";
    case "long":
      return Number.isInteger(value) || typeof value === "bigint" || bsonType === "Long";
    case "double":
      return typeof value === "number" || bsonType === "Double";
    case "decimal":
      return bsonType === "Decimal128";
    case "string":
      return typeof value === "string";
    case "bool":
      return typeof value === "boolean";
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isPlain(value);
    case "objectId":
      return bsonType === "ObjectId";
    case "binData":
      return bsonType === "Binary" || Buffer.isBuffer(value);
    case "date":
      return value instanceof Date;
    default:
      throw new FormatError(`the runner does not know the type ${type}`);
  }
}

function numberOf(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (Long.isLong(value)) return value.toNumber();
  if (isTagged(value) && (value._bsontype === "Int32" || value._bsontype === "Double")) return Number(value);
  return null;
}

function isTagged(value: unknown): value is { _bsontype: string } {
  return typeof value === "object" && value !== null && "_bsontype" in value;
}

/** A document, as opposed to a BSON value, a date or a buffer. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function mismatch(expected: unknown, actual: unknown, place: string): string {
  return `${place} should be ${text(expected)} but is ${text(actual)}`;
}

/** Canonical, so that values of different types never look alike. */
export function text(value: unknown): string {
  return value === undefined ? "missing" : EJSON.stringify(value, { relaxed: false });
}
