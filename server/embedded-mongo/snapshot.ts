// One consistent state of a store, read from its data file whether or not a server runs on it.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { checkFormat, formatVersion } from "./storage/data-format.ts";
import { dataFileName, explained, StorageOpenError } from "./storage/sqlite-storage.ts";
import { readCatalog, SqliteReader } from "./storage/sqlite-view.ts";

export interface SnapshotCollection {
  database: string;
  name: string;
  uuid: Buffer;
  /** Specifications as `listIndexes` gives them, BSON; the _id index is the first. */
  indexes: Buffer[];
}

export interface StoreSnapshot {
  collections(): SnapshotCollection[];
  /** The collection's documents as they are stored, in no promised order; many at a time. */
  pages(collection: SnapshotCollection): Iterable<Buffer[]>;
  close(): void;
}

const pageLimits = { maxRows: 1000, maxBytes: 8 * 1024 * 1024 };

/**
 * Everything that was committed when this was called, and nothing later, until it is closed. A server on the same
 * directory goes on undisturbed, but its write-ahead log grows meanwhile. Throws StorageOpenError.
 */
export function openSnapshot(directory: string): StoreSnapshot {
  const file = join(directory, dataFileName);
  if (!existsSync(file))
    throw new StorageOpenError(`There is no store in ${directory}: ${file} does not exist.`);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    // The first read inside the transaction fixes what is seen.
    database.exec("BEGIN");
    checkFormat(database, file, [formatVersion]);
    return new FileSnapshot(database);
  } catch (error) {
    database?.close();
    throw explained(error, file);
  }
}

class FileSnapshot implements StoreSnapshot {
  readonly #database: DatabaseSync;
  readonly #reader: SqliteReader;
  readonly #ids = new Map<SnapshotCollection, number>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#reader = new SqliteReader(database);
    const { collections, indexes } = readCatalog(database);
    for (const { id, database: name, ...rest } of collections) {
      const own = indexes.filter(({ collectionId }) => collectionId === id);
      this.#ids.set(
        {
          database: name,
          name: rest.name,
          uuid: rest.uuid,
          indexes: own.map((index) => index.specification),
        },
        id,
      );
    }
  }

  collections(): SnapshotCollection[] {
    return [...this.#ids.keys()];
  }

  *pages(collection: SnapshotCollection): Iterable<Buffer[]> {
    const collectionId = this.#ids.get(collection);
    if (collectionId === undefined) throw new Error("the collection is not of this snapshot");
    let after: number | null = null;
    for (;;) {
      const page = this.#reader.documentsPage({ collectionId, after, reverse: false, ...pageLimits });
      const last = page.at(-1);
      if (last === undefined) return;
      yield page.map(({ document }) => document);
      after = last.id;
    }
  }

  close(): void {
    this.#database.close();
  }
}
