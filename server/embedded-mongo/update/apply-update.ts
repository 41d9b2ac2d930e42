// Applies a parsed update to a document and gives the new bytes. What is not touched stays byte for byte.
import { getField, isPosition } from "../bson/document.ts";
import { equalValues } from "../bson/compare.ts";
import { ArrayNode, ObjectNode, closeNode, nodeType, openNode, openObject, type Node } from "../bson/tree.ts";
import { bsonType, typeAlias } from "../bson/types.ts";
import { maxDocumentBytes } from "../bson/validate.ts";
import type { Value } from "../bson/value.ts";
import { nullValue } from "../bson/value.ts";
import { documentOf } from "../bson/writer.ts";
import { StoreError, badValue } from "../errors.ts";
import type { Filter } from "../query/filter.ts";
import { matches, newMatchContext } from "../query/match.ts";
import type { FieldUpdate, Update, UpdateContext } from "./types.ts";

/** An array may grow by this many nulls when a position beyond its end is set. */
const maxPadding = 1_500_000;
const noVariables: ReadonlyMap<string, Value | undefined> = new Map();

/**
 * The document after the update. Throws ImmutableField (66) if its _id would change and BSONObjectTooLarge (10334).
 * The same bytes come back where nothing changes.
 */
export function applyUpdate(update: Update, document: Value, context: UpdateContext): Value {
  const updated = changed(update, document, context);
  if (updated.end - updated.start > maxDocumentBytes)
    throw new StoreError(10334, `Resulting document after update is larger than ${maxDocumentBytes}`);
  return updated;
}

function changed(update: Update, document: Value, context: UpdateContext): Value {
  const id = getField(document, "_id");
  if (update.kind === "replacement") return replaced(update.document, id);
  // A pipeline makes a whole new document, which takes over the _id as a replacement does.
  if (update.kind === "pipeline") {
    const { nowMs, variables = noVariables } = context;
    return replaced(update.transform(document, { nowMs, variables }), id);
  }
  const root = openObject(document);
  for (const fieldUpdate of update.updates) {
    if (fieldUpdate.onInsertOnly && !context.inserting) continue;
    descend({ update: fieldUpdate, context, filters: update.arrayFilters }, root, 0);
  }
  for (const rename of update.renames) renameField(root, rename, context);
  return keepingId(closeNode(root), id);
}

function replaced(replacement: Value, id: Value | undefined): Value {
  const given = getField(replacement, "_id");
  if (id === undefined) return replacement;
  if (given !== undefined && !equalValues(given, id))
    throw new StoreError(
      66,
      "After applying the update, the (immutable) field '_id' was found to have been altered.",
    );
  return withIdFirst(replacement, id);
}

/** Puts the _id in front, as stored documents have it. */
export function withIdFirst(document: Value, id: Value): Value {
  const rest = [...openObject(document).fields].filter(([name]) => name !== "_id");
  return documentOf(
    [["_id", id], ...rest.map(([name, node]) => [name, closeNode(node)] as const)],
    document.end - document.start + 64,
  );
}

function keepingId(updated: Value, id: Value | undefined): Value {
  if (id === undefined) return updated;
  const after = getField(updated, "_id");
  if (after === undefined || after.type !== id.type || !after.bytes().equals(id.bytes()))
    throw new StoreError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
  return updated;
}

interface Step {
  update: FieldUpdate;
  context: UpdateContext;
  filters: ReadonlyMap<string, Filter>;
}

function descend(step: Step, node: ObjectNode | ArrayNode, at: number): void {
  const part = resolvedPart(step, at);
  if (part.startsWith("$[")) applyToElements(step, node, at, part);
  else if (node instanceof ArrayNode) applyToPosition(step, node, at, part);
  else applyToField(step, node, at, part);
}

function resolvedPart({ update, context }: Step, at: number): string {
  const part = update.parts[at] ?? "";
  if (part !== "$") return part;
  if (context.position < 0)
    throw badValue("The positional operator did not find the match needed from the query.");
  return String(context.position);
}

function applyToField(step: Step, node: ObjectNode, at: number, name: string): void {
  const { update, context } = step;
  const child = node.fields.get(name);
  if (at === update.parts.length - 1) {
    const outcome = update.apply(child, context);
    if (outcome.kind === "set") node.fields.set(name, outcome.node);
    else if (outcome.kind === "remove") node.fields.delete(name);
    return;
  }
  const opened = openedChild(step, child, at, name);
  if (opened === null) return;
  descend(step, opened, at + 1);
  node.fields.set(name, opened);
}

