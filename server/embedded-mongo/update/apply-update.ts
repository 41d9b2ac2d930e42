// Applies a parsed update to a document and gives the new bytes. What is not touched stays byte for byte.
import { getField, isPosition } from "../bson/document.ts";
import { equalValues } from "../bson/compare.ts";
import { ArrayNode, ObjectNode, closeNode, nodeType, openNode, openObject, type Node } from "../bson/tree.ts";
import { typeAlias } from "../bson/types.ts";
import { maxDocumentBytes } from "../bson/validate.ts";
import type { Value } from "../bson/value.ts";
import { nullValue } from "../bson/value.ts";
import { documentOf } from "../bson/writer.ts";
import { StoreError, badValue } from "../errors.ts";
import type { Filter } from "../query/filter.ts";
import { matches, newMatchContext } from "../query/match.ts";
import { keep, remove, type FieldUpdate, type Outcome, type Update, type UpdateContext } from "./types.ts";
import { inOrder, mergeTrees, type UpdateBranch, type UpdateTree } from "./update-tree.ts";

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
  applyTree({ root, id, context, filters: update.arrayFilters }, update.tree, []);
  return closeNode(root);
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

function checkId({ root, id }: Run): void {
  if (id === undefined) return;
  const node = root.fields.get("_id");
  const after = node === undefined ? undefined : closeNode(node);
  if (after === undefined || after.type !== id.type || !after.bytes().equals(id.bytes()))
    throw new StoreError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
}

interface Run {
  root: ObjectNode;
  id: Value | undefined;
  context: UpdateContext;
  filters: ReadonlyMap<string, Filter>;
}

/** `parts` leads to the place of this tree, with every `$` and `$[...]` resolved. */
function applyTree(run: Run, tree: UpdateTree, parts: readonly string[]): void {
  switch (tree.kind) {
    case "taken":
      return;
    case "rename":
      renameField(run, tree.from, parts);
      if (parts[0] === "_id" || tree.from[0] === "_id") checkId(run);
      return;
    case "operator":
      if (tree.update.onInsertOnly && !run.context.inserting) return;
      descend({ update: tree.update, parts, context: run.context }, run.root, 0);
      if (parts[0] === "_id") checkId(run);
      return;
    case "fields":
      for (const [name, child] of inOrder(resolvedFields(run, tree, parts)))
        applyTree(run, child, [...parts, name]);
      return;
    case "elements":
      for (const [position, child] of chosenElements(run, tree, parts))
        applyTree(run, child, [...parts, String(position)]);
  }
}

/** The children with `$` under the name of the position it stands for. */
function resolvedFields({ context }: Run, { children }: UpdateBranch, parts: readonly string[]) {
  const positional = children.get("$");
  if (positional === undefined) return children;
  if (context.position < 0)
    throw badValue("The positional operator did not find the match needed from the query.");
  const name = String(context.position);
  const own = children.get(name);
  const resolved = new Map(children);
  resolved.delete("$");
  return resolved.set(name, own === undefined ? positional : mergeTrees(own, positional, [...parts, name]));
}

/** What is to be done to each element; all filters are asked before the first element changes. */
function chosenElements(run: Run, { children }: UpdateBranch, parts: readonly string[]) {
  const array = nodeAt(run.root, parts);
  if (array === undefined)
    throw badValue(
      `The path '${parts.join(".")}' must exist in the document in order to apply array updates.`,
    );
  if (!(array instanceof ArrayNode))
    throw badValue(`Cannot apply array updates to non-array element at '${parts.join(".")}'`);
  const chosen = new Map<number, UpdateTree>();
  array.items.forEach((item, position) => {
    for (const [identifier, child] of inOrder(children)) {
      if (identifier !== "" && !filterHolds(run, identifier, item)) continue;
      const own = chosen.get(position);
      chosen.set(position, own === undefined ? child : mergeTrees(own, child, [...parts, String(position)]));
    }
  });
  return chosen;
}

