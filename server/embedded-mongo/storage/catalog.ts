// Which collections and indexes there are, in memory and in the data file, and how they come and go.
import { randomUUID } from "node:crypto";
import { equalValues } from "../bson/compare.ts";
import { getField } from "../bson/document.ts";
import type { Value } from "../bson/value.ts";
import { StoreError } from "../errors.ts";
import { isTruthy } from "../query/truth.ts";
import {
  idIndexName,
  idIndexSpecification,
  indexFromStored,
  indexRange,
  type IndexDefinition,
} from "../index/definition.ts";
import type { Storage, StoredCollection, StoredIndex } from "./storage.ts";
import type { WriteTransaction } from "./write-queue.ts";

export interface Collection {
  id: number;
  database: string;
  name: string;
  uuid: Buffer;
  /** The _id index is the first. */
  indexes: IndexDefinition[];
}

/** What reading commands ask of the catalogue. */
export interface CatalogView {
  find(database: string, name: string): Collection | undefined;
  databaseNames(): string[];
  collectionsOf(database: string): Collection[];
}

export class Catalog implements CatalogView {
  readonly #storage: Pick<Storage, "loadCatalog">;
  #databases = new Map<string, Map<string, Collection>>();
  /** Changed inside the transaction that is open: a rollback must read the data file again. */
  #changed = false;
  readonly #unready = new Set<number>();

  constructor(storage: Pick<Storage, "loadCatalog">) {
    this.#storage = storage;
    this.#load();
  }

  find(database: string, name: string): Collection | undefined {
    return this.#databases.get(database)?.get(name);
  }

