// Reading and changing documents and entries over one SQLite connection, with statements prepared once.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { EntryPages } from "./entry-pages.ts";
import { EntryRuns } from "./entry-runs.ts";
import { IndexTails } from "./index-tails.ts";
import { collectionChecksum, damagedData, indexChecksum, sealed, unsealed } from "./seal.ts";
import type {
  EntriesOfIndex,
  EntriesOptions,
  EntriesPage,
  EntryOfMany,
  KeyRange,
  PageLimits,
  ReadView,
  RecordId,
  StoredCatalog,
  StoredCollection,
  StoredIndex,
  StoredRow,
  WriteView,
} from "./storage.ts";

/** Record ids of a collection: its id in the high part, a sequence in the low part; together within 2^53. */
export const recordsPerCollection = 2 ** 32;

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

interface CheckedRow<Row> {
  row: Row;
  /** Null in files of format 1. */
  checksum: number | null;
}

/** The catalogue as it stands there, whether its checksums are right or not. */
export function catalogRows(database: DatabaseSync): {
  collections: CheckedRow<StoredCollection>[];
  indexes: CheckedRow<StoredIndex>[];
} {
  const rowsOf = (table: string) => database.prepare(`SELECT * FROM ${table} ORDER BY id`).all();
  const checksumOf = (row: Record<string, unknown>) =>
    row["checksum"] === undefined ? null : Number(row["checksum"]);
  return {
    collections: rowsOf("collections").map((row) => ({
      row: {
        id: Number(row["id"]),
        database: String(row["db"]),
        name: String(row["name"]),
        uuid: Buffer.from(row["uuid"] as Uint8Array),
      },
      checksum: checksumOf(row),
    })),
    indexes: rowsOf("indexes").map((row) => ({
      row: {
        id: Number(row["id"]),
        collectionId: Number(row["collection_id"]),
        name: String(row["name"]),
        specification: Buffer.from(row["spec"] as Uint8Array),
        multikeyFields: Number(row["multikey"]),
      },
      checksum: checksumOf(row),
    })),
  };
}

/** Throws DataCorruptionDetected (246). */
export function readCatalog(database: DatabaseSync): StoredCatalog {
  const { collections, indexes } = catalogRows(database);
  const sound =
    collections.every(({ row, checksum }) => collectionChecksum(row) === checksum) &&
    indexes.every(({ row, checksum }) => indexChecksum(row) === checksum);
  if (!sound) throw damagedData();
  return { collections: collections.map(({ row }) => row), indexes: indexes.map(({ row }) => row) };
}

export class SqliteReader implements ReadView {
  protected readonly database: DatabaseSync;
  readonly #document: StatementSync;
  readonly #recordOfKey: StatementSync;
  readonly #count: StatementSync;
  readonly #forward: StatementSync;
  readonly #backward: StatementSync;
  readonly #entries: EntryPages;

