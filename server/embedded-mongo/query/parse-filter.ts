// Parses a query filter. Operators that are not known are refused: nothing is skipped in silence.
import { compileExpression } from "../aggregate/expression.ts";
import { fieldsOf, firstField, isEmpty, itemsOf } from "../bson/document.ts";
import { keyText } from "../bson/key-encoding.ts";
import { toNumber, toTruncatedInteger } from "../bson/numeric.ts";
import { bsonType, isNumeric, typeOfAlias } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { readRegex, readString } from "../bson/value.ts";
import { StoreError, badValue } from "../errors.ts";
import { bitPositions } from "./bits.ts";
import { matchesEverything, type ComparisonOperator, type Filter } from "./filter.ts";
import { pathOf, selfPath, type Path } from "./path.ts";
import { regexCondition } from "./regex.ts";
import { isTruthy } from "./truth.ts";

/** Parses a filter document; `BadValue` (2) and its like for what is wrong or not supported. */
export function parseFilter(document: Value): Filter {
  const children: Filter[] = [];
  for (const { name, value } of fieldsOf(document)) {
    const parsed = name.startsWith("$") ? parseTopLevel(name, value) : parseField(pathOf(name), value);
    if (parsed !== null) children.push(parsed);
  }
  return conjunction(children);
}

function conjunction(children: Filter[]): Filter {
  const [only] = children;
  if (only === undefined) return matchesEverything;
  return children.length === 1 ? only : { kind: "and", children };
}

