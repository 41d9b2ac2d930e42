// Projections and distinct values from MongoDB's documented semantics.
import { equal } from "./compare.ts";
import { matcherOf } from "./match.ts";
import { isNumber, truncatedLong } from "./number.ts";
import { Refused } from "./refused.ts";
import { getField, type Doc, type Field, type Val } from "./value.ts";

type Tree = Map<string, Tree | true>;

/**
 * Inclusion or exclusion of dotted paths; with exclusion also `$slice`. A lone `$elemMatch` may stand beside `_id`.
 * Mixing inclusion and exclusion is refused.
 */
export function project(projection: Doc, document: Doc): Doc {
  const shown = getField(projection, "_id");
  const withId = shown === undefined || truth(shown);
  const rest = projection.filter(([name]) => name !== "_id");
  const elemMatch = rest.find(([, value]) => value.t === "object" && value.v[0]?.[0] === "$elemMatch");
  if (elemMatch !== undefined) return firstMatching(elemMatch, document, withId);
  const flags = rest.filter(([, value]) => value.t !== "object");
  if (flags.some(([, value]) => truth(value)) && flags.some(([, value]) => !truth(value)))
    throw new Refused(31254, "Cannot do exclusion in inclusion projection");
  const including =
    flags.some(([, value]) => truth(value)) ||
    (flags.length === 0 && rest.length === 0 && shown !== undefined && truth(shown));
  const tree = treeOf(flags.map(([name]) => name));
  let fields = document.filter(([name]) => name !== "_id");
  if (including) fields = include(fields, tree);
  else fields = exclude(fields, tree);
  for (const [name, value] of rest) if (value.t === "object") fields = sliced(fields, name, value.v);
  const id = getField(document, "_id");
  return withId && id !== undefined ? [["_id", id], ...fields] : fields;
}

function truth(value: Val): boolean {
  if (value.t === "boolean") return value.v;
  return !isNumber(value) || !equal(value, { t: "int", v: 0 });
}

function treeOf(paths: readonly string[]): Tree {
  const root: Tree = new Map();
  for (const path of paths) {
    let node = root;
    const parts = path.split(".");
    for (const [index, part] of parts.entries()) {
      const child = node.get(part);
      const last = index === parts.length - 1;
      if (child === true) throw new Refused(31249, `Path collision at ${path}`);
      if (child !== undefined && last) throw new Refused(31250, `Path collision at ${path}`);
      if (last) node.set(part, true);
      else {
        const next: Tree = child ?? new Map<string, Tree | true>();
        node.set(part, next);
        node = next;
      }
    }
  }
  return root;
}

function include(fields: readonly Field[], tree: Tree): Doc {
  return fields.flatMap(([name, value]): Doc => {
    const child = tree.get(name);
    if (child === undefined) return [];
    if (child === true) return [[name, value]];
    const inner = includeValue(value, child);
    return inner === undefined ? [] : [[name, inner]];
  });
}

function includeValue(value: Val, tree: Tree): Val | undefined {
  if (value.t === "object") return { t: "object", v: include(value.v, tree) };
  if (value.t !== "array") return undefined;
  return {
    t: "array",
    v: value.v.map((item) => includeValue(item, tree)).filter((item) => item !== undefined),
  };
}

function exclude(fields: readonly Field[], tree: Tree): Doc {
  return fields.flatMap(([name, value]): Doc => {
    const child = tree.get(name);
    if (child === undefined) return [[name, value]];
    return child === true ? [] : [[name, excludeValue(value, child)]];
  });
}

function excludeValue(value: Val, tree: Tree): Val {
  if (value.t === "object") return { t: "object", v: exclude(value.v, tree) };
  if (value.t === "array") return { t: "array", v: value.v.map((item) => excludeValue(item, tree)) };
  return value;
}

function firstMatching([name, condition]: Field, document: Doc, withId: boolean): Doc {
  const value = getField(document, name);
  const id = getField(document, "_id");
  const kept: Doc = withId && id !== undefined ? [["_id", id]] : [];
  const matcher = matcherOf([["x", condition]]);
  const item =
    value?.t === "array"
      ? value.v.find((own) => matcher([["x", { t: "array", v: [own] }]]).matched)
      : undefined;
  return item === undefined ? kept : [...kept, [name, { t: "array", v: [item] }]];
}

function sliced(fields: readonly Field[], path: string, operator: Doc): Doc {
  const [name, operand] = operator[0] ?? ["", undefined];
  if (name !== "$slice" || operand === undefined) throw new Error("only $slice is generated");
  const numbers = (operand.t === "array" ? operand.v : [operand]).map((item) =>
    isNumber(item) ? Number(truncatedLong(item)) : 0,
  );
  return slicedAt(fields, path.split("."), numbers);
}

function slicedAt(fields: readonly Field[], path: readonly string[], numbers: readonly number[]): Doc {
  const [own = "", ...rest] = path;
  return fields.map(([name, value]): Field =>
    name === own ? [name, slicedValue(value, rest, numbers)] : [name, value],
  );
}

function slicedValue(value: Val, rest: readonly string[], numbers: readonly number[]): Val {
  if (rest.length > 0) {
    if (value.t === "object") return { t: "object", v: slicedAt(value.v, rest, numbers) };
    if (value.t === "array")
      return { t: "array", v: value.v.map((item) => slicedValue(item, rest, numbers)) };
    return value;
  }
  if (value.t !== "array") return value;
  const [first = 0, count] = numbers;
  if (count === undefined)
    return { t: "array", v: first < 0 ? value.v.slice(first) : value.v.slice(0, first) };
  const from = first < 0 ? Math.max(0, value.v.length + first) : first;
  return { t: "array", v: value.v.slice(from, from + count) };
}

/** Every value below the path once, arrays opened one level. */
export function distinct(documents: readonly Doc[], path: string): Val[] {
  const found: Val[] = [];
  for (const document of documents)
    for (const value of valuesAt({ t: "object", v: document }, path.split(".")))
      if (!found.some((other) => equal(other, value))) found.push(value);
  return found;
}

function valuesAt(value: Val, path: readonly string[]): Val[] {
  const [name, ...rest] = path;
  if (name === undefined) return value.t === "array" ? value.v : [value];
  if (value.t === "object") {
    const child = getField(value.v, name);
    return child === undefined ? [] : valuesAt(child, rest);
  }
  if (value.t !== "array") return [];
  if (/^\d+$/.test(name)) {
    const item = String(Number(name)) === name ? value.v[Number(name)] : undefined;
    return item === undefined ? [] : valuesAt(item, rest);
  }
  return value.v.flatMap((item) => (item.t === "object" ? valuesAt(item, path) : []));
}
