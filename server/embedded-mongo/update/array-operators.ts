// Operators that change an array: $push, $addToSet, $pull, $pullAll and $pop.
import { equalValues } from "../bson/compare.ts";
import { fieldsOf, itemsOf } from "../bson/document.ts";
import { encodeKey, keyText } from "../bson/key-encoding.ts";
import { toNumber } from "../bson/numeric.ts";
import { ArrayNode, closeNode, nodeType, openArray, type Node } from "../bson/tree.ts";
import { bsonType, isNumeric, typeAlias } from "../bson/types.ts";
import { Value, documentValue, readRegex } from "../bson/value.ts";
import { badValue, failedToParse, typeMismatch } from "../errors.ts";
import type { Filter } from "../query/filter.ts";
import { matches, newMatchContext } from "../query/match.ts";
import { hasValueConditions, parseFilter, parseOperators } from "../query/parse-filter.ts";
import { selfPath } from "../query/path.ts";
import { regexCondition } from "../query/regex.ts";
import { parseSort, sortKey, type Sort } from "../query/sort.ts";
import type { OperatorBody, UpdateOperator } from "./field-operators.ts";
import { keep } from "./types.ts";

function arrayAt(existing: Node, path: string, operator: string): Node[] {
  if (existing instanceof ArrayNode) return existing.items;
  if (existing instanceof Value && existing.type === bsonType.array) return openArray(existing).items;
  throw badValue(
    `The field '${path}' must be an array for ${operator} but is of type ${typeAlias(nodeType(existing))}`,
  );
}

interface PushOptions {
  each: Value[];
  position: number | null;
  slice: number | null;
  sort: { by: "value"; descending: boolean } | { by: "fields"; sort: Sort } | null;
}

function parsePush(operand: Value): PushOptions {
  const fields = operand.type === bsonType.object ? fieldsOf(operand) : [];
  const options: PushOptions = { each: [operand], position: null, slice: null, sort: null };
  if (!fields.some(({ name }) => name === "$each")) {
    // Without $each, a document is what is pushed, unless it tries to be something else.
    if (fields[0]?.name.startsWith("$") === true && !fields[0].name.startsWith("$ref"))
      throw badValue(`Unrecognized clause in $push: ${fields[0].name}`);
    return options;
  }
  for (const { name, value } of fields) {
    switch (name) {
      case "$each":
        if (value.type !== bsonType.array) throw badValue("The argument to $each in $push must be an array");
        options.each = itemsOf(value);
        break;
      case "$position":
        options.position = wholeNumber(value, "$position");
        break;
      case "$slice":
        options.slice = wholeNumber(value, "$slice");
        break;
      case "$sort":
        options.sort = parsePushSort(value);
        break;
      default:
        throw badValue(`Unrecognized clause in $push: ${name}`);
    }
  }
  return options;
}

function wholeNumber(value: Value, name: string): number {
  const number = isNumeric(value.type) ? toNumber(value) : NaN;
  if (!Number.isInteger(number)) throw badValue(`The value for ${name} must be an integer value`);
  return number;
}

function parsePushSort(value: Value): PushOptions["sort"] {
  if (value.type === bsonType.object) return { by: "fields", sort: parseSort(value) };
  const order = isNumeric(value.type) ? toNumber(value) : 0;
  if (order !== 1 && order !== -1) throw badValue("The $sort element value must be either 1 or -1");
  return { by: "value", descending: order < 0 };
}

function push(path: string, operand: Value): OperatorBody {
  const { each, position, slice, sort } = parsePush(operand);
  return {
    creates: true,
    apply(existing) {
      let items: Node[] = existing === undefined ? [] : [...arrayAt(existing, path, "$push")];
      const at =
        position === null ? items.length : position < 0 ? Math.max(0, items.length + position) : position;
      items.splice(Math.min(at, items.length), 0, ...each);
      if (sort !== null) items = sorted(items, sort);
      if (slice !== null) items = slice < 0 ? items.slice(slice) : items.slice(0, slice);
      return { kind: "set", node: new ArrayNode(items) };
    },
  };
}

const emptyDocument = documentValue(Buffer.from([5, 0, 0, 0, 0]));

