// Typst in a thread of its own, started at the first document and ended when it is not needed for a while.
import { Worker } from "node:worker_threads";

export interface ToTypst {
  id: number;
  source: string;
  /** JSON, which the source finds as `page.json`. */
  data: string;
}
export interface FromTypst {
  id: number;
  made?: { pdf: Uint8Array; pages: number };
  error?: string;
}

export interface TypstOptions {
  /** For one document, after those before it; a thread that takes longer is ended. */
  timeoutMs?: number;
  /** Without work for so long, the thread ends: it holds some 200 MB. */
  idleMs?: number;
  /** The thread's program; another one in tests. */
  program?: URL;
}

interface Waiting {
  resolve(made: NonNullable<FromTypst["made"]>): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

const ownProgram = new URL("./typst-worker.ts", import.meta.url);

/** One document after the other, at most so many waiting: who comes then is refused. */
const waitingAtMost = 50;

export class Typst {
  readonly #timeoutMs: number;
  readonly #idleMs: number;
  readonly #program: URL;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;

  constructor({ timeoutMs = 120_000, idleMs = 120_000, program = ownProgram }: TypstOptions = {}) {
    this.#timeoutMs = timeoutMs;
    this.#idleMs = idleMs;
    this.#program = program;
  }

  /** Rejects where the document cannot be set, the thread dies or its time is over. */
  make(document: Omit<ToTypst, "id">): Promise<NonNullable<FromTypst["made"]>> {
    if (this.#waiting.size >= waitingAtMost)
      return Promise.reject(new Error("too many documents wait for Typst"));
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#launch());
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => void worker.terminate(), this.#timeoutMs * (this.#waiting.size + 1));
      this.#waiting.set(id, { resolve, reject, timer });
      worker.ref();
      worker.postMessage({ id, ...document } satisfies ToTypst);
    });
  }

  /** Whoever still waits is refused. */
  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #launch(): Worker {
    const worker = new Worker(this.#program, {
      name: "typst",
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    let failure: unknown;
    worker.on("message", ({ id, made, error }: FromTypst) => {
      const waiting = this.#taken(id);
      if (made === undefined) waiting?.reject(new Error(error ?? "Typst gave no answer"));
      else waiting?.resolve(made);
      if (this.#waiting.size > 0) return;
      worker.unref();
      this.#idle = setTimeout(() => void worker.terminate(), this.#idleMs).unref();
    });
    worker.on("error", (error) => (failure = error));
    worker.on("exit", () => {
      this.#worker = null;
      const ended = new Error("Typst's thread has ended before its answer", { cause: failure });
      for (const id of [...this.#waiting.keys()]) this.#taken(id)?.reject(ended);
    });
    return worker;
  }

  #taken(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }
}
