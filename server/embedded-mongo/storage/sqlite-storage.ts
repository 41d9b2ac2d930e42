// The data file: opened with checks, one connection that writes and one that reads what is committed.
import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../errors.ts";
import { AcknowledgedLog, forgetLog, logOf } from "./acknowledged.ts";
import { checkFile, rewriteLog } from "./data-file.ts";
import { prepareFile } from "./data-format.ts";
import { explained, isDiskFailure, sqliteCode } from "./sqlite-errors.ts";
import { readCatalog, SqliteReader, SqliteWriter } from "./sqlite-view.ts";
import type { Storage, StoredCatalog } from "./storage.ts";

export { StorageOpenError, explained, sqliteCode } from "./sqlite-errors.ts";

export const dataFileName = "store.sqlite";

/** Opens or creates the store in a directory that this process holds the lock of. Throws StorageOpenError. */
export function openSqliteStorage(directory: string): Storage {
  const file = join(directory, dataFileName);
  let writerConnection: DatabaseSync | undefined;
  try {
    checkFile(file);
    rewriteLog(logOf(file));
    forgetLog(file);
    writerConnection = openConnection(file);
    prepareFile(writerConnection, file);
    // A damaged catalogue stops the start, however large the file is.
    readCatalog(writerConnection);
    return new SqliteStorage(writerConnection, openConnection(file, sideCacheKilobytes), file);
  } catch (error) {
    if (writerConnection !== undefined) {
      forgetLog(file);
      writerConnection.close();
    }
    throw explained(error, file);
  }
}

/** Another connection to a store that `openSqliteStorage` has opened, for reading only. Throws StorageOpenError. */
export function openReadingConnection(
  directory: string,
  cacheKilobytes: number,
): { database: DatabaseSync; file: string } {
  const file = join(directory, dataFileName);
  try {
    const database = openConnection(file, cacheKilobytes);
    database.exec("PRAGMA query_only = 1");
    return { database, file };
  } catch (error) {
    throw explained(error, file);
  }
}

/** A connection that only takes the log into the data file. */
export function openCheckpointConnection(directory: string): DatabaseSync {
  return openConnection(join(directory, dataFileName), sideCacheKilobytes);
}

/** The operating system caches the file too: these hold what is used all the time, and what a commit changes. */
const writerCacheKilobytes = 16 * 1024;
const sideCacheKilobytes = 2 * 1024;

function openConnection(file: string, cacheKilobytes = writerCacheKilobytes): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 5000 });
  database.exec(`PRAGMA cache_size = -${cacheKilobytes}; PRAGMA temp_store = MEMORY;`);
  return database;
}

class SqliteStorage implements Storage {
  readonly reader: SqliteReader;
  readonly writer: SqliteWriter;
  readonly #writing: DatabaseSync;
  readonly #reading: DatabaseSync;
  readonly #file: string;
  readonly #acknowledged: AcknowledgedLog;
  readonly #statements;
  #durably = true;
  #unsynced = false;
  /** A sync has failed behind which commits lie that were answered: no later one would bring them to the disk. */
  #doubtful = false;

  constructor(writing: DatabaseSync, reading: DatabaseSync, file: string) {
    this.#writing = writing;
    this.#reading = reading;
    this.#file = file;
    this.#acknowledged = new AcknowledgedLog(writing, file);
    this.#statements = {
      begin: writing.prepare("BEGIN IMMEDIATE"),
      commit: writing.prepare("COMMIT"),
      savepoint: writing.prepare("SAVEPOINT command"),
      release: writing.prepare("RELEASE command"),
    };
    reading.exec("PRAGMA query_only = 1");
    this.writer = new SqliteWriter(writing);
    this.reader = new SqliteReader(reading);
  }

  loadCatalog(): StoredCatalog {
    return readCatalog(this.#writing);
  }

  get unsynced(): boolean {
    return this.#unsynced;
  }

  begin(durably = true): void {
    // What was answered lies behind a sync that failed: it is not made durable by the next one.
    if (durably && this.#doubtful) this.#rewriteLog();
    // Cannot be changed once the transaction is open, and takes effect when it is prepared, not when it is run.
    if (durably !== this.#durably) this.#writing.exec(`PRAGMA synchronous = ${durably ? "FULL" : "NORMAL"}`);
    this.#durably = durably;
    this.#statements.begin.run();
  }

  commit(): void {
    try {
      this.#statements.commit.run();
    } catch (error) {
      this.#doubtful ||= this.#unsynced && isDiskFailure(error);
      this.rollback();
      this.#voidFailedCommit();
      throw error;
    }
    this.#unsynced = !this.#durably;
    if (this.#durably) this.#acknowledged.record();
    else this.#acknowledged.count();
  }

  sync(): void {
    if (this.#doubtful) this.#rewriteLog();
    else if (this.#unsynced) {
      this.#doubtful = true;
      this.#acknowledged.sync();
      this.#doubtful = false;
    }
    this.#unsynced = false;
    this.#acknowledged.record();
  }

  #rewriteLog(): void {
    rewriteLog(logOf(this.#file));
    this.#doubtful = false;
    this.#unsynced = false;
  }

  #voidFailedCommit(): void {
    try {
      this.#acknowledged.voidTail();
    } catch {
      throw new StoreError(
        1,
        "the storage failed: whether this write was kept shows when the store starts again",
      );
    }
  }

  get logFrames(): number {
    return this.#acknowledged.logFrames;
  }

  checkpoint(): void {
    try {
      this.#writing.exec("PRAGMA wal_checkpoint(PASSIVE)");
    } catch (error) {
      // What the disk refuses stays in the log, where it is as durable as before.
      if (sqliteCode(error) === null) throw error;
    }
  }

  compact(): boolean {
    // In the data directory and not in memory: the copy is as large as the data.
    this.#writing.exec("PRAGMA temp_store = FILE");
    try {
      this.#writing.exec("VACUUM");
    } finally {
      this.#writing.exec("PRAGMA temp_store = MEMORY");
    }
    // A log that is cut off is not a damaged one: nothing is named that it should hold.
    forgetLog(this.#file);
    try {
      const { busy } = this.#writing.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() as { busy: number };
      return busy === 0;
    } finally {
      this.#acknowledged.record();
    }
  }

  rollback(): void {
    if (this.#writing.isTransaction) this.#writing.exec("ROLLBACK");
    this.writer.rolledBack();
  }

  savepoint(): void {
    this.#statements.savepoint.run();
  }

  releaseSavepoint(): void {
    this.#statements.release.run();
  }

  rollbackToSavepoint(): void {
    this.#writing.exec("ROLLBACK TO command; RELEASE command");
    this.writer.rolledBack();
  }

  sizeBytes(): number {
    return statSync(this.#file).size;
  }

  close(): void {
    this.#acknowledged.close();
    forgetLog(this.#file);
    this.#reading.close();
    this.#writing.close();
  }
}
