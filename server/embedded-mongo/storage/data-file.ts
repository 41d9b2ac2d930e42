// The state in which an earlier process left the data file and its log: looked at before anything may change it.
import { closeSync, existsSync, fsyncSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { checkLog, noteOf, wasStore } from "./acknowledged.ts";
import { checkData } from "./check-data.ts";
import { checkFormat, isEmpty, knownFormats } from "./data-format.ts";
import { damaged, sqliteCode, StorageOpenError } from "./sqlite-errors.ts";

/** Files up to this size are checked whole at every start; larger ones would delay it. */
const fullCheckBytes = 64 * 1024 * 1024;

/**
 * Throws StorageOpenError where the file is damaged. The connection cannot write: one that can would move the
 * log into the damaged file when it is closed.
 */
export function checkFile(file: string): void {
  const size = sizeOf(file);
  if (size === 0) {
    if (sizeOf(`${file}-wal`) === 0 && !wasStore(file)) return;
    throw new StorageOpenError(
      `The data file ${file} is missing or empty though a store was here: put the file back from a backup, or move ${file}-wal and ${noteOf(file)} away to start empty.`,
    );
  }
  // A rollback journal is there only where the very first start was interrupted; it takes a writer to undo it.
  if (existsSync(`${file}-journal`)) return;
  const database = new DatabaseSync(file, { timeout: 5000, readOnly: true });
  try {
    const empty = isEmpty(database);
    checkLog(database, file);
    if (!empty && size <= fullCheckBytes)
      checkData(database, { format: checkFormat(database, file, knownFormats) });
  } catch (error) {
    // Names and values that nobody wrote make SQLite's statements fail, or this program's own reading of them.
    const code = sqliteCode(error);
    const notOurs = code === 1 || (code === null && !(error instanceof StorageOpenError));
    throw notOurs ? damaged(file) : error;
  } finally {
    database.close();
  }
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

/**
 * Writes the log's own bytes over it and syncs them. A log found at the start may end with a commit whose sync failed
 * before its process died: the kernel shows it, but takes it for written, so that no later sync would bring it to the
 * disk, and a power cut would lose it together with everything that was acknowledged behind it.
 */
export function rewriteLog(file: string): void {
  if (!existsSync(file)) return;
  const log = openSync(file, "r+");
  try {
    const chunk = Buffer.allocUnsafe(1024 * 1024);
    let position = 0;
    for (;;) {
      const length = readSync(log, chunk, 0, chunk.length, position);
      if (length === 0) break;
      for (let done = 0; done < length;) done += writeSync(log, chunk, done, length - done, position + done);
      position += length;
    }
    fsyncSync(log);
  } finally {
    closeSync(log);
  }
}
