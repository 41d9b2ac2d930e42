// Reads a whole store, of any size and beside a running server, and says whether it agrees with itself.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { checkLog } from "./storage/acknowledged.ts";
import { checkData, type CheckedData } from "./storage/check-data.ts";
import { checkFormat, knownFormats } from "./storage/data-format.ts";
import { dataFileName, explained, StorageOpenError } from "./storage/sqlite-storage.ts";

/** Changes nothing. Throws StorageOpenError that says what is damaged. */
export function checkStore(directory: string, progress: (documents: number) => void): CheckedData {
  const file = join(directory, dataFileName);
  if (!existsSync(file))
    throw new StorageOpenError(`There is no store in ${directory}: ${file} does not exist.`);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    const format = checkFormat(database, file, knownFormats);
    checkLog(database, file);
    return checkData(database, { format, progress });
  } catch (error) {
    throw explained(error, file);
  } finally {
    database?.close();
  }
}
