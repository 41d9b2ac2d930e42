// Parses updates: operators, replacement documents, or a pipeline of per-document stages.
import { fieldsOf, firstField, itemsOf } from "../bson/document.ts";
import { bsonType } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { StoreError, badValue, failedToParse } from "../errors.ts";
import type { Filter } from "../query/filter.ts";
import { parseFilter } from "../query/parse-filter.ts";
import { arrayUpdateOperators } from "./array-operators.ts";
import { fieldOperators, parseRename } from "./field-operators.ts";
import type { FieldUpdate, Update } from "./types.ts";
import { documentTransform } from "../aggregate/document-stages.ts";

/** Levels a stored document may reach through an update. */
const maxUpdateDepth = 100;

export function parseUpdate(value: Value, arrayFilters: readonly Value[] = []): Update {
  if (value.type === bsonType.array) {
    if (arrayFilters.length > 0)
      throw failedToParse("arrayFilters may not be specified for pipeline-style updates");
    return { kind: "pipeline", transform: documentTransform(itemsOf(value)) };
  }
  if (value.type !== bsonType.object)
    throw failedToParse("Update argument must be either an object or an array");
  const first = firstField(value);
  if (first === undefined || !first.name.startsWith("$")) {
    if (arrayFilters.length > 0)
      throw failedToParse("arrayFilters may not be specified for replacement-style updates");
    return { kind: "replacement", document: value };
  }
  return parseOperatorUpdate(value, parseArrayFilters(arrayFilters));
}

function parseOperatorUpdate(value: Value, arrayFilters: ReadonlyMap<string, Filter>): Update {
  const updates: FieldUpdate[] = [];
  const renames: { from: string; to: string }[] = [];
  for (const { name, value: operand } of fieldsOf(value)) {
    const operator = fieldOperators.get(name) ?? arrayUpdateOperators.get(name);
    if (operator === undefined && name !== "$rename")
      throw failedToParse(
        `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    if (operand.type !== bsonType.object)
      throw failedToParse(
        `Modifiers operate on fields but we found another type instead. For example: {$mod: {<field>: ...}} (${name})`,
      );
    for (const { name: path, value: argument } of fieldsOf(operand)) {
      if (operator === undefined) {
        renames.push(parseRename(path, argument));
        continue;
      }
      const parts = partsOf(path);
      if (parts.length + depthOf(argument) > maxUpdateDepth)
        throw new StoreError(15, `an update may reach ${maxUpdateDepth} levels deep at most`);
      updates.push({ operator: name, path, parts, onInsertOnly: false, ...operator(path, argument) });
    }
  }
  checkConflicts([...updates.map(({ path }) => path), ...renames.flatMap(({ from, to }) => [from, to])]);
  checkIdentifiers(updates, arrayFilters);
  updates.sort((left, right) => comparePaths(left.parts, right.parts));
  return { kind: "operators", updates, renames, arrayFilters };
}

function partsOf(path: string): string[] {
  if (path === "") throw new StoreError(56, "An empty update path is not valid.");
  const parts = path.split(".");
  if (parts.some((part) => part === ""))
    throw new StoreError(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
  if (parts[0] === "$" || parts[0]?.startsWith("$[") === true)
    throw badValue(`Cannot have positional (i.e. '$') element in the first position in path '${path}'`);
  if (parts.filter((part) => part === "$").length > 1)
    throw badValue(`Too many positional (i.e. '$') elements found in path '${path}'`);
  return parts;
}

function depthOf(value: Value): number {
  if (value.type !== bsonType.object && value.type !== bsonType.array) return 0;
  return 1 + itemsOf(value).reduce((deepest, item) => Math.max(deepest, depthOf(item)), 0);
}

/** By name, positions by number: the order in which new fields are added. */
function comparePaths(left: readonly string[], right: readonly string[]): number {
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const [a = "", b = ""] = [left[at], right[at]];
    if (a === b) continue;
    const bothNumbers = /^\d+$/.test(a) && /^\d+$/.test(b);
    return bothNumbers ? Number(a) - Number(b) : a < b ? -1 : 1;
  }
  return left.length - right.length;
}

function checkConflicts(paths: readonly string[]): void {
  const sorted = [...paths].sort();
  const seen = new Set<string>();
  for (const path of sorted) {
    const parts = path.split(".");
    for (let length = 1; length <= parts.length; length += 1) {
      const prefix = parts.slice(0, length).join(".");
      if (seen.has(prefix))
        throw new StoreError(40, `Updating the path '${path}' would create a conflict at '${prefix}'`);
    }
    seen.add(path);
  }
}

function parseArrayFilters(documents: readonly Value[]): ReadonlyMap<string, Filter> {
  const filters = new Map<string, Filter>();
  for (const document of documents) {
    if (document.type !== bsonType.object) throw new StoreError(14, "arrayFilters must be documents");
    const identifiers = identifiersOf(document);
    const [identifier] = identifiers;
    if (identifier === undefined)
      throw failedToParse("Cannot use an expression without a top-level field name in arrayFilters");
    if (identifiers.size > 1)
      throw failedToParse(
        `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${[...identifiers].join("' and '")}'`,
      );
    if (!/^[a-z][a-zA-Z0-9]*$/.test(identifier))
      throw badValue(
        `The array filter identifier '${identifier}' must begin with a lowercase letter and contain no special characters`,
      );
    if (filters.has(identifier))
      throw failedToParse(`Found multiple array filters with the same top-level field name ${identifier}`);
    filters.set(identifier, parseFilter(document));
  }
  return filters;
}

function identifiersOf(document: Value): Set<string> {
  const identifiers = new Set<string>();
  for (const { name, value } of fieldsOf(document)) {
    if (name === "$and" || name === "$or" || name === "$nor") {
      if (value.type === bsonType.array)
        for (const item of itemsOf(value)) for (const inner of identifiersOf(item)) identifiers.add(inner);
    } else identifiers.add(name.split(".")[0] ?? name);
  }
  return identifiers;
}

function checkIdentifiers(updates: readonly FieldUpdate[], filters: ReadonlyMap<string, Filter>): void {
  const used = new Set<string>();
  for (const { parts, path } of updates)
    for (const part of parts) {
      const identifier = /^\$\[(.+)\]$/.exec(part)?.[1];
      if (identifier === undefined) continue;
      if (!filters.has(identifier))
        throw badValue(`No array filter found for identifier '${identifier}' in path '${path}'`);
      used.add(identifier);
    }
  for (const identifier of filters.keys())
    if (!used.has(identifier))
      throw failedToParse(`The array filter for identifier '${identifier}' was not used in the update`);
}
