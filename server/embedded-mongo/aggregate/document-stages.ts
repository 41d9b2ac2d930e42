// Stages that turn one document into another: used in pipelines and in pipeline updates.
import { fieldsOf, firstField, itemsOf } from "../bson/document.ts";
import { ArrayNode, ObjectNode, closeNode, openNode, openObject, type Node } from "../bson/tree.ts";
import { bsonType, typeAlias } from "../bson/types.ts";
import { readString, type Value } from "../bson/value.ts";
import { StoreError } from "../errors.ts";
import { compileProjection } from "../query/projection.ts";
import { compileExpression } from "./expression.ts";
import type { Expression, Scope } from "./expression-types.ts";

export type DocumentStage = (document: Value, variables: Scope["variables"], nowMs: number) => Value;

/** The stage of this name, or null if it is none that works on single documents. */
export function documentStage(name: string, operand: Value): DocumentStage | null {
  switch (name) {
    case "$project":
      return projectStage(operand);
    case "$set":
    case "$addFields":
      return setStage(name, operand);
    case "$unset":
      return unsetStage(operand);
    case "$replaceRoot": {
      const fields = operand.type === bsonType.object ? fieldsOf(operand) : [];
      const [only] = fields;
      if (only?.name !== "newRoot" || fields.length !== 1)
        throw new StoreError(40229, "$replaceRoot needs an object with the one field 'newRoot'");
      return replaceStage(compileExpression(only.value));
    }
    case "$replaceWith":
      return replaceStage(compileExpression(operand));
    default:
      return null;
  }
}

const updateStages = ["$set", "$addFields", "$unset", "$project", "$replaceRoot", "$replaceWith"];

/** The transformation of a pipeline update. Throws InvalidOptions (72) for other stages. */
export function documentTransform(
  stages: readonly Value[],
): (document: Value, context: Pick<Scope, "nowMs" | "variables">) => Value {
  const compiled = stages.map((stage) => {
    const { name, operand } = stageOf(stage);
    const made = updateStages.includes(name) ? documentStage(name, operand) : null;
    if (made === null) throw new StoreError(72, `${name} is not allowed to be used within an update`);
    return made;
  });
  return (document, { variables, nowMs }) =>
    compiled.reduce((current, stage) => stage(current, variables, nowMs), document);
}

/** A stage's name and operand. Throws 40323 where it is not one field. */
export function stageOf(stage: Value): { name: string; operand: Value } {
  const fields = stage.type === bsonType.object ? fieldsOf(stage) : [];
  const [only] = fields;
  if (only === undefined || fields.length !== 1)
    throw new StoreError(40323, "A pipeline stage specification object must contain exactly one field.");
  return { name: only.name, operand: only.value };
}

function projectStage(operand: Value): DocumentStage {
  if (operand.type !== bsonType.object)
    throw new StoreError(15969, "$project specification must be an object");
  const projection = compileProjection(operand, null);
  if (projection === null)
    throw new StoreError(51272, "Invalid $project: the specification must have at least one field");
  return (document, variables, nowMs) => projection(document, { position: -1, variables, nowMs });
}

function setStage(name: string, operand: Value): DocumentStage {
  if (operand.type !== bsonType.object)
    throw new StoreError(40272, `${name} specification stage must be an object`);
  const assignments: { parts: string[]; expression: Expression }[] = [];
  const collect = (prefix: string[], document: Value) => {
    for (const { name: path, value } of fieldsOf(document)) {
      const parts = [...prefix, ...path.split(".")];
      if (parts.some((part) => part === "" || part.startsWith("$")))
        throw new StoreError(16410, "FieldPath field names may not be empty or start with '$'.");
      if (parts.length > 100) throw new StoreError(15, "a path may have 100 parts at most");
      const inner = value.type === bsonType.object ? firstField(value) : undefined;
      if (inner !== undefined && !inner.name.startsWith("$")) collect(parts, value);
      else assignments.push({ parts, expression: compileExpression(value) });
    }
  };
  collect([], operand);
  if (assignments.length === 0)
    throw new StoreError(40177, `${name} specification must have at least one field`);
  return (document, variables, nowMs) => {
    const scope: Scope = { root: document, variables, nowMs };
    const root = openObject(document);
    for (const { parts, expression } of assignments) assign(root, parts, 0, expression(scope));
    return closeNode(root);
  };
}

/** Goes into every document of an array; anything else on the way becomes a document. */
function assign(node: ObjectNode, parts: readonly string[], at: number, value: Value | undefined): void {
  const name = parts[at] ?? "";
  if (at === parts.length - 1) {
    if (value === undefined) node.fields.delete(name);
    else node.fields.set(name, value);
    return;
  }
  node.fields.set(name, assignInside(node.fields.get(name), parts, at + 1, value));
}

function assignInside(
  child: Node | undefined,
  parts: readonly string[],
  at: number,
  value: Value | undefined,
): Node {
  const opened = child === undefined ? new ObjectNode() : openNode(child);
  if (opened instanceof ArrayNode)
    return new ArrayNode(opened.items.map((item) => assignInside(item, parts, at, value)));
  const target = opened instanceof ObjectNode ? opened : new ObjectNode();
  assign(target, parts, at, value);
  return target;
}

function unsetStage(operand: Value): DocumentStage {
  const names = operand.type === bsonType.array ? itemsOf(operand) : [operand];
  const paths = names.map((item) => {
    if (item.type !== bsonType.string)
      throw new StoreError(31120, "$unset specification must be a string or an array of strings");
    return readString(item).split(".");
  });
  if (paths.length === 0) throw new StoreError(31119, "$unset specification must have at least one field");
  return (document) => {
    const root = openObject(document);
    for (const parts of paths) removePath(root, parts, 0);
    return closeNode(root);
  };
}

function removePath(node: ObjectNode, parts: readonly string[], at: number): void {
  const name = parts[at] ?? "";
  const child = node.fields.get(name);
  if (child === undefined) return;
  if (at === parts.length - 1) node.fields.delete(name);
  else node.fields.set(name, removeInside(child, parts, at + 1));
}

function removeInside(child: Node, parts: readonly string[], at: number): Node {
  const opened = openNode(child);
  if (opened instanceof ArrayNode)
    return new ArrayNode(opened.items.map((item) => removeInside(item, parts, at)));
  if (opened instanceof ObjectNode) removePath(opened, parts, at);
  return opened;
}

function replaceStage(expression: Expression): DocumentStage {
  return (document, variables, nowMs) => {
    const value = expression({ root: document, variables, nowMs });
    if (value === undefined || value.type !== bsonType.object)
      throw new StoreError(
        40228,
        `'newRoot' expression must evaluate to an object, but resulting value was of type ${value === undefined ? "missing" : typeAlias(value.type)}`,
      );
    return value;
  };
}
