// Projections: which fields of a document are answered.
import { compileExpression } from "../aggregate/expression.ts";
import type { Expression } from "../aggregate/expression-types.ts";
import { fieldsOf, firstField, itemsOf } from "../bson/document.ts";
import { toNumber } from "../bson/numeric.ts";
import { ArrayNode, ObjectNode, closeNode, openNode, type Node } from "../bson/tree.ts";
import { bsonType, isNumeric } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { StoreError, badValue } from "../errors.ts";
import type { Filter } from "./filter.ts";
import { firstMatchingElement, newMatchContext } from "./match.ts";
import { parseFilter, parseOperators, isOperatorDocument } from "./parse-filter.ts";
import { selfPath } from "./path.ts";
import { isTruthy } from "./truth.ts";

export interface ProjectionScope {
  /** Of the query's match, for `field.$`. */
  position: number;
  nowMs: number;
  variables: ReadonlyMap<string, Value | undefined>;
}

export type Projection = (document: Value, scope: ProjectionScope) => Value;

/** What happens to one field. A branch holds what happens to fields inside it. */
type Rule =
  | { kind: "include" }
  | { kind: "exclude" }
  | { kind: "positional" }
  | { kind: "slice"; skip: number | null; limit: number }
  | { kind: "elemMatch"; filter: Extract<Filter, { kind: "elemMatchObject" | "elemMatchValue" }> }
  | { kind: "compute"; expression: Expression }
  | { kind: "branch"; fields: Map<string, Rule> };

interface Parsed {
  fields: Map<string, Rule>;
  mode: "include" | "exclude" | null;
  positional: boolean;
}

/** `filter` is needed for `field.$`, which refers to the query's match. Throws 31253, 31254 and their like. */
export function compileProjection(document: Value, filter: Filter | null): Projection | null {
  const parsed: Parsed = { fields: new Map(), mode: null, positional: false };
  let idRule: Rule | null = null;
  const fields = fieldsOf(document);
  if (fields.length === 0) return null;
  for (const { name, value } of fields) {
    const rule = parseRule(parsed, name, value, filter);
    if (rule === null) continue;
    if (name === "_id" && (rule.kind === "include" || rule.kind === "exclude")) {
      idRule = rule;
      continue;
    }
    noteMode(parsed, name, rule);
    place(parsed.fields, rule.kind === "positional" ? name.slice(0, -2) : name, rule);
  }
  const including = parsed.mode === null ? defaultMode(parsed, idRule) : parsed.mode === "include";
  if (idRule !== null) {
    if (including === (idRule.kind === "include")) parsed.fields.set("_id", idRule);
    else if (idRule.kind === "exclude") parsed.fields.set("_id", idRule);
  } else if (including && !parsed.fields.has("_id")) parsed.fields.set("_id", { kind: "include" });
  return (given, scope) =>
    closeNode(apply({ including, scope, root: given }, parsed.fields, openNode(given)) ?? new ObjectNode());
}

/** Without fields that say so: `{_id: 1}` includes, everything else (slices alone, say) keeps the rest. */
function defaultMode(parsed: Parsed, idRule: Rule | null): boolean {
  if ([...parsed.fields.values()].some(({ kind }) => kind === "compute" || kind === "elemMatch")) return true;
  return idRule?.kind === "include";
}

function noteMode(parsed: Parsed, name: string, rule: Rule): void {
  const mode =
    rule.kind === "include" || rule.kind === "positional"
      ? "include"
      : rule.kind === "exclude"
        ? "exclude"
        : rule.kind === "compute"
          ? "include"
          : null;
  if (mode === null) return;
  if (parsed.mode !== null && parsed.mode !== mode)
    throw mode === "exclude"
      ? new StoreError(31254, `Cannot do exclusion on field ${name} in inclusion projection`)
      : new StoreError(31253, `Cannot do inclusion on field ${name} in exclusion projection`);
  parsed.mode = mode;
}

function parseRule(parsed: Parsed, name: string, value: Value, filter: Filter | null): Rule | null {
  if (name === "" || name.split(".").includes(""))
    throw new StoreError(40352, "a projection names an empty field");
  if (name.endsWith(".$")) {
    if (filter === null) throw new StoreError(31394, "positional projections need a query");
    if (parsed.positional)
      throw new StoreError(31276, "Cannot specify more than one positional projection per query.");
    parsed.positional = true;
    return { kind: "positional" };
  }
  if (name.startsWith("$")) throw new StoreError(16410, "FieldPath field names may not start with '$'.");
  if (value.type === bsonType.boolean || isNumeric(value.type))
    return isTruthy(value) ? { kind: "include" } : { kind: "exclude" };
  if (value.type === bsonType.object) {
    const first = firstField(value);
    if (first?.name === "$slice")
      return parseSlice(first.value) ?? { kind: "compute", expression: compileExpression(value) };
    if (first?.name === "$elemMatch") return parseElemMatch(first.value);
    if (first?.name === "$meta") throw badValue("$meta is not supported by this server");
    if (first !== undefined && !first.name.startsWith("$")) {
      for (const inner of fieldsOf(value)) {
        const rule = parseRule(parsed, `${name}.${inner.name}`, inner.value, filter);
        if (rule === null) continue;
        noteMode(parsed, `${name}.${inner.name}`, rule);
        place(parsed.fields, `${name}.${inner.name}`, rule);
      }
      return null;
    }
    if (first === undefined) throw new StoreError(51270, "An empty sub-projection is not a valid value.");
  }
  return { kind: "compute", expression: compileExpression(value) };
}

