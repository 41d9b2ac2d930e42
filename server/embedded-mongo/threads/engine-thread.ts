// The main thread's hold on one engine thread: sends it requests, gives back answers, and replaces it when it dies.
import { Worker } from "node:worker_threads";
import { StoreError } from "../errors.ts";
import { StorageOpenError } from "../storage/sqlite-storage.ts";
import {
  messagesOf,
  Outbox,
  type AnswerKind,
  type FromThread,
  type ThreadOptions,
  type ToThread,
} from "./thread-messages.ts";

export type Answer = { kind: "reply"; message: Buffer } | { kind: Exclude<AnswerKind, "reply"> };

export interface EngineThreadOptions {
  thread: ThreadOptions;
  report(error: unknown, where: string): void;
  /** Called when answers have come in, before anybody gets them. */
  answered?(): void;
  /** The thread's program; another one in tests. */
  program?: URL;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: StoreError): void;
}

/** Most of what a thread makes lives for one request: a small nursery keeps three of them from filling the memory. */
const youngGenerationMb = 12;
const ownProgram = new URL("./engine-worker.ts", import.meta.url);

export class EngineThread {
  readonly #options: EngineThreadOptions;
  readonly #outbox = new Outbox({ ownsParts: false });
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;
  #closing = false;
  #started = false;

  constructor(options: EngineThreadOptions) {
    this.#options = options;
  }

  /** Rejects with StorageOpenError where the data cannot be used. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const worker = this.#launch();
      worker.once("exit", () => reject(new Error(`the ${this.#options.thread.role} ended while it started`)));
      worker.once("error", reject);
      worker.once("message", (first: FromThread) => {
        if (first.kind === "ready") {
          this.#started = true;
          resolve();
        } else
          reject(new StorageOpenError(first.kind === "refused" ? first.message : "the data cannot be read"));
      });
    });
  }

  /**
   * Resolves with the answer to one whole wire message. Rejects with StoreError if the thread dies before (1) or the
   * server is stopping (91); after a fault the next request starts a new thread.
   */
  run(message: Buffer): Promise<Answer> {
    if (this.#closing) return Promise.reject(new StoreError(91, "the server is shutting down"));
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { resolve, reject });
      // What the sockets bring in one turn of the event loop crosses over together.
      if (this.#outbox.size === 0) setImmediate(() => this.#flush());
      this.#outbox.add(this.#lastId, [message]);
    });
  }

  /** Lets the thread finish what it was given and resolves when it is gone. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#outbox.size > 0) this.#flush();
    const worker = this.#worker;
    if (worker === null) return;
    const gone = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    worker.postMessage({ kind: "close" } satisfies ToThread);
    await gone;
  }

  #flush(): void {
    if (this.#outbox.size === 0) return;
    const worker = this.#worker ?? this.#launch();
    const { batch, transfer } = this.#outbox.take();
    worker.postMessage({ kind: "requests", batch } satisfies ToThread, transfer);
  }

  #launch(): Worker {
    const { thread, program = ownProgram } = this.#options;
    const worker = new Worker(program, {
      workerData: thread,
      name: thread.role,
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    });
    this.#worker = worker;
    worker.on("message", (message: FromThread) => this.#receive(message));
    worker.on("error", (error) => this.#options.report(error, thread.role));
    worker.on("exit", () => this.#gone());
    return worker;
  }

  #receive(message: FromThread): void {
    switch (message.kind) {
      case "answers": {
        this.#options.answered?.();
        let at = 0;
        for (const { id, message: bytes } of messagesOf(message.batch)) {
          const kind = message.kinds[at] ?? "close";
          at += 1;
          const waiting = this.#waiting.get(id);
          this.#waiting.delete(id);
          waiting?.resolve(kind === "reply" ? { kind, message: bytes } : { kind });
        }
        return;
      }
      case "fault":
        this.#options.report(message.error, message.where);
        return;
      case "refused":
        // At the first start whoever asked for it is told, and nobody else.
        if (this.#started)
          this.#options.report(new StorageOpenError(message.message), `${this.#options.thread.role} start`);
        return;
      case "ready":
        return;
    }
  }

  #gone(): void {
    this.#worker = null;
    // What was not sent yet is answered below and must not be run later.
    if (this.#outbox.size > 0) this.#outbox.take();
    if (this.#waiting.size === 0) return;
    const { role } = this.#options.thread;
    const error = new StoreError(
      1,
      role === "reader"
        ? "the reader failed and was started again: its cursors are gone"
        : "the writer failed and was started again: whether this write was kept is not known",
    );
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}
