// What a disk says to a start, in one sentence for the person at the terminal.
import { StartError } from "./config.ts";

const outOfDiskSpace = 14_031;

/** The error itself where nothing better can be said of it. */
export function asStartFailure(error: unknown, { dataDir }: { dataDir: string }): unknown {
  if (!(error instanceof Error) || error instanceof StartError || !("code" in error)) return error;
  const { code } = error;
  const path = "path" in error && typeof error.path === "string" ? error.path : null;
  if (code === "ENOSPC" || code === outOfDiskSpace)
    return new StartError(`The disk that holds ${dataDir} is full: free some space and start again.`, {
      cause: error,
    });
  if (path !== null && (code === "EACCES" || code === "EPERM" || code === "EROFS"))
    return new StartError(
      `${path} cannot be used (${code}): everything in DATA_DIR must belong to the user that runs Connvo.`,
      { cause: error },
    );
  return error;
}