/** Null where `$slice` is the expression with the array as its first operand. */
function parseSlice(value: Value): Rule | null {
  const numbers = (value.type === bsonType.array ? itemsOf(value) : [value]).map((item) =>
    isNumeric(item.type) ? Math.trunc(toNumber(item)) : null,
  );
  const [first, second] = numbers;
  if (first === null || first === undefined) {
    if (value.type === bsonType.array) return null;
    throw new StoreError(28667, "$slice needs a number or an array of two");
  }
  if (value.type !== bsonType.array) return { kind: "slice", skip: null, limit: first };
  if (numbers.length !== 2 || second === null || second === undefined || second <= 0)
    throw new StoreError(28724, "$slice's limit must be a number above 0");
  return { kind: "slice", skip: first, limit: second };
}

function parseElemMatch(value: Value): Rule {
  if (value.type !== bsonType.object)
    throw new StoreError(31274, "elemMatch: Invalid argument, object required");
  return {
    kind: "elemMatch",
    filter: isOperatorDocument(value)
      ? { kind: "elemMatchValue", path: selfPath, conditions: [parseOperators(selfPath, value)] }
      : { kind: "elemMatchObject", path: selfPath, child: parseFilter(value) },
  };
}

function place(fields: Map<string, Rule>, path: string, rule: Rule): void {
  const parts = path.split(".");
  let current = fields;
  for (const part of parts.slice(0, -1)) {
    let branch = current.get(part);
    if (branch === undefined) current.set(part, (branch = { kind: "branch", fields: new Map() }));
    if (branch.kind !== "branch") throw new StoreError(31249, `Path collision at ${path}`);
    current = branch.fields;
  }
  const name = parts.at(-1) ?? "";
  if (current.has(name)) throw new StoreError(31250, `Path collision at ${path}`);
  current.set(name, rule);
}

interface Application {
  including: boolean;
  scope: ProjectionScope;
  root: Value;
}

/** Undefined where nothing of the node stays. */
function apply(application: Application, rules: ReadonlyMap<string, Rule>, node: Node): Node | undefined {
  if (node instanceof ArrayNode) {
    const items: Node[] = [];
    for (const item of node.items) {
      const kept = apply(application, rules, openNode(item));
      if (kept !== undefined) items.push(kept);
    }
    return new ArrayNode(items);
  }
  if (!(node instanceof ObjectNode)) return application.including ? undefined : node;
  const result = new ObjectNode();
  for (const [name, child] of node.fields) {
    const rule = rules.get(name);
    const kept =
      rule === undefined ? (application.including ? undefined : child) : applyRule(application, rule, child);
    if (kept !== undefined) result.fields.set(name, kept);
  }
  computeFields(application, rules, result);
  return result;
}

function applyRule(application: Application, rule: Rule, child: Node): Node | undefined {
  switch (rule.kind) {
    case "include":
      return child;
    case "exclude":
    case "compute":
      return undefined;
    case "branch":
      return apply(application, rule.fields, openNode(child));
    case "slice": {
      const opened = openNode(child);
      return opened instanceof ArrayNode ? new ArrayNode(sliced(opened.items, rule.skip, rule.limit)) : child;
    }
    case "positional": {
      const opened = openNode(child);
      if (!(opened instanceof ArrayNode)) return child;
      const item = opened.items[application.scope.position];
      if (item === undefined)
        throw new StoreError(
          51246,
          "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
        );
      return new ArrayNode([item]);
    }
    case "elemMatch": {
      const value = closeNode(child);
      if (value.type !== bsonType.array) return undefined;
      const position = firstMatchingElement(rule.filter, value, newMatchContext(application.scope.nowMs));
      const item = position < 0 ? undefined : itemsOf(value)[position];
      return item === undefined ? undefined : new ArrayNode([item]);
    }
  }
}

function sliced(items: readonly Node[], skip: number | null, limit: number): Node[] {
  if (skip === null) return limit < 0 ? items.slice(limit) : items.slice(0, limit);
  const start = skip < 0 ? Math.max(0, items.length + skip) : skip;
  return items.slice(start, start + limit);
}

/** Computed fields come after the kept ones, in the order of the projection. */
function computeFields(application: Application, rules: ReadonlyMap<string, Rule>, result: ObjectNode): void {
  const { root, scope } = application;
  for (const [name, rule] of rules) {
    if (rule.kind === "compute") {
      const value = rule.expression({ root, variables: scope.variables, nowMs: scope.nowMs });
      if (value !== undefined) result.fields.set(name, value);
    } else if (rule.kind === "branch" && !result.fields.has(name) && computes(rule.fields)) {
      const inner = new ObjectNode();
      computeFields(application, rule.fields, inner);
      result.fields.set(name, inner);
    }
  }
}

function computes(rules: ReadonlyMap<string, Rule>): boolean {
  return [...rules.values()].some(
    (rule) => rule.kind === "compute" || (rule.kind === "branch" && computes(rule.fields)),
  );
}
