// Updates as MongoDB applies them: the paths of all operators form one tree, applied in the order of its names.
import { compare, identical } from "./compare.ts";
import { matcherOf, type Matcher } from "./match.ts";
import { Refused } from "./refused.ts";
import { makeOperator, operatorNames, type Operator } from "./update-operators.ts";
import { getField, nothing, type Doc, type Field, type Val } from "./value.ts";

type Tree =
  | { kind: "leaf"; operator: Operator; name: string }
  | { kind: "rename"; from: string[] }
  | { kind: "taken" }
  | { kind: "object"; children: Map<string, Tree> }
  | { kind: "array"; children: Map<string, Tree> };

export interface UpdateContext {
  inserting: boolean;
  /** What `$` stands for. */
  position: number | undefined;
}

export type Updater = (document: Doc, context: UpdateContext) => Doc;

/** Throws Refused for updates that MongoDB does not take. */
export function updaterOf(update: Doc, arrayFilters: readonly Doc[]): Updater {
  if (update[0]?.[0].startsWith("$") !== true) return replacement(update);
  const filters = new Map(arrayFilters.map((filter) => arrayFilter(filter)));
  const used = new Set<string>();
  const root: Tree = { kind: "object", children: new Map() };
  for (const [name, fields] of update) {
    if (!operatorNames.has(name)) throw new Refused(9, `Unknown modifier: ${name}`);
    if (fields.t !== "object") throw new Refused(9, `Modifiers operate on fields but we found ${fields.t}`);
    for (const [path, operand] of fields.v) {
      if (name === "$rename") addRename(root, path, operand);
      else
        add(root, parts(path, filters, used), { kind: "leaf", operator: makeOperator(name, operand), name });
    }
  }
  for (const name of filters.keys())
    if (!used.has(name)) throw new Refused(9, `The array filter for identifier '${name}' was not used`);
  return (document, context) => {
    const run: Run = { ...context, filters, hasId: getField(document, "_id") !== undefined, document };
    visit(run, root, []);
    return run.document;
  };
}

function replacement(update: Doc): Updater {
  return (document) => {
    const id = getField(document, "_id");
    const given = getField(update, "_id");
    if (id === undefined) return update;
    if (given !== undefined && compare(given, id) !== 0) throw new Refused(66, "_id was altered");
    return [["_id", id], ...update.filter(([name]) => name !== "_id")];
  };
}

function arrayFilter(filter: Doc): [string, Matcher] {
  const names = new Set(filterNames(filter));
  const [name, ...others] = names;
  if (name === undefined)
    throw new Refused(9, "Cannot use an expression without a top-level field name in arrayFilters");
  if (others.length > 0) throw new Refused(9, "Expected a single top-level field name");
  return [name, matcherOf(filter)];
}

function filterNames(filter: Doc): string[] {
  return filter.flatMap(([name, value]) =>
    name.startsWith("$")
      ? value.t === "array"
        ? value.v.flatMap((child) => (child.t === "object" ? filterNames(child.v) : []))
        : []
      : [name.split(".")[0] ?? ""],
  );
}

function parts(path: string, filters: ReadonlyMap<string, Matcher>, used: Set<string>): string[] {
  const names = path.split(".");
  if (path === "" || names.includes(""))
    throw new Refused(56, `The update path '${path}' contains an empty field name`);
  for (const name of names) {
    if (!name.startsWith("$[") || name === "$[]") continue;
    const identifier = name.slice(2, -1);
    if (!filters.has(identifier))
      throw new Refused(2, `No array filter found for identifier '${identifier}'`);
    used.add(identifier);
  }
  if (names.filter((name) => name === "$").length > 1) throw new Refused(2, "Too many positional elements");
  if (names[0]?.startsWith("$") === true)
    throw new Refused(2, "Cannot have positional element in the first position");
  return names;
}

