// The data file: opened with checks, one connection that writes and one that reads what is committed.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../errors.ts";
import { checkFile, rewriteLog } from "./data-file.ts";
import { StorageOpenError, explained, isDiskFailure, isSyncFailure } from "./sqlite-errors.ts";
import { readCatalog, SqliteReader, SqliteWriter } from "./sqlite-view.ts";
import type { Storage, StoredCatalog } from "./storage.ts";

export { StorageOpenError, explained, sqliteCode } from "./sqlite-errors.ts";

export const dataFileName = "store.sqlite";
/** Marks the file as this server's ("EDoc"). */
const applicationId = 0x45446f63;
const formatVersion = 1;
/** A log that one large write made longer is cut to this when it begins anew. */
const maxIdleLogBytes = 64 * 1024 * 1024;

const schema = `
  CREATE TABLE collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT NOT NULL, name TEXT NOT NULL, uuid BLOB NOT NULL, UNIQUE (db, name)
  ) STRICT;
  CREATE TABLE indexes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, collection_id INTEGER NOT NULL, name TEXT NOT NULL, spec BLOB NOT NULL,
    multikey INTEGER NOT NULL, UNIQUE (collection_id, name)
  ) STRICT;
  CREATE TABLE documents (rid INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
  CREATE TABLE entries (k BLOB NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (k, rid)) STRICT, WITHOUT ROWID;
`;

/** One row that changes with every change of the catalogue, in the same transaction. Older files get it when opened. */
const catalogVersion = `
  CREATE TABLE catalog_version (n INTEGER NOT NULL) STRICT;
  INSERT INTO catalog_version (n) VALUES (1);
`;

/** Opens or creates the store in a directory that this process holds the lock of. Throws StorageOpenError. */
export function openSqliteStorage(directory: string): Storage {
  const file = join(directory, dataFileName);
  if (!existsSync(file) && existsSync(`${file}-wal`))
    throw new StorageOpenError(
      `The data file ${file} is missing though its write-ahead log is there: put the file back from a backup, or move ${file}-wal away to start empty.`,
    );
  let writerConnection: DatabaseSync | undefined;
  try {
    checkFile(file);
    rewriteLog(`${file}-wal`);
    writerConnection = openConnection(file);
    prepareFile(writerConnection, file);
    return new SqliteStorage(writerConnection, openConnection(file, sideCacheKilobytes), file);
  } catch (error) {
    writerConnection?.close();
    throw explained(error, file);
  }
}

/** Another connection to a store that `openSqliteStorage` has opened, for reading only. Throws StorageOpenError. */
export function openReadingConnection(directory: string): { database: DatabaseSync; file: string } {
  const file = join(directory, dataFileName);
  try {
    const database = openConnection(file, readerCacheKilobytes);
    database.exec("PRAGMA query_only = 1");
    return { database, file };
  } catch (error) {
    throw explained(error, file);
  }
}

/** The operating system caches the file too: these hold what is used all the time, and what a commit changes. */
const writerCacheKilobytes = 32 * 1024;
const readerCacheKilobytes = 16 * 1024;
const sideCacheKilobytes = 2 * 1024;

function openConnection(file: string, cacheKilobytes = writerCacheKilobytes): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 5000 });
  database.exec(`PRAGMA cache_size = -${cacheKilobytes}; PRAGMA temp_store = MEMORY;`);
  return database;
}

function prepareFile(database: DatabaseSync, file: string): void {
  if (statSync(file).size === 0) database.exec("PRAGMA page_size = 8192;");
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000;
     PRAGMA journal_size_limit = ${maxIdleLogBytes};`,
  );
  if (["user_version", "application_id", "schema_version"].every((name) => pragma(database, name) === 0)) {
    database.exec("BEGIN IMMEDIATE");
    database.exec(schema);
    database.exec(catalogVersion);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${formatVersion};`);
    database.exec("COMMIT");
    return;
  }
  checkFormat(database, file);
  const [versioned] = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'catalog_version'").all();
  if (versioned !== undefined) return;
  database.exec("BEGIN IMMEDIATE");
  database.exec(catalogVersion);
  database.exec("COMMIT");
}

/** Throws StorageOpenError where the file is another program's or of another format. */
export function checkFormat(database: DatabaseSync, file: string): void {
  const version = pragma(database, "user_version");
  if (pragma(database, "application_id") !== applicationId)
    throw new StorageOpenError(
      `The file ${file} is a database of another program: choose another directory.`,
    );
  if (version !== formatVersion)
    throw new StorageOpenError(
      `The file ${file} has format ${version} and this program reads format ${formatVersion}: use the program's version that wrote it.`,
    );
}

function pragma(database: DatabaseSync, name: string): unknown {
  return database.prepare(`PRAGMA ${name}`).get()?.[name];
}

class SqliteStorage implements Storage {
  readonly reader: SqliteReader;
  readonly writer: SqliteWriter;
  readonly #writing: DatabaseSync;
  readonly #reading: DatabaseSync;
  readonly #file: string;

  constructor(writing: DatabaseSync, reading: DatabaseSync, file: string) {
    this.#writing = writing;
    this.#reading = reading;
    this.#file = file;
    reading.exec("PRAGMA query_only = 1");
    this.writer = new SqliteWriter(writing);
    this.reader = new SqliteReader(reading);
  }

  loadCatalog(): StoredCatalog {
    return readCatalog(this.#writing);
  }

  begin(): void {
    this.#writing.exec("BEGIN IMMEDIATE");
  }

  commit(): void {
    try {
      this.#writing.exec("COMMIT");
    } catch (error) {
      this.rollback();
      if (isDiskFailure(error)) this.#overwriteFailedCommit();
      throw error;
    }
  }

  /**
   * A commit whose sync failed lies whole in the log, where the next start would find it although its writers got an
   * error. A commit that changes nothing takes its place.
   */
  #overwriteFailedCommit(): void {
    try {
      this.#writing.exec(`PRAGMA user_version = ${formatVersion}`);
    } catch (error) {
      // Where only the sync failed again, the place is taken all the same.
      if (!isSyncFailure(error))
        throw new StoreError(
          1,
          "the storage failed: whether this write was kept shows when the store starts again",
        );
    }
  }

  rollback(): void {
    if (this.#writing.isTransaction) this.#writing.exec("ROLLBACK");
  }

  savepoint(): void {
    this.#writing.exec("SAVEPOINT command");
  }

  releaseSavepoint(): void {
    this.#writing.exec("RELEASE command");
  }

  rollbackToSavepoint(): void {
    this.#writing.exec("ROLLBACK TO command; RELEASE command");
  }

  sizeBytes(): number {
    return statSync(this.#file).size;
  }

  close(): void {
    this.#reading.close();
    this.#writing.close();
  }
}