function filterHolds({ filters, context }: Run, identifier: string, item: Node): boolean {
  const filter = filters.get(identifier);
  const wrapped = documentOf([[identifier, closeNode(item)]]);
  return filter !== undefined && matches(filter, wrapped, newMatchContext(context.nowMs));
}

/** The node at a path, opened, as everything on the way to it; undefined where there is none. */
function nodeAt(root: ObjectNode, parts: readonly string[]): Node | undefined {
  let current: Node = root;
  for (const part of parts) {
    const child = childOf(current, part);
    if (child === undefined) return undefined;
    const opened = openNode(child);
    if (current instanceof ObjectNode) current.fields.set(part, opened);
    else if (current instanceof ArrayNode) current.items[Number(part)] = opened;
    current = opened;
  }
  return current;
}

function childOf(node: Node, part: string): Node | undefined {
  if (node instanceof ObjectNode) return node.fields.get(part);
  return node instanceof ArrayNode && isPosition(part) ? node.items[Number(part)] : undefined;
}

interface Step {
  update: Pick<FieldUpdate, "creates" | "passesBlockedPaths" | "apply">;
  parts: readonly string[];
  context: UpdateContext;
}

function descend(step: Step, node: ObjectNode | ArrayNode, at: number): void {
  const part = step.parts[at] ?? "";
  if (node instanceof ArrayNode) applyToPosition(step, node, at, part);
  else applyToField(step, node, at, part);
}

function applyToField(step: Step, node: ObjectNode, at: number, name: string): void {
  const { update, parts, context } = step;
  const child = node.fields.get(name);
  if (at === parts.length - 1) {
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
  const { update, parts, context } = step;
  if (!isPosition(part)) {
    if (update.passesBlockedPaths === true) return;
    throw notViable(part, "an array");
  }
  const position = Number(part);
  const child = node.items[position];
  if (at === parts.length - 1) {
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
  const { update, parts } = step;
  if (child === undefined) return update.creates ? new ObjectNode() : null;
  const opened = openNode(child);
  if (opened instanceof ObjectNode || opened instanceof ArrayNode) return opened;
  if (update.passesBlockedPaths === true) return null;
  throw notViable(parts[at + 1] ?? "", `element '${name}' of type ${typeAlias(nodeType(child))}`);
}

function notViable(field: string, place: string): StoreError {
  return new StoreError(28, `Cannot create field '${field}' in ${place}`);
}

/** Sets the destination where it stands and takes the source away. Neither may lie in an array. */
function renameField({ root, context }: Run, from: readonly string[], to: readonly string[]): void {
  const moved = renameSource(root, from);
  if (moved === undefined) return;
  if (to.some((_part, at) => at > 0 && nodeAt(root, to.slice(0, at)) instanceof ArrayNode))
    throw badValue(`The destination field of $rename cannot be an array element, '${to.join(".")}'`);
  const value = closeNode(moved);
  const set = (existing: Node | undefined): Outcome =>
    existing !== undefined && equalValues(closeNode(existing), value) ? keep : { kind: "set", node: value };
  descend({ update: { creates: true, apply: set }, parts: to, context }, root, 0);
  descend(
    {
      update: { creates: false, apply: (existing) => (existing === undefined ? keep : remove) },
      parts: from,
      context,
    },
    root,
    0,
  );
}

function renameSource(root: ObjectNode, from: readonly string[]): Node | undefined {
  let inArray = false;
  let current: Node = root;
  for (const [at, part] of from.entries()) {
    const isArray = current instanceof ArrayNode;
    if (!(current instanceof ObjectNode) && !(isArray && isPosition(part)))
      throw notViable(part, `a value of type ${typeAlias(nodeType(current))}`);
    inArray ||= isArray;
    const child = nodeAt(root, from.slice(0, at + 1));
    if (child === undefined) return undefined;
    current = child;
  }
  if (inArray) throw badValue(`The source field of $rename cannot be an array element, '${from.join(".")}'`);
  return current;
}
