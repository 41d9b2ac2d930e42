// Decides whether a document matches a filter, with MongoDB's rules for arrays, null and types.
import { compareValues } from "../bson/compare.ts";
import { ElementCursor } from "../bson/document.ts";
import { keyText } from "../bson/key-encoding.ts";
import { isNaNValue, toTruncatedInteger } from "../bson/numeric.ts";
import { bsonType, isNumeric, typeRank } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { readRegex, readString } from "../bson/value.ts";
import { isTruthy } from "./truth.ts";
import { bitsHold } from "./bits.ts";
import type { ComparisonOperator, Filter, RegexCondition } from "./filter.ts";
import { visitPath, type Path } from "./path.ts";

/** What one evaluation carries along. */
export interface MatchContext {
  nowMs: number;
  /** Values of `let`. */
  variables: ReadonlyMap<string, Value | undefined>;
  /** Set by the last condition that matched through an array: what `$` stands for. -1: none. */
  position: number;
}

export function newMatchContext(
  nowMs: number,
  variables: ReadonlyMap<string, Value | undefined> = new Map(),
): MatchContext {
  return { nowMs, variables, position: -1 };
}

export function matches(filter: Filter, document: Value, context: MatchContext): boolean {
  switch (filter.kind) {
    case "constant":
      return filter.result;
    case "and":
      return filter.children.every((child) => matches(child, document, context));
    case "or":
      return filter.children.length === 1
        ? filter.children.every((child) => matches(child, document, context))
        : anyChild(filter.children, document, context);
    case "nor":
      return !anyChild(filter.children, document, context);
    case "not": {
      const { position } = context;
      const matched = matches(filter.child, document, context);
      // What a negation went through is not where the match is.
      context.position = position;
      return !matched;
    }
    case "expression":
      return isTruthy(
        filter.expression({ root: document, variables: context.variables, nowMs: context.nowMs }),
      );
    case "compare":
      return anyValue(filter.path, document, context, (value) =>
        comparisonHolds(filter.operator, value, filter.operand),
      );
    case "in":
      return anyValue(filter.path, document, context, (value) => isIn(filter, value));
    case "regex":
      return anyValue(
        filter.path,
        document,
        context,
        (value) => value !== undefined && regexHolds(filter.condition, value),
      );
    case "mod":
      return anyValue(filter.path, document, context, (value) =>
        modHolds(value, filter.divisor, filter.remainder),
      );
    case "bits":
      return anyValue(filter.path, document, context, (value) => bitsHold(filter, value));
    case "type":
      return anyValue(
        filter.path,
        document,
        context,
        (value) => value !== undefined && filter.types.has(value.type),
      );
    case "exists":
      return anyValue(filter.path, document, context, (value) => value !== undefined);
    case "size":
      return visitPath(
        document,
        filter.path,
        false,
        (value) => value?.type === bsonType.array && countOf(value) === filter.size,
      );
    case "elemMatchObject":
    case "elemMatchValue":
      return elementMatches(filter, document, context);
  }
}

/** Which of several branches matched is left open, and with it the position. */
function anyChild(children: readonly Filter[], document: Value, context: MatchContext): boolean {
  const { position } = context;
  const matched = children.some((child) => matches(child, document, context));
  context.position = position;
  return matched;
}

function anyValue(
  path: Path,
  document: Value,
  context: MatchContext,
  holds: (value: Value | undefined) => boolean,
): boolean {
  return visitPath(document, path, true, (value, position) => {
    if (!holds(value)) return false;
    if (position >= 0) context.position = position;
    return true;
  });
}

/** One comparison between a stored value (undefined: missing) and an operand; no array is opened here. */
export function comparisonHolds(
  operator: ComparisonOperator,
  value: Value | undefined,
  operand: Value,
): boolean {
  if ((value === undefined || value.type === bsonType.undefined) && operand.type === bsonType.null)
    return includesEqual(operator);
  // A missing field lies between MinKey and MaxKey like everything else.
  if (value === undefined || typeRank(value.type) !== typeRank(operand.type)) {
    if (operator === "eq") return false;
    if (operand.type === bsonType.minKey) return operator === "gt" || operator === "gte";
    if (operand.type === bsonType.maxKey) return operator === "lt" || operator === "lte";
    return false;
  }
  if (isNumeric(value.type)) {
    const [left, right] = [isNaNValue(value), isNaNValue(operand)];
    if (left || right) return left && right && includesEqual(operator);
  }
  const order = compareValues(value, operand);
  switch (operator) {
    case "eq":
      return order === 0;
    case "lt":
      return order < 0;
    case "lte":
      return order <= 0;
    case "gt":
      return order > 0;
    case "gte":
      return order >= 0;
  }
}

function includesEqual(operator: ComparisonOperator): boolean {
  return operator === "eq" || operator === "lte" || operator === "gte";
}

function isIn(filter: Extract<Filter, { kind: "in" }>, value: Value | undefined): boolean {
  if (value === undefined || value.type === bsonType.undefined) return filter.withNull;
  if (filter.values.length > 0 && filter.keys.has(keyText(value))) return true;
  return filter.regexes.some((condition) => regexHolds(condition, value));
}

function regexHolds(condition: RegexCondition, value: Value): boolean {
  if (value.type === bsonType.string || value.type === bsonType.symbol)
    return condition.regex.test(readString(value));
  if (value.type !== bsonType.regex) return false;
  const stored = readRegex(value);
  return stored.pattern === condition.pattern && stored.flags === condition.flags;
}

function modHolds(value: Value | undefined, divisor: bigint, remainder: bigint): boolean {
  if (value === undefined || !isNumeric(value.type)) return false;
  const whole = toTruncatedInteger(value);
  return whole !== undefined && whole % divisor === remainder;
}

function countOf(array: Value): number {
  const cursor = new ElementCursor(array);
  let count = 0;
  while (cursor.next()) count += 1;
  return count;
}

function elementMatches(
  filter: Extract<Filter, { kind: "elemMatchObject" | "elemMatchValue" }>,
  document: Value,
  context: MatchContext,
): boolean {
  return visitPath(document, filter.path, false, (array) => {
    if (array === undefined || array.type !== bsonType.array) return false;
    const position = firstMatchingElement(filter, array, context);
    if (position < 0) return false;
    context.position = position;
    return true;
  });
}

/** The position of the first element of an array that an `$elemMatch` holds for, or -1. */
export function firstMatchingElement(
  filter: Extract<Filter, { kind: "elemMatchObject" | "elemMatchValue" }>,
  array: Value,
  context: MatchContext,
): number {
  const cursor = new ElementCursor(array);
  for (let position = 0; cursor.next(); position += 1) {
    const element = cursor.value();
    const inner = { ...context, position: -1 };
    if (filter.kind === "elemMatchValue") {
      if (filter.conditions.every((condition) => matches(condition, element, inner))) return position;
    } else if (element.type === bsonType.object || element.type === bsonType.array) {
      if (matches(filter.child, element, inner)) return position;
    }
  }
  return -1;
}
