// Parses updates: operators, replacement documents, or a pipeline of per-document stages.
import { fieldsOf, firstField, itemsOf } from "../bson/document.ts";
import { bsonType } from "../bson/types.ts";
import { readString, type Value } from "../bson/value.ts";
import { StoreError, badValue, failedToParse } from "../errors.ts";
import type { Filter } from "../query/filter.ts";
import { parseFilter } from "../query/parse-filter.ts";
import { arrayUpdateOperators } from "./array-operators.ts";
import { fieldOperators } from "./field-operators.ts";
import type { Update } from "./types.ts";
import { addPath, newTree, type UpdateBranch } from "./update-tree.ts";
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
  const tree = newTree();
  const usedFilters = new Set<string>();
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
        addRename(tree, path, argument);
        continue;
      }
      const parts = partsOf(path);
      for (const identifier of identifiersIn(parts)) {
        if (!arrayFilters.has(identifier))
          throw badValue(`No array filter found for identifier '${identifier}' in path '${path}'`);
        usedFilters.add(identifier);
      }
      if (parts.length + depthOf(argument) > maxUpdateDepth)
        throw new StoreError(15, `an update may reach ${maxUpdateDepth} levels deep at most`);
      const update = { operator: name, path, onInsertOnly: false, ...operator(path, argument) };
      addPath(tree, parts, { kind: "operator", update });
    }
  }
  for (const identifier of arrayFilters.keys())
    if (!usedFilters.has(identifier))
      throw failedToParse(`The array filter for identifier '${identifier}' was not used in the update`);
  return { kind: "operators", tree, arrayFilters };
}

function addRename(tree: UpdateBranch, path: string, operand: Value): void {
  if (operand.type !== bsonType.string)
    throw badValue(`The 'to' field for $rename must be a string: ${path}`);
  const [from, to] = [partsOf(path), partsOf(readString(operand))];
  const shared = Math.min(from.length, to.length);
  if (from.slice(0, shared).join(".") === to.slice(0, shared).join("."))
    throw badValue(`The source and target field for $rename must not be on the same path: ${path}`);
  if ([...from, ...to].some((part) => part === "$" || part.startsWith("$[")))
    throw badValue(`The source and target field for $rename may not be dynamic: ${path}`);
  addPath(tree, from, { kind: "taken" });
  addPath(tree, to, { kind: "rename", from });
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

function identifiersIn(parts: readonly string[]): string[] {
  return parts.flatMap((part) => /^\$\[(.+)\]$/.exec(part)?.[1] ?? []);
}
