// Changes documents together with their index entries. Everything is checked before anything is written.
import { getField } from "../bson/document.ts";
import { encodeKey } from "../bson/key-encoding.ts";
import { maxDocumentBytes } from "../bson/validate.ts";
import { documentValue, nullValue, type Value } from "../bson/value.ts";
import { documentOf } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import { indexRange, type IndexDefinition } from "../index/definition.ts";
import { indexKeys, type IndexKeys } from "../index/keys.ts";
import { visitPath } from "../query/path.ts";
import type { Catalog, Collection } from "./catalog.ts";
import type { KeyRange, RecordId } from "./storage.ts";
import type { WriteTransaction } from "./write-queue.ts";

/** Entries of many new documents, kept back to be added together. */
export class HeldEntries {
  readonly #byIndex = new Map<number, { range: KeyRange; keys: Buffer[]; ids: RecordId[] }>();

  hold(index: IndexDefinition, keys: readonly Buffer[], id: RecordId): void {
    let held = this.#byIndex.get(index.id);
    if (held === undefined)
      this.#byIndex.set(index.id, (held = { range: indexRange(index), keys: [], ids: [] }));
    for (const key of keys) {
      held.keys.push(key);
      held.ids.push(id);
    }
  }

  /** Adds them within the transaction that they were held in. */
  add({ view }: WriteTransaction): void {
    for (const entries of this.#byIndex.values()) view.addEntries(entries);
    this.#byIndex.clear();
  }
}

/** From so many writes a commit on, entries with keys at random places are worth being put aside. */
const manyWrites = 4;

export class CollectionWriter {
  readonly #catalog: Catalog;
  readonly #transaction: WriteTransaction;
  readonly #collection: Collection;

  constructor(catalog: Catalog, transaction: WriteTransaction, collection: Collection) {
    this.#catalog = catalog;
    this.#transaction = transaction;
    this.#collection = collection;
  }

  /**
   * Throws DuplicateKey (11000) or BSONObjectTooLarge (10334) and has then changed nothing. With `held`, entries that no
   * uniqueness needs at once are left there for the caller to add.
   */
  insert(document: Value, held: HeldEntries | null = null): RecordId {
    if (document.end - document.start > maxDocumentBytes)
      throw new StoreError(
        10334,
        `object to insert too large. size in bytes: ${document.end - document.start}, max size: ${maxDocumentBytes}`,
      );
    const { view } = this.#transaction;
    const planned = this.#collection.indexes.map((index) => ({ index, entries: indexKeys(index, document) }));
    for (const { index, entries } of planned) this.#checkUnique(index, entries.keys, document, null);
    const id = view.insertDocument(this.#collection.id, document.bytes());
    const many = this.#transaction.writes >= manyWrites;
    for (const { index, entries } of planned) {
      if (index.unique || !index.ready || (held === null && !many)) this.#enter(entries, id);
      else if (held !== null) held.hold(index, entries.keys, id);
      else {
        const range = indexRange(index);
        for (const key of entries.keys) view.addEntryOfMany({ range, key, id });
      }
      this.#noteMultikey(index, entries);
    }
    return id;
  }

  /** Throws as `insert` does. */
  replace(id: RecordId, before: Buffer, after: Value): void {
    const { view } = this.#transaction;
    const planned = this.#collection.indexes.map((index) => {
      const old = indexKeys(index, documentValue(before)).keys;
      const entries = indexKeys(index, after);
      return {
        index,
        removed: without(old, entries.keys),
        entries: { ...entries, keys: without(entries.keys, old) },
      };
    });
    for (const { index, entries } of planned) this.#checkUnique(index, entries.keys, after, id);
    for (const { index, removed, entries } of planned) {
      for (const key of removed) view.removeEntry(key, id);
      this.#add(index, entries, id);
    }
    view.replaceDocument(id, after.bytes());
  }

  delete(id: RecordId, document: Buffer): void {
    const { view } = this.#transaction;
    for (const index of this.#collection.indexes)
      for (const key of indexKeys(index, documentValue(document)).keys) view.removeEntry(key, id);
    view.deleteDocument(id);
  }

  /** Enters one existing document into a new index. */
  enter(index: IndexDefinition, id: RecordId, document: Buffer): void {
    const entries = indexKeys(index, documentValue(document));
    this.#checkUnique(index, entries.keys, documentValue(document), id);
    this.#add(index, entries, id);
  }

  #add(index: IndexDefinition, entries: IndexKeys, id: RecordId): void {
    this.#enter(entries, id);
    this.#noteMultikey(index, entries);
  }

  #enter({ keys }: IndexKeys, id: RecordId): void {
    for (const key of keys) this.#transaction.view.addEntry(key, id);
  }

  #noteMultikey(index: IndexDefinition, { multikeyFields }: IndexKeys): void {
    this.#catalog.noteMultikey(this.#transaction, {
      collection: this.#collection,
      index,
      fields: multikeyFields,
    });
  }

  #checkUnique(index: IndexDefinition, keys: readonly Buffer[], document: Value, own: RecordId | null): void {
    if (!index.unique) return;
    for (const key of keys) {
      const holder = this.#transaction.view.recordOfKey(key);
      if (holder !== undefined && holder !== own) throw duplicateKey(this.#collection, index, key, document);
    }
  }
}

function without(keys: readonly Buffer[], others: readonly Buffer[]): Buffer[] {
  const [key] = keys;
  const [other] = others;
  if (keys.length === 1 && others.length === 1 && key !== undefined && other !== undefined)
    return key.equals(other) ? [] : [key];
  const present = new Set(others.map((each) => each.toString("latin1")));
  return keys.filter((each) => !present.has(each.toString("latin1")));
}

/** The message names fields only: what people stored must not reach logs by way of an error. */
function duplicateKey(
  collection: Collection,
  index: IndexDefinition,
  key: Buffer,
  document: Value,
): StoreError {
  const names = index.fields.map(({ path }) => `${path.text}: ?`).join(", ");
  return new StoreError(
    11000,
    `E11000 duplicate key error collection: ${collection.database}.${collection.name} index: ${index.name} dup key: { ${names} }`,
    { keyPattern: index.keyPattern, keyValue: keyValue(index, key, document) },
  );
}

/** The values that collided: of an array, the element whose key it was. */
function keyValue(index: IndexDefinition, key: Buffer, document: Value): Value {
  let rest = key.subarray(index.prefix.length);
  return documentOf(
    index.fields.map(({ path, descending }): readonly [string, Value] => {
      let found: Value = getField(document, path.text) ?? nullValue;
      visitPath(document, path, true, (value) => {
        const encoded = encodeKey(value ?? nullValue, descending);
        if (!rest.subarray(0, encoded.length).equals(encoded)) return false;
        found = value ?? nullValue;
        rest = rest.subarray(encoded.length);
        return true;
      });
      return [path.text, found];
    }),
  );
}