  databaseNames(): string[] {
    return [...this.#databases.keys()].sort();
  }

  collectionsOf(database: string): Collection[] {
    return [...(this.#databases.get(database)?.values() ?? [])];
  }

  allCollections(): Collection[] {
    return [...this.#databases.values()].flatMap((collections) => [...collections.values()]);
  }

  /** The collection, made with its _id index if there is none yet. */
  ensure(transaction: WriteTransaction, database: string, name: string): Collection {
    const existing = this.find(database, name);
    if (existing !== undefined) return existing;
    checkNamespace(database, name);
    const uuid = Buffer.from(randomUUID().replaceAll("-", ""), "hex");
    const stored = transaction.view.createCollection(database, name, uuid);
    this.#changed = true;
    const collection = this.#add(stored);
    this.addIndex(transaction, collection, { name: idIndexName, specification: idIndexSpecification() });
    // A collection of this transaction is empty for readers, so that its first index may be used at once.
    for (const index of collection.indexes) this.#markReady(index);
    return collection;
  }

  /** Registers an index without entries; readers see it after the commit. The caller fills it. */
  addIndex(
    transaction: WriteTransaction,
    collection: Collection,
    { name, specification }: { name: string; specification: Value },
  ): IndexDefinition {
    const stored = transaction.view.createIndex({
      collectionId: collection.id,
      name,
      specification: Buffer.from(specification.bytes()),
      multikeyFields: 0,
    });
    this.#changed = true;
    const index = indexFromStored(stored, false);
    this.#unready.add(index.id);
    collection.indexes.push(index);
    transaction.afterCommit(() => {
      const kept = collection.indexes.find(({ id }) => id === index.id);
      this.#markReady(kept ?? index);
      for (const other of this.allCollections())
        for (const same of other.indexes) if (same.id === index.id) this.#markReady(same);
    });
    return index;
  }

  dropIndex(transaction: WriteTransaction, collection: Collection, index: IndexDefinition): void {
    transaction.view.removeEntries(indexRange(index));
    transaction.view.dropIndex(index.id);
    this.#changed = true;
    collection.indexes = collection.indexes.filter(({ id }) => id !== index.id);
  }

  dropCollection(transaction: WriteTransaction, collection: Collection): void {
    for (const index of [...collection.indexes]) this.dropIndex(transaction, collection, index);
    transaction.view.dropCollection(collection.id);
    this.#changed = true;
    this.#remove(collection);
  }

  /** Puts another specification in an index's place; its name and key must be the same. */
  changeIndex(
    transaction: WriteTransaction,
    collection: Collection,
    index: IndexDefinition,
    specification: Value,
  ): void {
    const { id, ready } = index;
    const stored = { ...storedIndex(collection, index), specification: Buffer.from(specification.bytes()) };
    transaction.view.changeIndex(stored);
    this.#changed = true;
    const changed = indexFromStored(stored, ready);
    collection.indexes = collection.indexes.map((other) => (other.id === id ? changed : other));
  }

  /** Nothing may have the new name yet. Throws InvalidNamespace (73). */
  renameCollection(
    transaction: WriteTransaction,
    collection: Collection,
    target: { database: string; name: string },
  ): void {
    checkNamespace(target.database, target.name);
    transaction.view.renameCollection({ id: collection.id, uuid: collection.uuid, ...target });
    this.#changed = true;
    this.#remove(collection);
    Object.assign(collection, target);
    this.#enter(collection);
  }

  /** Remembers that fields of an index hold arrays: from now on bounds on them are not narrowed together. */
  noteMultikey(
    transaction: WriteTransaction,
    { collection, index, fields }: { collection: Collection; index: IndexDefinition; fields: number },
  ): void {
    if ((index.multikeyFields | fields) === index.multikeyFields) return;
    index.multikeyFields |= fields;
    transaction.view.changeIndex(storedIndex(collection, index));
    this.#changed = true;
  }

  /** After a rollback: what the data file says, with what is not yet committed of the same transaction. */
  rolledBack(): void {
    if (this.#changed) this.#load();
  }

  committed(): void {
    this.#changed = false;
  }

  #markReady(index: IndexDefinition): void {
    index.ready = true;
    this.#unready.delete(index.id);
  }

  #load(): void {
    const { collections, indexes } = this.#storage.loadCatalog();
    this.#databases = new Map();
    const byId = new Map<number, Collection>();
    for (const stored of collections) byId.set(stored.id, this.#add(stored));
    for (const stored of indexes)
      byId.get(stored.collectionId)?.indexes.push(indexFromStored(stored, !this.#unready.has(stored.id)));
  }

  #add(stored: StoredCollection): Collection {
    const collection: Collection = { ...stored, indexes: [] };
    this.#enter(collection);
    return collection;
  }

  #enter(collection: Collection): void {
    let collections = this.#databases.get(collection.database);
    if (collections === undefined) this.#databases.set(collection.database, (collections = new Map()));
    collections.set(collection.name, collection);
  }

  #remove({ database, name }: Collection): void {
    const collections = this.#databases.get(database);
    collections?.delete(name);
    if (collections?.size === 0) this.#databases.delete(database);
  }
}

function storedIndex(collection: Collection, index: IndexDefinition): StoredIndex {
  const { id, name, specification, multikeyFields } = index;
  const bytes = Buffer.from(specification.bytes());
  return { id, collectionId: collection.id, name, specification: bytes, multikeyFields };
}

/** Throws InvalidNamespace (73) for names MongoDB does not allow either. */
export function checkNamespace(database: string, name: string): void {
  const badDatabase = database === "" || database.length > 63 || /[/\\. "$*<>:|?\0]/.test(database);
  const badName =
    name === "" ||
    name.startsWith("system.") ||
    name.startsWith(".") ||
    name.endsWith(".") ||
    name.includes("$") ||
    name.includes("\0") ||
    Buffer.byteLength(`${database}.${name}`) > 255;
  if (badDatabase || badName) throw new StoreError(73, `Invalid namespace specified '${database}.${name}'`);
}

/** What tells an index from every other: two that agree in it cannot stand side by side, whatever their names. */
export function sameIdentity(existing: IndexDefinition, specification: Value): boolean {
  return (
    sameOptions(existing, specification, ["key", "partialFilterExpression"]) &&
    ["unique", "sparse"].every(
      (flag) => isTruthy(getField(existing.specification, flag)) === isTruthy(getField(specification, flag)),
    )
  );
}

/** Whether an index of the same identity also has the same other options. Being hidden is none. */
export function sameIndex(existing: IndexDefinition, specification: Value): boolean {
  return (
    sameIdentity(existing, specification) && sameOptions(existing, specification, ["expireAfterSeconds"])
  );
}

function sameOptions(existing: IndexDefinition, specification: Value, options: readonly string[]): boolean {
  return options.every((option) => {
    const left = getField(existing.specification, option);
    const right = getField(specification, option);
    return left === undefined || right === undefined ? left === right : equalValues(left, right);
  });
}