  constructor(database: DatabaseSync) {
    this.database = database;
    this.#document = database.prepare("SELECT body FROM documents WHERE rid = ?");
    this.#recordOfKey = database.prepare("SELECT rid FROM entries WHERE k = ? ORDER BY rid LIMIT 1");
    this.#count = database.prepare(
      "SELECT count(*) AS n, max(k) AS last FROM (SELECT k FROM entries WHERE k >= ? AND k < ? ORDER BY k LIMIT ?)",
    );
    this.#forward = database.prepare(
      "SELECT rid, body FROM documents WHERE rid > ? AND rid < ? ORDER BY rid LIMIT ?",
    );
    this.#backward = database.prepare(
      "SELECT rid, body FROM documents WHERE rid > ? AND rid < ? ORDER BY rid DESC LIMIT ?",
    );
    this.#entries = new EntryPages(database, (id) => this.document(id));
  }

  document(id: RecordId): Buffer | undefined {
    const row = this.#document.get(id) as { body: Uint8Array } | undefined;
    return row === undefined ? undefined : unsealed(id, row.body);
  }

  recordOfKey(key: Buffer): RecordId | undefined {
    return (this.#recordOfKey.get(key) as { rid: number } | undefined)?.rid;
  }

  documentsPage(
    options: { collectionId: number; after: RecordId | null; reverse: boolean } & PageLimits,
  ): StoredRow[] {
    const { collectionId, after, reverse, maxRows, maxBytes } = options;
    // Sequences start at 1, so that the bounds of a collection belong to no document.
    const first = collectionId * recordsPerCollection;
    const end = first + recordsPerCollection;
    const rows = reverse
      ? this.#backward.iterate(first, after ?? end, maxRows)
      : this.#forward.iterate(after ?? first, end, maxRows);
    const page: StoredRow[] = [];
    let bytes = 0;
    for (const row of rows as unknown as Iterable<{ rid: number; body: Uint8Array }>) {
      page.push({ id: row.rid, document: unsealed(row.rid, row.body) });
      bytes += row.body.byteLength;
      if (bytes >= maxBytes) break;
    }
    return page;
  }

  entriesPage(options: EntriesOptions): EntriesPage {
    return this.#entries.page(options);
  }

  countKeys(range: KeyRange, maxKeys: number): { count: number; last: Buffer | null } {
    const row = this.#count.get(range.lower, range.upper, maxKeys) as { n: number; last: Uint8Array | null };
    return { count: row.n, last: row.last === null ? null : asBuffer(row.last) };
  }
}

export class SqliteWriter extends SqliteReader implements WriteView {
  readonly #insert: StatementSync;
  readonly #replace: StatementSync;
  readonly #delete: StatementSync;
  readonly #addEntry: StatementSync;
  readonly #removeEntry: StatementSync;
  readonly #lastRecord: StatementSync;
  readonly #lastKey: StatementSync;
  readonly #runs: EntryRuns;
  readonly #tails = new IndexTails((range) => this.#lastKeyOf(range));
  #putAside = 0;
  readonly #sequences = new Map<number, number>();

  constructor(database: DatabaseSync) {
    super(database);
    this.#insert = database.prepare("INSERT INTO documents (rid, body) VALUES (?, ?)");
    this.#replace = database.prepare("UPDATE documents SET body = ? WHERE rid = ?");
    this.#delete = database.prepare("DELETE FROM documents WHERE rid = ?");
    this.#addEntry = database.prepare("INSERT OR IGNORE INTO entries (k, rid) VALUES (?, ?)");
    this.#removeEntry = database.prepare("DELETE FROM entries WHERE k = ? AND rid = ?");
    this.#lastKey = database.prepare("SELECT max(k) AS k FROM entries WHERE k >= ? AND k < ?");
    this.#runs = new EntryRuns(database);
    this.#lastRecord = database.prepare("SELECT max(rid) AS rid FROM documents WHERE rid > ? AND rid < ?");
  }

  insertDocument(collectionId: number, document: Buffer): RecordId {
    const base = collectionId * recordsPerCollection;
    let sequence = this.#sequences.get(collectionId);
    if (sequence === undefined) {
      const row = this.#lastRecord.get(base, base + recordsPerCollection) as { rid: number | null };
      sequence = row.rid === null ? 0 : row.rid - base;
    }
    if (sequence >= recordsPerCollection - 1) throw new Error("a collection used up its record numbers");
    this.#sequences.set(collectionId, sequence + 1);
    const id = base + sequence + 1;
    this.#insert.run(id, sealed(id, document));
    return id;
  }

  replaceDocument(id: RecordId, document: Buffer): void {
    this.#replace.run(sealed(id, document), id);
  }

  deleteDocument(id: RecordId): void {
    this.#delete.run(id);
  }

  addEntry(key: Buffer, id: RecordId): void {
    this.#addEntry.run(key, id);
  }

