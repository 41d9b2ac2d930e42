// Whether every document a query can match is held by a partial index.
import { bsonType } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import type { ComparisonOperator, Filter } from "./filter.ts";
import { comparisonHolds } from "./match.ts";

/** Answers true only where it is certain. */
export function impliesPartial(query: Filter, partial: Filter): boolean {
  if (partial.kind === "constant") return partial.result;
  if (partial.kind === "and") return partial.children.every((child) => impliesPartial(query, child));
  if (partial.kind === "or" && partial.children.some((child) => impliesPartial(query, child))) return true;
  if (query.kind === "and") return query.children.some((child) => impliesPartial(child, partial));
  if (query.kind === "or") return query.children.every((child) => impliesPartial(child, partial));
  return conditionImplies(query, partial);
}

function conditionImplies(query: Filter, partial: Filter): boolean {
  if (!("path" in query) || !("path" in partial) || query.path.text !== partial.path.text) {
    return (
      partial.kind === "exists" &&
      query.kind === "not" &&
      query.child.kind === "compare" &&
      query.child.operator === "eq" &&
      query.child.operand.type === bsonType.null &&
      // Deeper paths may end in an empty array, where nothing is null and nothing exists.
      query.child.path.parts.length === 1 &&
      query.child.path.text === partial.path.text
    );
  }
  switch (partial.kind) {
    case "exists":
      return requiresField(query);
    case "compare":
      return (
        valuesOf(query).some((values) =>
          values.every((value) => comparisonHolds(partial.operator, value, partial.operand)),
        ) || narrower(query, partial)
      );
    case "type":
      return (
        valuesOf(query).some((values) => values.every(({ type }) => partial.types.has(type))) ||
        (query.kind === "type" && [...query.types].every((type) => partial.types.has(type))) ||
        (query.kind === "compare" &&
          query.operator !== "eq" &&
          isOneType(query.operand) &&
          partial.types.has(query.operand.type))
      );
    case "in":
      return valuesOf(query).some((values) =>
        values.every((value) => partial.values.some((member) => comparisonHolds("eq", value, member))),
      );
    default:
      return false;
  }
}

/** The values an equality or `$in` allows, none if it is something else. An array among them says nothing certain. */
function valuesOf(query: Filter): Value[][] {
  const values =
    query.kind === "compare" && query.operator === "eq"
      ? [query.operand]
      : query.kind === "in" && query.regexes.length === 0
        ? query.values
        : null;
  return values === null || values.some(({ type }) => type === bsonType.array) ? [] : [values];
}

function requiresField(query: Filter): boolean {
  switch (query.kind) {
    case "exists":
    case "type":
    case "regex":
    case "mod":
    case "size":
    case "elemMatchObject":
    case "elemMatchValue":
      return true;
    case "compare":
      return !meetsMissing(query.operator, query.operand);
    case "in":
      return !query.withNull;
    default:
      return false;
  }
}

/** Null is what a missing field equals; beside that it lies above MinKey and below MaxKey. */
export function meetsMissing(operator: ComparisonOperator, operand: Value): boolean {
  return operand.type === bsonType.null || comparisonHolds(operator, undefined, operand);
}

/** A range inside a range: `$gt: 5` within `$gt: 3`, `$gte: 3` or `$gt: 5`. */
function narrower(query: Filter, partial: Extract<Filter, { kind: "compare" }>): boolean {
  if (query.kind !== "compare" || query.operator === "eq" || partial.operator === "eq") return false;
  if (query.operand.type === bsonType.array) return false;
  const upwards = query.operator === "gt" || query.operator === "gte";
  if (upwards !== (partial.operator === "gt" || partial.operator === "gte")) return false;
  if (comparisonHolds(upwards ? "gt" : "lt", query.operand, partial.operand)) return true;
  return (
    comparisonHolds("eq", query.operand, partial.operand) &&
    (query.operator === partial.operator || partial.operator === "gte" || partial.operator === "lte")
  );
}

/** Types whose comparisons meet no other type: numbers compare among four types, strings with symbols. */
function isOneType(value: Value): boolean {
  return value.type === bsonType.date || value.type === bsonType.objectId || value.type === bsonType.boolean;
}
