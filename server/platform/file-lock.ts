// One process at a time: a lock of the operating system, which ends with whoever holds it, however that ends.
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";

const retryMs = 5;
/** SQLite's codes for a lock that somebody else has. */
const taken = new Set([5, 6]);

export interface FileLockOptions {
  /** Whoever holds it may have been stopped, and then nobody gets it. */
  timeoutMs?: number;
}

/**
 * Runs `work` while no other process and nobody else in this one runs any under the same file. The file is empty and stays
 * there: it is SQLite that locks it for us, so that the kernel frees it when its holder dies, and no age or process id has
 * to be judged. Does not nest. Throws where somebody else holds it for longer than `timeoutMs`.
 *
 * Where the file system has no locks `work` runs without one; where the file cannot be made, `work` meets the same fault.
 */
export async function withFileLock<Result>(
  path: string,
  work: () => Promise<Result>,
  { timeoutMs = 10_000 }: FileLockOptions = {},
): Promise<Result> {
  const release = await acquire(path, timeoutMs);
  try {
    return await work();
  } finally {
    release();
  }
}

async function acquire(path: string, timeoutMs: number): Promise<() => void> {
  const startedMs = performance.now();
  for (;;) {
    const outcome = tryLock(path);
    if (outcome !== null) return outcome;
    if (performance.now() - startedMs > timeoutMs)
      throw new Error(`${path} has been locked by another process for ${timeoutMs} ms`);
    await sleep(retryMs);
  }
}

/** Null where somebody else has it. */
function tryLock(path: string): (() => void) | null {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(path, { timeout: 0 });
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock?.close();
    const { errcode } = error as { errcode?: number };
    // Only the lower byte tells the kind.
    return errcode !== undefined && taken.has(errcode & 0xff) ? null : () => undefined;
  }
  const held = lock;
  return () => held.close();
}
