// Dotted paths, and the values that a path meets in a document when it goes through arrays.
import { ElementCursor, getField, isPosition } from "../bson/document.ts";
import { bsonType } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";

export interface Path {
  text: string;
  parts: readonly string[];
}

export function pathOf(text: string): Path {
  return { text, parts: text === "" ? [""] : text.split(".") };
}

/** Meets only the value it is applied to; used for conditions on the elements of an array. */
export const selfPath: Path = { text: "", parts: [] };

/**
 * Told each value the path meets (undefined: the field is missing there) and the position in the innermost array it came
 * through, or -1, and whether it is an array whose elements were met before it. Answers true to stop.
 */
export type Visit = (value: Value | undefined, position: number, isWholeArray: boolean) => boolean;

/**
 * Meets the elements of an array at the path's end and then the array itself if `intoLeafArrays`, else the array alone.
 * An array on the way without a document in it is no "missing". Answers whether the visitor stopped.
 */
export function visitPath(document: Value, path: Path, intoLeafArrays: boolean, visit: Visit): boolean {
  if (path.parts.length === 0) return visit(document, -1, false);
  return walkObject({ parts: path.parts, intoLeafArrays, visit }, document, 0, -1);
}

interface Walk {
  parts: readonly string[];
  intoLeafArrays: boolean;
  visit: Visit;
}

function walkObject(walk: Walk, object: Value, from: number, position: number): boolean {
  const { parts, visit } = walk;
  let current = object;
  for (let at = from; at < parts.length; at += 1) {
    const child = getField(current, parts[at] ?? "");
    if (child === undefined) return visit(undefined, position, false);
    if (child.type === bsonType.array) return walkArray(walk, child, at + 1, position);
    if (at === parts.length - 1) return visit(child, position, false);
    if (child.type !== bsonType.object) return visit(undefined, position, false);
    current = child;
  }
  return false;
}

function walkArray(walk: Walk, array: Value, at: number, position: number): boolean {
  const { parts, visit } = walk;
  if (at === parts.length) {
    if (walk.intoLeafArrays) {
      const cursor = new ElementCursor(array);
      for (let index = 0; cursor.next(); index += 1) if (visit(cursor.value(), index, false)) return true;
    }
    return visit(array, position, walk.intoLeafArrays);
  }
  const part = parts[at] ?? "";
  const wanted = isPosition(part) ? Number(part) : -1;
  const cursor = new ElementCursor(array);
  for (let index = 0; cursor.next(); index += 1) {
    const element = cursor.value();
    if (element.type === bsonType.object && walkObject(walk, element, at, index)) return true;
    if (index === wanted && walkPosition(walk, element, at + 1, position)) return true;
  }
  return false;
}

/** The element a number in the path names, with the rest of the path still to go. */
function walkPosition(walk: Walk, element: Value, at: number, position: number): boolean {
  // What the path names is met as a whole, even an array; below a value that is no container there is nothing at all.
  if (at === walk.parts.length) return walk.visit(element, position, false);
  if (element.type === bsonType.array) return walkArray(walk, element, at, position);
  return element.type === bsonType.object && walkObject(walk, element, at, position);
}

/**
 * Meets what `distinct` counts: the elements of an array at the path's end, else the value. On the way a number names a
 * position of an array and nothing in its elements.
 */
export function visitDistinct(value: Value, path: Path, visit: (value: Value) => void, from = 0): void {
  const part = path.parts[from];
  if (part === undefined) {
    if (value.type !== bsonType.array) visit(value);
    else eachElement(value, visit);
    return;
  }
  if (value.type === bsonType.object || (value.type === bsonType.array && /^\d+$/.test(part))) {
    const child = getField(value, part);
    if (child !== undefined) visitDistinct(child, path, visit, from + 1);
  } else if (value.type === bsonType.array)
    eachElement(value, (element) => {
      if (element.type === bsonType.object) visitDistinct(element, path, visit, from);
    });
}

function eachElement(array: Value, visit: (element: Value) => void): void {
  const cursor = new ElementCursor(array);
  while (cursor.next()) visit(cursor.value());
}

/** The value at a path that goes through documents only; undefined where it is missing or crosses an array. */
export function plainValueAt(document: Value, path: Path): Value | undefined {
  let current: Value | undefined = document;
  for (const part of path.parts) {
    if (current === undefined || current.type !== bsonType.object) return undefined;
    current = getField(current, part);
  }
  return current;
}
