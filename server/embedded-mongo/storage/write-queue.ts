// Group commit: writes that arrive together share one transaction, and each is answered after it is durable.
import { StoreError } from "../errors.ts";
import { damageSentence, isDiskFull, sqliteCode } from "./sqlite-errors.ts";
import type { Storage, WriteView } from "./storage.ts";

/** What a write is given: the view it changes, and callbacks for what must wait for the commit. */
export interface WriteTransaction {
  view: WriteView;
  /** How many writes share the commit. */
  writes: number;
  afterCommit(action: () => void): void;
}

export type WriteTask<T> = (transaction: WriteTransaction) => T | Promise<T>;

interface Waiting {
  durably: boolean;
  run(transaction: WriteTransaction): unknown;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export interface WriteHooks {
  /** Makes everything kept in memory agree with the storage again. */
  rolledBack(): void;
  committed(): void;
}

/** Enough to amortise one sync over; more would only delay the first of them. */
const maxTasksPerCommit = 512;

export class WriteQueue {
  readonly #storage: Storage;
  readonly #hooks: WriteHooks;
  #waiting: Waiting[] = [];
  readonly #alone: (() => void)[] = [];
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(storage: Storage, hooks: WriteHooks) {
    this.#storage = storage;
    this.#hooks = hooks;
  }

  /**
   * Runs the task alone in its turn and resolves with its result once that is durable, or, where it need not be, once
   * the system has it. A task that throws leaves no trace and does not touch its neighbours; if the commit fails, every
   * task of it gets the error.
   */
  run<T>(task: WriteTask<T>, durably = true): Promise<T> {
    if (this.#closed) return Promise.reject(new StoreError(91, "the server is shutting down"));
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ durably, run: task, resolve: (result) => resolve(result as T), reject });
      this.#running ??= this.#drain();
    });
  }

  /** Runs the work between two commits, outside of any transaction. Throws what the work throws, in the queue's words. */
  alone<T>(work: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(new StoreError(91, "the server is shutting down"));
    return new Promise<T>((resolve, reject) => {
      this.#alone.push(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(storageFailure(error));
        }
      });
      this.#running ??= this.#drain();
    });
  }

  /** Takes no more tasks and resolves when all that were taken are committed. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0 || this.#alone.length > 0) {
      // One turn of the event loop lets every message that has arrived join this commit.
      await new Promise((resolve) => setImmediate(resolve));
      for (const work of this.#alone.splice(0)) work();
      if (this.#waiting.length === 0) continue;
      await this.#commit(this.#waiting.splice(0, maxTasksPerCommit));
    }
    this.#running = null;
  }

  async #commit(tasks: Waiting[]): Promise<void> {
    const storage = this.#storage;
    const committed: (() => void)[] = [];
    const answers: (() => void)[] = [];
    try {
      storage.begin(tasks.some(({ durably }) => durably));
      for (const task of tasks) {
        const pending: (() => void)[] = [];
        storage.savepoint();
        try {
          const result = await task.run({
            view: storage.writer,
            writes: tasks.length,
            afterCommit: (action) => pending.push(action),
          });
          storage.releaseSavepoint();
          committed.push(...pending);
          answers.push(() => task.resolve(result));
        } catch (error) {
          if (sqliteCode(error) !== null) throw error;
          storage.rollbackToSavepoint();
          this.#hooks.rolledBack();
          answers.push(() => task.reject(error));
        }
      }
      storage.commit();
    } catch (error) {
      this.#fail(tasks, error);
      return;
    }
    this.#hooks.committed();
    for (const action of committed) action();
    for (const answer of answers) answer();
  }

  #fail(tasks: Waiting[], error: unknown): void {
    const failure = storageFailure(error);
    try {
      this.#storage.rollback();
      this.#hooks.rolledBack();
    } finally {
      for (const task of tasks) task.reject(failure);
    }
  }
}

/** SQLite's failures in words, without anything that was stored. */
export function storageFailure(error: unknown): StoreError {
  const message = error instanceof Error ? error.message : String(error);
  if (isDiskFull(error)) return new StoreError(14031, "the disk is full: nothing of this write was kept");
  switch (sqliteCode(error)) {
    case 11:
    case 26:
      return new StoreError(246, damageSentence);
    case null:
      return error instanceof StoreError ? error : new StoreError(1, `the write failed: ${message}`);
    default:
      return new StoreError(1, `the storage failed (${message}): nothing of this write was kept`);
  }
}