function addRename(root: Tree, path: string, operand: Val): void {
  if (operand.t !== "string") throw new Refused(2, "The 'to' field for $rename must be a string");
  const from = parts(path, new Map(), new Set());
  const to = parts(operand.v, new Map(), new Set());
  if ([...from, ...to].some((name) => name === "$" || name.startsWith("$[")))
    throw new Refused(2, "The fields of $rename may not be dynamic");
  const short = Math.min(from.length, to.length);
  if (from.slice(0, short).join(".") === to.slice(0, short).join("."))
    throw new Refused(2, "The source and target field for $rename must differ");
  add(root, from, { kind: "taken" });
  add(root, to, { kind: "rename", from });
}

function add(root: Tree, names: readonly string[], leaf: Tree): void {
  let node = root;
  for (const [index, name] of names.entries()) {
    const kind = name.startsWith("$[") ? "array" : "object";
    if (node.kind !== kind) throw new Refused(40, `conflict at '${names.slice(0, index).join(".")}'`);
    const child = node.children.get(name);
    if (index === names.length - 1) {
      if (child !== undefined) throw new Refused(40, `conflict at '${names.join(".")}'`);
      node.children.set(name, leaf);
      return;
    }
    const next: Tree = child ?? {
      kind: names[index + 1]?.startsWith("$[") === true ? "array" : "object",
      children: new Map(),
    };
    node.children.set(name, next);
    node = next;
  }
}

function merged(left: Tree, right: Tree): Tree {
  if ((left.kind !== "object" && left.kind !== "array") || left.kind !== right.kind)
    throw new Refused(40, "Update created a conflict");
  const children = new Map(left.children);
  for (const [name, child] of right.children) {
    const own = children.get(name);
    children.set(name, own === undefined ? child : merged(own, child));
  }
  return { kind: left.kind, children };
}

/** One application of the tree to one document; `document` is the state so far. */
interface Run extends UpdateContext {
  filters: ReadonlyMap<string, Matcher>;
  /** An upsert whose filter says nothing of the _id may set it. */
  hasId: boolean;
  document: Doc;
}

function visit(run: Run, tree: Tree, path: readonly string[]): void {
  switch (tree.kind) {
    case "taken":
      return;
    case "rename":
      rename(run, tree.from, path);
      return;
    case "leaf": {
      if (tree.name === "$setOnInsert" && !run.inserting) return;
      const { operator } = tree;
      setAt(run, path, (value) => operator.apply(value), tree.name === "$unset");
      return;
    }
    case "object":
      for (const [name, child] of inOrder(withPosition(run, tree.children)))
        visit(run, child, [...path, name]);
      return;
    case "array":
      for (const { index, update } of matchingElements(run, tree.children, path))
        visit(run, update, [...path, String(index)]);
  }
}

/** The children with `$` replaced by the position it stands for. */
function withPosition(run: Run, children: ReadonlyMap<string, Tree>): ReadonlyMap<string, Tree> {
  const positional = children.get("$");
  if (positional === undefined) return children;
  if (run.position === undefined)
    throw new Refused(2, "The positional operator did not find the match needed from the query");
  const name = String(run.position);
  const own = children.get(name);
  const resolved = new Map([...children].filter(([key]) => key !== "$"));
  return resolved.set(name, own === undefined ? positional : merged(own, positional));
}

function matchingElements(run: Run, children: ReadonlyMap<string, Tree>, path: readonly string[]) {
  const array = lookUp(run.document, path);
  if (array?.t !== "array")
    throw new Refused(2, "Cannot apply array updates to a missing or non-array element");
  return array.v.flatMap((item, index) => {
    const [first, ...others] = inOrder(children)
      .filter(([name]) => {
        const identifier = name.slice(2, -1);
        return identifier === "" || run.filters.get(identifier)?.([[identifier, item]]).matched === true;
      })
      .map(([, update]) => update);
    return first === undefined ? [] : [{ index, update: others.reduce(merged, first) }];
  });
}