function sorted(items: Node[], sort: NonNullable<PushOptions["sort"]>): Node[] {
  const keyed = items.map((item, order) => {
    const value = closeNode(item);
    const key =
      sort.by === "value"
        ? encodeKey(value, sort.descending)
        : sortKey(sort.sort, value.type === bsonType.object ? value : emptyDocument);
    return { item, key, order };
  });
  keyed.sort((a, b) => Buffer.compare(a.key, b.key) || a.order - b.order);
  return keyed.map(({ item }) => item);
}

function addToSet(path: string, operand: Value): OperatorBody {
  let values = [operand];
  const fields = operand.type === bsonType.object ? fieldsOf(operand) : [];
  const [first] = fields;
  if (first?.name === "$each") {
    if (fields.length > 1)
      throw badValue(`Found unexpected fields after $each in $addToSet: ${fields[1]?.name ?? ""}`);
    if (first.value.type !== bsonType.array)
      throw typeMismatch("The argument to $each in $addToSet must be an array");
    values = itemsOf(first.value);
  }
  return {
    creates: true,
    apply(existing) {
      const items = existing === undefined ? [] : [...arrayAt(existing, path, "$addToSet")];
      const present = new Set(items.map((item) => keyText(closeNode(item))));
      const before = items.length;
      for (const value of values) {
        const key = keyText(value);
        if (present.has(key)) continue;
        present.add(key);
        items.push(value);
      }
      if (existing !== undefined && items.length === before) return keep;
      return { kind: "set", node: new ArrayNode(items) };
    },
  };
}

function removing(path: string, operator: string, matching: (value: Value) => boolean): OperatorBody {
  return {
    creates: false,
    apply(existing) {
      if (existing === undefined) return keep;
      const items = arrayAt(existing, path, operator);
      const left = items.filter((item) => !matching(closeNode(item)));
      return left.length === items.length ? keep : { kind: "set", node: new ArrayNode(left) };
    },
  };
}

function pull(path: string, operand: Value): OperatorBody {
  const context = newMatchContext(0);
  if (operand.type === bsonType.regex) {
    const { pattern, flags } = readRegex(operand);
    const filter: Filter = { kind: "regex", path: selfPath, condition: regexCondition(pattern, flags) };
    return removing(path, "$pull", (value) => matches(filter, value, context));
  }
  if (hasValueConditions(operand)) {
    const filter = parseOperators(selfPath, operand);
    return removing(path, "$pull", (value) => matches(filter, value, context));
  }
  if (operand.type === bsonType.object) {
    const filter = parseFilter(operand);
    return removing(
      path,
      "$pull",
      (value) => value.type === bsonType.object && matches(filter, value, context),
    );
  }
  return removing(path, "$pull", (value) => equalValues(value, operand));
}

function pullAll(path: string, operand: Value): OperatorBody {
  if (operand.type !== bsonType.array)
    throw badValue(`$pullAll requires an array argument but was given a ${typeAlias(operand.type)}`);
  const keys = new Set(itemsOf(operand).map(keyText));
  return removing(path, "$pullAll", (value) => keys.has(keyText(value)));
}

function pop(path: string, operand: Value): OperatorBody {
  const direction = isNumeric(operand.type) ? toNumber(operand) : 0;
  if (direction !== 1 && direction !== -1) throw failedToParse(`$pop expects 1 or -1, found: ${direction}`);
  return {
    creates: false,
    apply(existing) {
      if (existing === undefined) return keep;
      if (nodeType(existing) !== bsonType.array)
        throw typeMismatch(
          `Path '${path}' contains an element of non-array type '${typeAlias(nodeType(existing))}'`,
        );
      const items = arrayAt(existing, path, "$pop");
      if (items.length === 0) return keep;
      return { kind: "set", node: new ArrayNode(direction > 0 ? items.slice(0, -1) : items.slice(1)) };
    },
  };
}

export const arrayUpdateOperators: ReadonlyMap<string, UpdateOperator> = new Map<string, UpdateOperator>([
  ["$push", push],
  ["$addToSet", addToSet],
  ["$pull", pull],
  ["$pullAll", pullAll],
  ["$pop", pop],
]);