function parseTopLevel(name: string, value: Value): Filter | null {
  switch (name) {
    case "$and":
    case "$or":
    case "$nor": {
      if (value.type !== bsonType.array) throw badValue(`${name} must be an array`);
      const items = itemsOf(value);
      if (items.length === 0) throw badValue("$and/$or/$nor must be a nonempty array");
      const children = items.map((item) => {
        if (item.type !== bsonType.object) throw badValue("$or/$and/$nor entries need to be full objects");
        return parseFilter(item);
      });
      return { kind: name === "$and" ? "and" : name === "$or" ? "or" : "nor", children };
    }
    case "$expr":
      return { kind: "expression", expression: compileExpression(value) };
    case "$comment":
      return null;
    case "$ref":
    case "$id":
    case "$db":
      return { kind: "compare", path: pathOf(name), operator: "eq", operand: value };
    case "$where":
    case "$text":
    case "$jsonSchema":
    case "$near":
      throw badValue(`${name} is not supported by this server`);
    default:
      throw badValue(
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

function parseField(path: Path, value: Value): Filter | null {
  if (value.type === bsonType.regex) return regexFilter(path, value);
  if (isOperatorDocument(value)) return parseOperators(path, value);
  return { kind: "compare", path, operator: "eq", operand: value };
}

/** Whether a document holds operators: its first field decides, as in MongoDB. `$ref` and `$id` are references. */
export function isOperatorDocument(value: Value): boolean {
  if (value.type !== bsonType.object) return false;
  const first = firstField(value)?.name;
  return (
    first !== undefined && first.startsWith("$") && first !== "$ref" && first !== "$id" && first !== "$db"
  );
}

const overFields = ["$and", "$or", "$nor", "$expr", "$where", "$comment"];

/** Whether operators speak of a value itself. With `$or` and its like first, they are a query over its fields. */
export function hasValueConditions(document: Value): boolean {
  return isOperatorDocument(document) && !overFields.includes(firstField(document)?.name ?? "");
}

/** The conditions `{$gt: 1, $lt: 5}` on one path. */
export function parseOperators(path: Path, document: Value): Filter {
  const fields = fieldsOf(document);
  const children: Filter[] = [];
  for (const { name, value } of fields) {
    if (name === "$options") {
      if (!fields.some((field) => field.name === "$regex")) throw badValue("$options needs a $regex");
      continue;
    }
    const options = name === "$regex" ? fields.find((field) => field.name === "$options")?.value : undefined;
    children.push(parseOperator(path, name, value, options));
  }
  return conjunction(children);
}

const comparisons: ReadonlyMap<string, ComparisonOperator> = new Map([
  ["$eq", "eq"],
  ["$lt", "lt"],
  ["$lte", "lte"],
  ["$gt", "gt"],
  ["$gte", "gte"],
]);

function parseOperator(path: Path, name: string, operand: Value, regexOptions: Value | undefined): Filter {
  const operator = comparisons.get(name);
  if (operator !== undefined) {
    if (operand.type === bsonType.undefined) throw badValue("cannot compare to undefined");
    if (operand.type === bsonType.regex && operator !== "eq")
      throw badValue(`Can't have RegEx as arg to predicate over field '${path.text}'.`);
    return { kind: "compare", path, operator, operand };
  }
  switch (name) {
    case "$ne":
      if (operand.type === bsonType.regex) throw badValue("Can't have regex as arg to $ne.");
      return { kind: "not", child: { kind: "compare", path, operator: "eq", operand } };
    case "$in":
      return inFilter(path, operand, "$in");
    case "$nin":
      return { kind: "not", child: inFilter(path, operand, "$nin") };
    case "$not":
      return parseNot(path, operand);
    case "$exists":
      return isTruthy(operand) ? { kind: "exists", path } : { kind: "not", child: { kind: "exists", path } };
    case "$type":
      return { kind: "type", path, types: parseTypes(operand) };
    case "$size":
      return { kind: "size", path, size: parseSize(operand) };
    case "$all":
      return parseAll(path, operand);
    case "$elemMatch":
      return parseElemMatch(path, operand);
    case "$regex":
      return regexFilter(path, operand, regexOptions);
    case "$mod":
      return parseMod(path, operand);
    case "$bitsAllSet":
    case "$bitsAllClear":
    case "$bitsAnySet":
    case "$bitsAnyClear":
      return {
        kind: "bits",
        path,
        all: name.startsWith("$bitsAll"),
        set: name.endsWith("Set"),
        positions: bitPositions(name, operand),
      };
    default:
      throw badValue(`unknown operator: ${name}`);
  }
}

function parseNot(path: Path, operand: Value): Filter {
  if (operand.type === bsonType.regex) return { kind: "not", child: regexFilter(path, operand) };
  if (operand.type !== bsonType.object) throw badValue("$not needs a regex or a document");
  if (isEmpty(operand)) throw badValue("$not cannot be empty");
  if (!isOperatorDocument(operand)) throw badValue(`unknown operator: ${firstField(operand)?.name ?? ""}`);
  return { kind: "not", child: parseOperators(path, operand) };
}

function inFilter(path: Path, operand: Value, name: string): Filter {
  if (operand.type !== bsonType.array) throw badValue(`${name} needs an array`);
  const values: Value[] = [];
  const regexes = [];
  const keys = new Set<string>();
  for (const item of itemsOf(operand)) {
    if (isOperatorDocument(item)) throw badValue(`cannot nest $ under ${name}`);
    if (item.type === bsonType.undefined) throw badValue(`${name} cannot contain undefined`);
    if (item.type === bsonType.regex) {
      const { pattern, flags } = readRegex(item);
      regexes.push(regexCondition(pattern, flags));
      continue;
    }
    const key = keyText(item);
    if (keys.has(key)) continue;
    keys.add(key);
    values.push(item);
  }
  return {
    kind: "in",
    path,
    values,
    keys,
    regexes,
    withNull: values.some(({ type }) => type === bsonType.null),
  };
}

function regexFilter(path: Path, operand: Value, options?: Value): Filter {
  if (options !== undefined && options.type !== bsonType.string)
    throw badValue("$options has to be a string");
  const given = options === undefined ? null : readString(options);
  if (operand.type === bsonType.string)
    return { kind: "regex", path, condition: regexCondition(readString(operand), given ?? "") };
  if (operand.type !== bsonType.regex) throw badValue("$regex has to be a string");
  const { pattern, flags } = readRegex(operand);
  if (given !== null && flags !== "") throw new StoreError(51075, "options set in both $regex and $options");
  return { kind: "regex", path, condition: regexCondition(pattern, given ?? flags) };
}

/** Types named by number or alias, one or several; "number" stands for all four. */
export function parseTypes(operand: Value): ReadonlySet<number> {
  const types = new Set<number>();
  for (const item of operand.type === bsonType.array ? itemsOf(operand) : [operand]) {
    if (item.type === bsonType.string) {
      const alias = readString(item);
      if (alias === "number") {
        for (const type of [bsonType.double, bsonType.int32, bsonType.long, bsonType.decimal])
          types.add(type);
        continue;
      }
      const type = typeOfAlias(alias);
      if (type === undefined) throw badValue(`Unknown type name alias: ${alias}`);
      types.add(type);
    } else if (isNumeric(item.type)) {
      const number = toNumber(item);
      const type = number === -1 ? bsonType.minKey : number;
      if (!Number.isInteger(type) || type < 1 || (type > 19 && type !== 127 && type !== 255))
        throw badValue(`Invalid numerical type code: ${number}`);
      types.add(type);
    } else throw typeMismatchOfType();
  }
  if (types.size === 0) throw new StoreError(9, "$type must match at least one type");
  return types;
}

function typeMismatchOfType(): StoreError {
  return new StoreError(14, "type must be represented as a number or a string");
}

function parseSize(operand: Value): number {
  if (!isNumeric(operand.type)) throw new StoreError(9, "Failed to parse $size. Expected a number");
  const size = toNumber(operand);
  if (!Number.isInteger(size)) throw new StoreError(9, "Failed to parse $size. Expected an integer");
  if (size < 0) throw new StoreError(9, "Failed to parse $size. Expected a non-negative number");
  return size;
}

function parseAll(path: Path, operand: Value): Filter {
  if (operand.type !== bsonType.array) throw badValue("$all needs an array");
  const items = itemsOf(operand);
  if (items.length === 0) return { kind: "constant", result: false };
  const children = items.map((item): Filter => {
    if (isOperatorDocument(item)) {
      const inner = firstField(item);
      if (inner?.name !== "$elemMatch") throw badValue("no $ expressions in $all");
      return parseElemMatch(path, inner.value);
    }
    if (item.type === bsonType.regex) return regexFilter(path, item);
    return { kind: "compare", path, operator: "eq", operand: item };
  });
  return conjunction(children);
}

function parseElemMatch(path: Path, operand: Value): Filter {
  if (operand.type !== bsonType.object) throw badValue("$elemMatch needs an Object");
  if (hasValueConditions(operand))
    return { kind: "elemMatchValue", path, conditions: [parseOperators(selfPath, operand)] };
  return { kind: "elemMatchObject", path, child: parseFilter(operand) };
}

function parseMod(path: Path, operand: Value): Filter {
  if (operand.type !== bsonType.array) throw badValue("malformed mod, needs to be an array");
  const [divisor, remainder, ...more] = itemsOf(operand);
  if (divisor === undefined || remainder === undefined) throw badValue("malformed mod, not enough elements");
  if (more.length > 0) throw badValue("malformed mod, too many elements");
  const [by, left] = [divisor, remainder].map((value) =>
    isNumeric(value.type) ? toTruncatedInteger(value) : undefined,
  );
  if (by === undefined || left === undefined)
    throw badValue("malformed mod, divisor and remainder must be numbers");
  if (by === 0n) throw badValue("divisor cannot be 0");
  return { kind: "mod", path, divisor: by, remainder: left };
}
