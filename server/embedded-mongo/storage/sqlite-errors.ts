// SQLite's failures by kind, and in words for the person who starts the store.
import { StoreError } from "../errors.ts";

/** Says in one sentence why the data cannot be used and what to do. */
export class StorageOpenError extends Error {}

const ioError = 10;
const full = 13;
/** SQLITE_IOERR_SHMSIZE: no space for more of the shared memory file, which lies beside the data. */
const noSpaceForSharedMemory = 4874;

function extendedCode(error: unknown): number | null {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return null;
  return error.errcode;
}

/** SQLite's primary result code of an error, or null if it is none of SQLite's. */
export function sqliteCode(error: unknown): number | null {
  const code = extendedCode(error);
  return code === null ? null : code & 0xff;
}

export function isDiskFull(error: unknown): boolean {
  return sqliteCode(error) === full || extendedCode(error) === noSpaceForSharedMemory;
}

/** The disk did not do what it was told, for another reason than that it is full. */
export function isDiskFailure(error: unknown): boolean {
  return sqliteCode(error) === ioError && !isDiskFull(error);
}

/** For the one whose command met damage; the rest of the data goes on being served. */
export const damageSentence =
  "the data file is damaged where this command reads it: nothing was changed; keep a copy of the file, and restore a backup (npm run restore)";

export function damaged(file: string): StorageOpenError {
  return new StorageOpenError(
    `The data file ${file} is damaged. It was left as it is: keep a copy of it, and restore a backup in its place (npm run restore).`,
  );
}

/** A failure to open or read the file, in words. */
export function explained(error: unknown, file: string): Error {
  if (error instanceof StorageOpenError) return error;
  const code = sqliteCode(error);
  const systemCode = error instanceof Error && "code" in error ? error.code : null;
  if (code === 11 || code === 26 || (error instanceof StoreError && error.code === 246)) return damaged(file);
  if (code === 8 || code === 14 || code === 3 || systemCode === "EACCES" || systemCode === "EROFS")
    return new StorageOpenError(
      `The data file ${file} cannot be opened for writing: check the permissions of the file and its directory.`,
    );
  if (isDiskFull(error) || systemCode === "ENOSPC")
    return new StorageOpenError(`The disk that holds ${file} is full: free some space and start again.`);
  const message = error instanceof Error ? error.message : String(error);
  if (isDiskFailure(error) || systemCode === "EIO")
    return new StorageOpenError(
      `The disk that holds ${file} fails (${message}): check it, and restore a backup on a sound one if need be.`,
    );
  return new StorageOpenError(`The data file ${file} cannot be opened: ${message}.`);
}