function applyToPosition(step: Step, node: ArrayNode, at: number, part: string): void {
  const { update, context } = step;
  if (!isPosition(part)) {
    if (!update.creates) return;
    throw notViable(part, "an array");
  }
  const position = Number(part);
  const child = node.items[position];
  if (at === update.parts.length - 1) {
    const outcome = update.apply(child, context);
    if (outcome.kind === "set") setPosition(node, position, outcome.node);
    else if (outcome.kind === "remove") node.items[position] = nullValue;
    return;
  }
  const opened = openedChild(step, child, at, part);
  if (opened === null) return;
  descend(step, opened, at + 1);
  setPosition(node, position, opened);
}

function setPosition(node: ArrayNode, position: number, item: Node): void {
  if (position - node.items.length > maxPadding)
    throw badValue(`can't backfill more than ${maxPadding} elements of an array`);
  while (node.items.length < position) node.items.push(nullValue);
  node.items[position] = item;
}

/** The child opened for change; null where it is missing and the operator does not make it. */
function openedChild(
  step: Step,
  child: Node | undefined,
  at: number,
  name: string,
): ObjectNode | ArrayNode | null {
  const { update } = step;
  if (child === undefined) {
    if (update.parts[at + 1]?.startsWith("$[") === true)
      throw badValue(
        `The path '${update.parts.slice(0, at + 1).join(".")}' must exist in the document in order to apply array updates.`,
      );
    return update.creates ? new ObjectNode() : null;
  }
  const opened = openNode(child);
  if (opened instanceof ObjectNode || opened instanceof ArrayNode) return opened;
  if (!update.creates) return null;
  throw notViable(update.parts[at + 1] ?? "", `element '${name}' of type ${typeAlias(nodeType(child))}`);
}

function notViable(field: string, place: string): StoreError {
  return new StoreError(28, `Cannot create field '${field}' in ${place}`);
}

function applyToElements(step: Step, node: ObjectNode | ArrayNode, at: number, part: string): void {
  const { update, context, filters } = step;
  if (!(node instanceof ArrayNode))
    throw badValue(
      `Cannot apply array updates to non-array element at '${update.parts.slice(0, at).join(".")}'`,
    );
  const identifier = part.slice(2, -1);
  const filter = identifier === "" ? null : filters.get(identifier);
  if (filter === undefined)
    throw badValue(`No array filter found for identifier '${identifier}' in path '${update.path}'`);
  node.items.forEach((item, position) => {
    if (filter !== null) {
      const wrapped = documentOf([[identifier, closeNode(item)]]);
      if (!matches(filter, wrapped, newMatchContext(context.nowMs))) return;
    }
    applyToPosition(step, node, at, String(position));
  });
}

function renameField(root: ObjectNode, rename: { from: string; to: string }, context: UpdateContext): void {
  const fromParts = rename.from.split(".");
  const parent = plainParent(root, fromParts, "source");
  const name = fromParts.at(-1) ?? "";
  const node = parent?.fields.get(name);
  if (parent === null || node === undefined) return;
  plainParent(root, rename.to.split("."), "destination");
  parent.fields.delete(name);
  const setting: FieldUpdate = {
    operator: "$rename",
    path: rename.to,
    parts: rename.to.split("."),
    creates: true,
    onInsertOnly: false,
    apply: () => ({ kind: "set", node }),
  };
  // A renamed field goes to the end, as if it were new.
  const target = plainParent(root, setting.parts, "destination");
  target?.fields.delete(setting.parts.at(-1) ?? "");
  descend({ update: setting, context, filters: new Map() }, root, 0);
}

/** The document that holds the last part, opened; null where there is none. Renames do not go through arrays. */
function plainParent(root: ObjectNode, parts: readonly string[], role: string): ObjectNode | null {
  let current = root;
  for (const part of parts.slice(0, -1)) {
    const child = current.fields.get(part);
    if (child === undefined) return null;
    if (nodeType(child) === bsonType.array)
      throw badValue(`The ${role} field of $rename cannot be an array element, '${parts.join(".")}'`);
    const opened = openNode(child);
    if (!(opened instanceof ObjectNode)) return null;
    current.fields.set(part, opened);
    current = opened;
  }
  return current;
}