/** Numbers in the order of numbers, other names in that of their bytes. */
function inOrder(children: ReadonlyMap<string, Tree>): [string, Tree][] {
  const numberOf = (name: string) => (/^(0|[1-9]\d*)$/.test(name) ? Number(name) : undefined);
  return [...children].sort(([a], [b]) => {
    const [x, y] = [numberOf(a), numberOf(b)];
    if (x !== undefined && y !== undefined) return x - y;
    return a < b ? -1 : a > b ? 1 : 0;
  });
}

/** The value that lies at a path exactly; numbers in it are positions of arrays. */
function lookUp(document: Doc, path: readonly string[]): Val | undefined {
  let value: Val | undefined = { t: "object", v: document };
  for (const name of path) {
    if (value?.t === "object") value = getField(value.v, name);
    else if (value?.t === "array" && isPosition(name)) value = value.v[Number(name)];
    else return undefined;
  }
  return value;
}

const isPosition = (name: string) => /^(0|[1-9]\d*)$/.test(name);

function setAt(
  run: Run,
  path: readonly string[],
  change: (value: Val | undefined) => Val | undefined,
  anywhere: boolean,
): void {
  const before = lookUp(run.document, path);
  if (before === undefined && !anywhere) checkViable(run.document, path);
  const after = change(before);
  if (
    run.hasId &&
    path[0] === "_id" &&
    (before === undefined || after === undefined ? before !== after : !identical(before, after))
  )
    throw new Refused(66, "the _id is immutable");
  if (before === undefined && after === undefined) return;
  const changed = replaceAt({ t: "object", v: run.document }, path, after);
  if (changed.t === "object") run.document = changed.v;
}

/** A path that does not exist can only be made below a document, or at a position of an array. */
function checkViable(document: Doc, path: readonly string[]): void {
  let value: Val = { t: "object", v: document };
  for (const name of path) {
    const viable = value.t === "object" || (value.t === "array" && isPosition(name));
    if (!viable) throw new Refused(28, `Cannot create field '${name}' in a ${value.t}`);
    const child: Val | undefined = lookUp([["", value]], ["", name]);
    if (child === undefined) return;
    value = child;
  }
}

function replaceAt(value: Val | undefined, path: readonly string[], replacement: Val | undefined): Val {
  const [name, ...rest] = path;
  if (name === undefined) return replacement ?? nothing;
  if (value?.t === "array") {
    const items = [...value.v];
    while (items.length < Number(name)) items.push(nothing);
    items[Number(name)] = replaceAt(items[Number(name)], rest, replacement);
    return { t: "array", v: items };
  }
  const fields: readonly Field[] = value?.t === "object" ? value.v : [];
  if (rest.length === 0 && replacement === undefined)
    return { t: "object", v: fields.filter(([own]) => own !== name) };
  const child = replaceAt(getField(fields, name), rest, replacement);
  return {
    t: "object",
    v: fields.some(([own]) => own === name)
      ? fields.map(([own, old]): Field => [own, own === name ? child : old])
      : [...fields, [name, child]],
  };
}

/** Sets the destination where it stands, then takes the source away. Neither may lie in an array. */
function rename(run: Run, from: readonly string[], to: readonly string[]): void {
  let parent: Val = { t: "object", v: run.document };
  let inArray = false;
  for (const [index, name] of from.entries()) {
    if (parent.t !== "object" && !(parent.t === "array" && isPosition(name)))
      throw new Refused(28, "cannot traverse the source of $rename");
    inArray ||= parent.t === "array";
    const child = lookUp(run.document, from.slice(0, index + 1));
    if (child === undefined) return;
    parent = child;
  }
  if (inArray) throw new Refused(2, "The source field cannot be an array element");
  const moved = parent;
  for (let length = 1; length < to.length; length += 1)
    if (lookUp(run.document, to.slice(0, length))?.t === "array")
      throw new Refused(2, "The destination field cannot be an array element");
  setAt(run, to, (value) => (value !== undefined && compare(value, moved) === 0 ? value : moved), false);
  setAt(run, from, () => undefined, true);
}
