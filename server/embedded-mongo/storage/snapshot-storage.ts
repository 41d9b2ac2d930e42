// The reader's connection: short snapshots, each with the catalogue that belongs to it, so that the two always agree.
import { statSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { StoreError } from "../errors.ts";
import { Catalog, type CatalogView, type Collection } from "./catalog.ts";
import { openReadingConnection } from "./sqlite-storage.ts";
import { readCatalog, SqliteReader } from "./sqlite-view.ts";
import type {
  EntriesOptions,
  EntriesPage,
  KeyRange,
  PageLimits,
  ReadStorage,
  ReadView,
  RecordId,
  StoredRow,
} from "./storage.ts";

/**
 * Reads see one state of the data for a turn of the event loop at most. Whoever takes in new requests calls `refresh`
 * before: they must see everything that was acknowledged before they were sent.
 */
export class SnapshotStorage implements ReadStorage {
  readonly reader: ReadView;
  readonly catalog: CatalogView;
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #begin: StatementSync;
  readonly #end: StatementSync;
  readonly #version: StatementSync;
  #open = false;
  #loaded: LoadedCatalog | null = null;

  /** Throws StorageOpenError. */
  constructor(directory: string, cacheKilobytes: number) {
    const { database, file } = openReadingConnection(directory, cacheKilobytes);
    this.#database = database;
    this.#file = file;
    this.#begin = database.prepare("BEGIN");
    this.#end = database.prepare("COMMIT");
    this.#version = database.prepare("SELECT n FROM catalog_version");
    this.reader = new SnapshotView(this, new SqliteReader(database));
    this.catalog = new SnapshotCatalog(this);
  }

  /** Begins a snapshot unless one is open; it ends with this turn of the event loop. */
  enter(): LoadedCatalog {
    if (this.#open && this.#loaded !== null) return this.#loaded;
    this.#begin.run();
    this.#open = true;
    try {
      // This read is what takes the snapshot.
      const { n: version } = this.#version.get() as { n: number };
      if (this.#loaded?.version !== version) this.#loaded = new LoadedCatalog(this.#database, version);
    } catch (error) {
      this.refresh();
      throw error;
    }
    setImmediate(() => this.refresh());
    return this.#loaded;
  }

  /** Ends the snapshot: what is read next sees everything committed until then. */
  refresh(): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#database.isTransaction) this.#end.run();
  }

  sizeBytes(): number {
    return statSync(this.#file).size;
  }

  close(): void {
    this.refresh();
    this.#database.close();
  }
}

/** The catalogue as of one version. */
class LoadedCatalog {
  readonly version: number;
  readonly catalog: Catalog;
  readonly #collections = new Set<number>();
  readonly #indexes = new Set<number>();

  constructor(database: DatabaseSync, version: number) {
    this.version = version;
    this.catalog = new Catalog({ loadCatalog: () => readCatalog(database) });
    for (const collection of this.catalog.allCollections()) {
      this.#collections.add(collection.id);
      for (const index of collection.indexes) this.#indexes.add(index.id);
    }
  }

  requireCollection(id: number): void {
    if (!this.#collections.has(id)) throw planKilled("collection");
  }

  /** All keys of an index begin with its number. */
  requireIndexOf({ lower }: KeyRange): void {
    if (!this.#indexes.has(lower.readUInt32BE(0))) throw planKilled("index");
  }
}

/** What a query had begun to read is gone: going on would look as if there were nothing more. */
function planKilled(what: "collection" | "index"): StoreError {
  return new StoreError(175, `query plan killed :: caused by :: ${what} dropped`);
}

class SnapshotCatalog implements CatalogView {
  readonly #storage: SnapshotStorage;

  constructor(storage: SnapshotStorage) {
    this.#storage = storage;
  }

  find(database: string, name: string): Collection | undefined {
    return this.#storage.enter().catalog.find(database, name);
  }

  databaseNames(): string[] {
    return this.#storage.enter().catalog.databaseNames();
  }

  collectionsOf(database: string): Collection[] {
    return this.#storage.enter().catalog.collectionsOf(database);
  }
}

class SnapshotView implements ReadView {
  readonly #storage: SnapshotStorage;
  readonly #reader: SqliteReader;

  constructor(storage: SnapshotStorage, reader: SqliteReader) {
    this.#storage = storage;
    this.#reader = reader;
  }

  document(id: RecordId): Buffer | undefined {
    this.#storage.enter();
    return this.#reader.document(id);
  }

  recordOfKey(key: Buffer): RecordId | undefined {
    this.#storage.enter();
    return this.#reader.recordOfKey(key);
  }

  documentsPage(
    options: { collectionId: number; after: RecordId | null; reverse: boolean } & PageLimits,
  ): StoredRow[] {
    this.#storage.enter().requireCollection(options.collectionId);
    return this.#reader.documentsPage(options);
  }

  entriesPage(options: EntriesOptions): EntriesPage {
    this.#storage.enter().requireIndexOf(options.range);
    return this.#reader.entriesPage(options);
  }

  countKeys(range: KeyRange, maxKeys: number): { count: number; last: Buffer | null } {
    this.#storage.enter().requireIndexOf(range);
    return this.#reader.countKeys(range, maxKeys);
  }
}
