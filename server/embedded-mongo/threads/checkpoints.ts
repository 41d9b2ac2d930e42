// When the write-ahead log is taken into the data file: in a thread of its own, and what came in meanwhile between two commits.
import { Worker } from "node:worker_threads";
import type { Storage } from "../storage/storage.ts";

export interface CheckpointResult {
  /** How much of the log is in the data file now; null where it failed. What came in meanwhile is not in it. */
  framesTaken: number | null;
}

export interface CheckpointOptions {
  directory: string;
  storage: Storage;
  report(error: unknown, where: string): void;
  /** The thread's program; another one in tests. */
  program?: URL;
}

/** The log's length from which on it is taken in; SQLite itself does it at twice the length, on the writer's time. */
export const framesToBegin = 8000;
/** So many take a few milliseconds. */
const framesBetweenCommits = 400;
const maxRounds = 4;
const ownProgram = new URL("./checkpoint-worker.ts", import.meta.url);

/** The log begins anew only with a commit that finds all of it taken in: the last frames are the writer's own work. */
export class Checkpoints {
  readonly #options: CheckpointOptions;
  #worker: Worker | null;
  /** The thread died: the log it was at is left to SQLite, so that a thread that always dies is not always started. */
  #leftToSqlite = false;
  #rounds = 0;
  #lastDue = false;

  constructor(options: CheckpointOptions) {
    this.#options = options;
    this.#worker = this.#launch();
  }

  /** To be called after each commit, outside of transactions. */
  committed(): void {
    const { storage } = this.#options;
    if (this.#lastDue) {
      this.#lastDue = false;
      this.#rounds = 0;
      storage.checkpoint();
    } else if (storage.logFrames < framesToBegin) this.#leftToSqlite = false;
    else if (this.#rounds === 0 && !this.#leftToSqlite) this.#begin();
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    const gone = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    worker.postMessage("close");
    await gone;
  }

  #begin(): void {
    this.#rounds += 1;
    this.#worker ??= this.#launch();
    this.#worker.postMessage("checkpoint");
  }

  #launch(): Worker {
    const { directory, report, program = ownProgram } = this.#options;
    const worker = new Worker(program, { workerData: directory, name: "checkpoints" });
    worker.on("message", ({ framesTaken }: CheckpointResult) => this.#taken(framesTaken));
    worker.on("error", (error) => report(error, "checkpoints"));
    worker.on("exit", () => {
      this.#worker = null;
      this.#leftToSqlite = true;
      this.#rounds = 0;
    });
    return worker;
  }

  #taken(framesTaken: number | null): void {
    if (framesTaken === null) {
      this.#rounds = 0;
      return;
    }
    const framesLeft = this.#options.storage.logFrames - framesTaken;
    if (framesLeft > framesBetweenCommits && this.#rounds < maxRounds) this.#begin();
    else this.#lastDue = true;
  }
}
