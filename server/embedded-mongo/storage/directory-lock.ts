// One server per data directory: an operating-system lock that ends with the process, however it ends.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StorageOpenError, sqliteCode } from "./sqlite-storage.ts";

/**
 * Takes the directory's lock. The lock lies on a file that SQLite locks for us, so that the kernel frees it when a
 * process dies: what is left of a dead server never stands in the way. The process id beside it is for the message.
 */
export function lockDirectory(directory: string): { release(): void } {
  const pidFile = join(directory, "server.pid");
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(directory, "server.lock"), { timeout: 0 });
    lock.exec("BEGIN EXCLUSIVE");
    writeFileSync(pidFile, `${process.pid}\n`);
  } catch (error) {
    lock?.close();
    if (sqliteCode(error) === 5)
      throw new StorageOpenError(
        `The directory ${directory} is in use by another store server${holder(pidFile)}: stop that one, or choose another directory.`,
      );
    throw new StorageOpenError(
      `The directory ${directory} cannot be written to: check that it exists, its permissions and the space on its disk.`,
    );
  }
  const held = lock;
  return { release: () => held.close() };
}

function holder(pidFile: string): string {
  try {
    const pid = readFileSync(pidFile, "utf8").trim();
    return /^\d+$/.test(pid) ? ` (process ${pid})` : "";
  } catch {
    return "";
  }
}
