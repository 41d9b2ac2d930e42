// Sort specifications and the keys documents are sorted by.
import { fieldsOf, isEmpty } from "../bson/document.ts";
import { KeyWriter } from "../bson/key-encoding.ts";
import { toNumber } from "../bson/numeric.ts";
import { compareValues } from "../bson/compare.ts";
import { bsonType, isNumeric } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { nullValue, undefinedValue } from "../bson/value.ts";
import { StoreError, badValue } from "../errors.ts";
import { pathOf, visitPath, type Path } from "./path.ts";

export interface SortField {
  path: Path;
  descending: boolean;
}

export type Sort = readonly SortField[];

export function parseSort(document: Value): Sort {
  const fields = fieldsOf(document);
  if (fields.length > 32) throw badValue("too many sort fields");
  return fields.map(({ name, value }) => {
    if (value.type === bsonType.object)
      throw badValue(`sorting '${name}' by $meta is not supported by this server`);
    const order = isNumeric(value.type) ? toNumber(value) : 0;
    if (order !== 1 && order !== -1)
      throw new StoreError(15975, "$sort key ordering must be 1 (for ascending) or -1 (for descending)");
    if (name === "" || name.split(".").includes(""))
      throw new StoreError(15998, "FieldPath field names may not be empty strings.");
    if (name === "$natural") return { path: pathOf(name), descending: order < 0 };
    if (name.startsWith("$")) throw new StoreError(16410, "FieldPath field names may not start with '$'.");
    return { path: pathOf(name), descending: order < 0 };
  });
}

const writer = new KeyWriter();

/** Keys compare byte by byte in the order of the sort. Of an array, the smallest element counts rising, the greatest falling. */
export function sortKey(sort: Sort, document: Value): Buffer {
  writer.reset();
  for (const { path, descending } of sort) writer.value(sortValue(document, path, descending), descending);
  return writer.take();
}

function sortValue(document: Value, path: Path, descending: boolean): Value {
  let best: Value | null = null;
  const consider = (value: Value) => {
    if (best === null || (descending ? compareValues(value, best) > 0 : compareValues(value, best) < 0))
      best = value;
  };
  visitPath(document, path, true, (value, _position, isWholeArray) => {
    if (value === undefined || value.type === bsonType.undefined) consider(nullValue);
    else if (!isWholeArray) consider(value);
    // Like in an index, an empty array sorts below null and a filled one by its elements alone.
    else if (isEmpty(value)) consider(undefinedValue);
    return false;
  });
  return best ?? nullValue;
}

/** Keeps what sorts first. Bounded: at most `limit` documents stay, and more than 100 MB are refused. */
export class Sorter<T extends { document: Buffer }> {
  readonly #sort: Sort;
  readonly #limit: number;
  #rows: { key: Buffer; order: number; row: T }[] = [];
  #bytes = 0;
  #added = 0;

  constructor(sort: Sort, limit = Infinity) {
    this.#sort = sort;
    this.#limit = limit;
  }

  add(row: T, document: Value): void {
    const key = sortKey(this.#sort, document);
    this.#rows.push({ key, order: this.#added, row });
    this.#added += 1;
    this.#bytes += key.length + row.document.length + 64;
    if (this.#rows.length >= this.#limit * 2 + 1000) this.#shrink();
    if (this.#bytes > maxSortBytes) {
      this.#shrink();
      if (this.#bytes > maxSortBytes)
        throw new StoreError(
          292,
          "Sort exceeded memory limit of 104857600 bytes: add an index for this sort, or a limit",
        );
    }
  }

  sorted(): T[] {
    this.#shrink();
    return this.#rows.map(({ row }) => row);
  }

  #shrink(): void {
    this.#rows.sort((a, b) => Buffer.compare(a.key, b.key) || a.order - b.order);
    if (this.#rows.length <= this.#limit) return;
    this.#rows.length = this.#limit;
    this.#bytes = this.#rows.reduce((sum, { key, row }) => sum + key.length + row.document.length + 64, 0);
  }
}

const maxSortBytes = 100 * 1024 * 1024;
