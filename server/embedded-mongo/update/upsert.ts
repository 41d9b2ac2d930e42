// The document an upsert makes: the equalities of the query, then the update, then an _id if there is none.
import { ObjectId } from "bson";
import { equalValues } from "../bson/compare.ts";
import { fieldsOf, getField } from "../bson/document.ts";
import { ObjectNode, closeNode } from "../bson/tree.ts";
import { bsonType, typeAlias } from "../bson/types.ts";
import { Value, objectIdValue } from "../bson/value.ts";
import { StoreError } from "../errors.ts";
import type { Filter } from "../query/filter.ts";
import { applyUpdate, withIdFirst } from "./apply-update.ts";
import type { Update } from "./types.ts";

export function upsertedDocument(
  update: Update,
  filter: Filter,
  { nowMs, variables }: { nowMs: number; variables: ReadonlyMap<string, Value | undefined> },
): Value {
  const seed = closeNode(seedOf(filter, update.kind === "replacement"));
  const updated = applyUpdate(update, seed, { inserting: true, position: -1, nowMs, variables });
  return withId(updated);
}

/** The document with its _id in front; one is made where there is none. Throws InvalidIdField (53). */
export function withId(document: Value): Value {
  const id = getField(document, "_id");
  if (id === undefined) return withIdFirst(document, objectIdValue(new ObjectId().id));
  if (id.type === bsonType.array || id.type === bsonType.regex || id.type === bsonType.undefined)
    throw new StoreError(53, `The '_id' value cannot be of type ${typeAlias(id.type)}`);
  if (id.type === bsonType.object) refuseDollarFields(id);
  const isFirst = id.start === document.start + 4 + 1 + 4;
  return isFirst ? document : withIdFirst(document, id);
}

/** Fields of an _id may not begin with a dollar sign, at no depth. */
function refuseDollarFields(value: Value): void {
  for (const { name, value: field } of fieldsOf(value)) {
    if (value.type === bsonType.object && name.startsWith("$"))
      throw new StoreError(
        52,
        `_id fields may not contain '$'-prefixed fields: ${name} is not valid for storage.`,
      );
    if (field.type === bsonType.object || field.type === bsonType.array) refuseDollarFields(field);
  }
}

function seedOf(filter: Filter, idOnly: boolean): ObjectNode {
  const root = new ObjectNode();
  // MongoDB keeps the equalities by path, whatever their order in the query.
  const sorted = equalities(filter).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  for (const { path, value } of sorted) {
    if (idOnly && path !== "_id") continue;
    place(root, path, value);
  }
  return root;
}

function equalities(filter: Filter): { path: string; value: Value }[] {
  if (filter.kind === "and") return filter.children.flatMap(equalities);
  if (filter.kind === "or" && filter.children.length === 1) return filter.children.flatMap(equalities);
  if (filter.kind === "compare" && filter.operator === "eq")
    return [{ path: filter.path.text, value: filter.operand }];
  const [only, ...others] = filter.kind === "in" && filter.regexes.length === 0 ? filter.values : [];
  if (filter.kind === "in" && only !== undefined && others.every((value) => equalValues(value, only)))
    return [{ path: filter.path.text, value: only }];
  return [];
}

function place(root: ObjectNode, path: string, value: Value): void {
  const parts = path.split(".");
  let current = root;
  for (const part of parts.slice(0, -1)) {
    let child = current.fields.get(part);
    if (child === undefined) current.fields.set(part, (child = new ObjectNode()));
    if (!(child instanceof ObjectNode)) throw twice(path);
    current = child;
  }
  const name = parts.at(-1) ?? "";
  const existing = current.fields.get(name);
  if (existing !== undefined && !(existing instanceof Value && sameBytes(existing, value))) throw twice(path);
  current.fields.set(name, value);
}

function sameBytes(left: Value, right: Value): boolean {
  return left.type === right.type && left.bytes().equals(right.bytes());
}

function twice(path: string): StoreError {
  return new StoreError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
}
