// Sort specifications and the keys documents are sorted by.
import { fieldsOf } from "../bson/document.ts";
import { KeyWriter } from "../bson/key-encoding.ts";
import { toNumber } from "../bson/numeric.ts";
import { bsonType, isNumeric } from "../bson/types.ts";
import type { Value } from "../bson/value.ts";
import { nullValue } from "../bson/value.ts";
import { StoreError, badValue } from "../errors.ts";
import { eachKey } from "../index/keys.ts";
import { pathOf, type Path } from "./path.ts";

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

/**
 * Keys compare byte by byte in the order of the sort. Of the keys that a document's arrays give, as in an index, the first
 * in that order counts. Throws BadValue (2) where two fields hold different arrays.
 */
export function sortKey(sort: Sort, document: Value): Buffer {
  let best: Buffer | null = null;
  try {
    eachKey(
      sort.map(({ path }) => path),
      document,
      (values) => {
        writer.reset();
        values.forEach((value, number) =>
          writer.value(value ?? nullValue, sort[number]?.descending === true),
        );
        const key = writer.take();
        if (best === null || Buffer.compare(key, best) < 0) best = key;
      },
    );
  } catch (error) {
    if (error instanceof StoreError && error.code === 171)
      throw badValue("cannot sort with keys that are parallel arrays");
    throw error;
  }
  if (best === null) throw new StoreError(1, "a document without a sort key");
  return best;
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
