// The keys a document has for a list of paths: what an index holds of it, and by which key a sort orders it.
import { compare } from "./compare.ts";
import { Refused } from "./refused.ts";
import { getField, nothing, type Doc, type Field, type Val } from "./value.ts";

export interface KeyPath {
  path: string;
  descending: boolean;
}

/**
 * One key for a document without arrays, else one for each element of the array that the paths share. Two arrays side by
 * side are refused. Paths with positions in them are not for this function.
 */
export function keysOf(paths: readonly KeyPath[], document: Doc): Val[][] {
  return expand(paths.map(({ path }) => ({ fields: document, rest: path.split(".") })));
}

/** Where a path has come to: a document with names still to go, or its value. */
type Place = { fields: readonly Field[]; rest: readonly string[] } | { value: Val };

function expand(places: readonly Place[]): Val[][] {
  let array: Extract<Val, { t: "array" }> | undefined;
  const reached = places.map((place): { value: Val; rest: readonly string[] } => {
    if ("value" in place) return { value: place.value, rest: [] };
    const met = descend(place.fields, place.rest);
    if (met.value.t === "array") {
      if (array !== undefined && array !== met.value) throw new Refused(2, "parallel arrays");
      array = met.value;
    }
    return met;
  });
  if (array === undefined) return [reached.map(({ value }) => value)];
  const shared = array;
  const items: (Val | undefined)[] = shared.v.length === 0 ? [undefined] : shared.v;
  return items.flatMap((item) =>
    expand(
      reached.map(({ value, rest }): Place => {
        if (value !== shared) return { value: sealed(value) };
        if (rest.length === 0) return { value: item === undefined ? { t: "undefined" } : sealed(item) };
        return { fields: item?.t === "object" ? item.v : [], rest };
      }),
    ),
  );
}

/** A value that is not opened again, though it may be an array. */
function sealed(value: Val): Val {
  return value;
}

function descend(fields: readonly Field[], path: readonly string[]): { value: Val; rest: readonly string[] } {
  const [name = "", ...rest] = path;
  const value = getField(fields, name);
  if (value === undefined) return { value: nothing, rest: [] };
  if (value.t === "array" || rest.length === 0) return { value, rest };
  return value.t === "object" ? descend(value.v, rest) : { value: nothing, rest: [] };
}

export function compareKeys(paths: readonly KeyPath[], left: readonly Val[], right: readonly Val[]): number {
  for (const [index, { descending }] of paths.entries()) {
    const [a, b] = [left[index] ?? nothing, right[index] ?? nothing];
    const order = compare(a, b);
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}

/** The key that comes first in the sort's order. */
export function sortKeyOf(paths: readonly KeyPath[], document: Doc): Val[] {
  const [first, ...others] = keysOf(paths, document);
  return others.reduce((best, key) => (compareKeys(paths, key, best) < 0 ? key : best), first ?? []);
}

export function sorted(paths: readonly KeyPath[], documents: readonly Doc[]): Doc[] {
  return documents
    .map((document) => ({ document, key: sortKeyOf(paths, document) }))
    .sort((a, b) => compareKeys(paths, a.key, b.key))
    .map(({ document }) => document);
}
