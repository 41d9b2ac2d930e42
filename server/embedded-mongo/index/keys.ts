// The entries a document has in an index: one key for each combination that its arrays give.
import { ElementCursor, getField, isPosition, itemsOf } from "../bson/document.ts";
import { KeyWriter } from "../bson/key-encoding.ts";
import { bsonType } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { nullValue, undefinedValue } from "../bson/value.ts";
import { StoreError } from "../errors.ts";
import { matches, newMatchContext } from "../query/match.ts";
import type { Path } from "../query/path.ts";
import type { IndexDefinition } from "./definition.ts";

export interface IndexKeys {
  /** Without repetitions. Empty where a sparse or partial index does not hold the document. */
  keys: Buffer[];
  /** The fields that met an array, as bits. */
  multikeyFields: number;
}

const keyWriter = new KeyWriter();
/** A document with more entries than this in one index is refused: one write must stay bounded. */
const maxKeysPerDocument = 200_000;

/** Throws CannotIndexParallelArrays (171) where two fields hold different arrays. */
export function indexKeys(index: IndexDefinition, document: Value): IndexKeys {
  if (index.partial !== null && !matches(index.partial, document, newMatchContext(0)))
    return { keys: [], multikeyFields: 0 };
  const found: Found = { index, keys: new Map(), single: null };
  const paths = index.fields.map(({ path }) => path);
  const multikeyFields = eachKey(paths, document, (values) => emit(found, values));
  const keys = found.single === null ? [...found.keys.values()] : [found.single];
  return { keys, multikeyFields };
}

/**
 * Meets the values of the paths together: once, or once for each element of the array they share; undefined is a missing
 * field. Answers which paths met an array, as bits. Throws CannotIndexParallelArrays (171).
 */
export function eachKey(
  paths: readonly Path[],
  document: Value,
  visit: (values: readonly (Value | undefined)[]) => void,
): number {
  const walking: Walking = { visit, multikeyFields: 0 };
  const fields = paths.map(({ parts }): Progress => ({
    container: document,
    at: 0,
    parts,
    value: undefined,
    done: false,
  }));
  expand(walking, fields);
  return walking.multikeyFields;
}

interface Walking {
  visit(values: readonly (Value | undefined)[]): void;
  multikeyFields: number;
}

interface Found {
  index: IndexDefinition;
  /** Filled only when a second key turns up. */
  keys: Map<string, Buffer>;
  single: Buffer | null;
}

interface Progress {
  container: Value;
  at: number;
  parts: readonly string[];
  value: Value | undefined;
  done: boolean;
}

/** Walks every field until it ends or meets an array; then goes on for each element of that array. */
function expand(walking: Walking, fields: Progress[]): void {
  let array: Value | undefined;
  const waiting: number[] = [];
  fields.forEach((field, number) => {
    if (field.done) return;
    const met = walk(field);
    if (met === undefined) return;
    if (array !== undefined && (array.buffer !== met.buffer || array.start !== met.start))
      throw new StoreError(171, "cannot index parallel arrays");
    array = met;
    waiting.push(number);
  });
  if (array === undefined) {
    walking.visit(fields.map(({ value }) => value));
    return;
  }
  for (const number of waiting) walking.multikeyFields |= 1 << number;
  const cursor = new ElementCursor(array);
  let empty = true;
  while (cursor.next()) {
    empty = false;
    expandElement(walking, fields, waiting, cursor.value());
  }
  if (empty) expandElement(walking, fields, waiting, null);
}

function expandElement(walking: Walking, fields: Progress[], waiting: number[], element: Value | null): void {
  const next = fields.map((field) => ({ ...field }));
  for (const number of waiting) {
    const field = next[number];
    if (field === undefined) continue;
    if (field.at === field.parts.length) {
      // An empty array sorts below null; it is the only thing that is entered as "undefined".
      field.value =
        element === null ? undefinedValue : element.type === bsonType.undefined ? nullValue : element;
      field.done = true;
    } else if (element !== null && element.type === bsonType.object) field.container = element;
    else field.done = true;
  }
  expand(walking, next);
}

/** Advances one field; answers the array it has to be expanded over, if any. */
function walk(field: Progress): Value | undefined {
  let { container } = field;
  while (field.at < field.parts.length) {
    const child = getField(container, field.parts[field.at] ?? "");
    field.at += 1;
    if (child === undefined) break;
    if (child.type === bsonType.array) {
      const met = throughPosition(field, child);
      if (met === null) return child;
      if (met === undefined) break;
      container = met;
      if (field.at < field.parts.length) continue;
      field.value = met;
      break;
    }
    if (field.at === field.parts.length) {
      field.value = child.type === bsonType.undefined ? nullValue : child;
      break;
    }
    if (child.type !== bsonType.object) break;
    container = child;
  }
  field.done = true;
  return undefined;
}

/** The element a number in the path names; null where the path goes over all elements. */
function throughPosition(field: Progress, array: Value): Value | null | undefined {
  const part = field.parts[field.at];
  if (part === undefined || !isPosition(part)) return null;
  const element = itemsOf(array)[Number(part)];
  if (element === undefined) return null;
  field.at += 1;
  return field.at === field.parts.length || element.type === bsonType.object ? element : undefined;
}

function emit(found: Found, values: readonly (Value | undefined)[]): void {
  const { index } = found;
  if (index.sparse && values.every((value) => value === undefined)) return;
  keyWriter.reset();
  keyWriter.bytes(index.prefix);
  values.forEach((value, number) =>
    keyWriter.value(value ?? nullValue, index.fields[number]?.descending === true),
  );
  const key = keyWriter.take();
  if (found.single === null && found.keys.size === 0) {
    found.single = key;
    return;
  }
  if (found.single !== null) {
    found.keys.set(found.single.toString("latin1"), found.single);
    found.single = null;
  }
  found.keys.set(key.toString("latin1"), key);
  if (found.keys.size > maxKeysPerDocument)
    throw new StoreError(67, "a document has too many entries for one index");
}