  addEntries({ range, keys, ids }: EntriesOfIndex): void {
    if (this.#followOn(range, keys)) for (const [at, key] of keys.entries()) this.addEntry(key, ids[at] ?? 0);
    else {
      this.#runs.add(keys, ids);
      this.#putAside += keys.length;
    }
  }

  addEntryOfMany({ range, key, id }: EntryOfMany): void {
    if (this.#tails.follows(range, key)) this.addEntry(key, id);
    else {
      this.#runs.addOne(key, id);
      this.#putAside += 1;
    }
  }

  get putAside(): number {
    return this.#putAside;
  }

  moveEntries(maxEntries: number): boolean {
    return this.#runs.move(maxEntries);
  }

  /** Called when a transaction or a part of it was undone. */
  rolledBack(): void {
    this.#runs.rolledBack();
  }

  removeEntry(key: Buffer, id: RecordId): void {
    if (this.#removeEntry.run(key, id).changes === 0) this.#runs.remove(key, id);
  }

  removeEntries(range: KeyRange): void {
    this.#runs.removeRange(range);
    this.database.prepare("DELETE FROM entries WHERE k >= ? AND k < ?").run(range.lower, range.upper);
  }

  /** The keys rise and lie behind all others, as those of numbers and times do: they share their pages anyway. */
  #followOn(range: KeyRange, keys: readonly Buffer[]): boolean {
    let last: Uint8Array = this.#lastKeyOf(range);
    for (const key of keys) {
      if (Buffer.compare(key, last) < 0) return false;
      last = key;
    }
    return true;
  }

  /** Of the entries at their place; below all of the index where there is none. */
  #lastKeyOf({ lower, upper }: KeyRange): Buffer {
    const { k } = this.#lastKey.get(lower, upper) as { k: Uint8Array | null };
    return k === null ? lower : asBuffer(k);
  }

  createCollection(database: string, name: string, uuid: Buffer): StoredCollection {
    this.#raiseCatalogVersion();
    const result = this.database
      .prepare("INSERT INTO collections (db, name, uuid, checksum) VALUES (?, ?, ?, 0)")
      .run(database, name, uuid);
    const collection = { id: Number(result.lastInsertRowid), database, name, uuid };
    this.#seal("collections", collection.id, collectionChecksum(collection));
    return collection;
  }

  dropCollection(collectionId: number): void {
    this.#raiseCatalogVersion();
    const base = collectionId * recordsPerCollection;
    this.database
      .prepare("DELETE FROM documents WHERE rid > ? AND rid < ?")
      .run(base, base + recordsPerCollection);
    this.database.prepare("DELETE FROM collections WHERE id = ?").run(collectionId);
    this.#sequences.delete(collectionId);
  }

  createIndex(index: Omit<StoredIndex, "id">): StoredIndex {
    this.#raiseCatalogVersion();
    const result = this.database
      .prepare("INSERT INTO indexes (collection_id, name, spec, multikey, checksum) VALUES (?, ?, ?, ?, 0)")
      .run(index.collectionId, index.name, index.specification, index.multikeyFields);
    const stored = { ...index, id: Number(result.lastInsertRowid) };
    this.#seal("indexes", stored.id, indexChecksum(stored));
    return stored;
  }

  dropIndex(id: number): void {
    this.#raiseCatalogVersion();
    this.database.prepare("DELETE FROM indexes WHERE id = ?").run(id);
  }

  changeIndex(index: StoredIndex): void {
    this.#raiseCatalogVersion();
    this.database
      .prepare("UPDATE indexes SET spec = ?, multikey = ? WHERE id = ?")
      .run(index.specification, index.multikeyFields, index.id);
    this.#seal("indexes", index.id, indexChecksum(index));
  }

  renameCollection(collection: StoredCollection): void {
    this.#raiseCatalogVersion();
    const { id, database, name } = collection;
    this.database.prepare("UPDATE collections SET db = ?, name = ? WHERE id = ?").run(database, name, id);
    this.#seal("collections", id, collectionChecksum(collection));
  }

  #seal(table: "collections" | "indexes", id: number, checksum: number): void {
    this.database.prepare(`UPDATE ${table} SET checksum = ? WHERE id = ?`).run(checksum, id);
  }

  /** Readers load the catalogue again when they see another version beside the data. */
  #raiseCatalogVersion(): void {
    this.database.exec("UPDATE catalog_version SET n = n + 1");
  }
}
