// A program in a thread of its own, started at the first question and ended when it is not needed for a while.
import { Worker } from "node:worker_threads";

export interface ToThread<Input> {
  id: number;
  input: Input;
}
export interface FromThread<Output> {
  id: number;
  output?: Output;
  error?: string;
}

export interface BoundedThreadOptions {
  program: URL;
  name: string;
  /** For one answer, after those before it; a thread that takes longer is ended. */
  timeoutMs?: number;
  /** Without work for so long, the thread ends. */
  idleMs?: number;
}

interface Waiting<Output> {
  resolve(output: Output): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** One after the other, at most so many waiting: who comes then is refused. */
const waitingAtMost = 50;

/** There is no answer because of what else happens, not because of the question: asked again, there may be one. */
export class ThreadLost extends Error {}

export class BoundedThread<Input, Output> {
  readonly #options: Required<BoundedThreadOptions>;
  readonly #waiting = new Map<number, Waiting<Output>>();
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;

  constructor(options: BoundedThreadOptions) {
    this.#options = { timeoutMs: 120_000, idleMs: 120_000, ...options };
  }

  /** Rejects where the program cannot answer, and with ThreadLost where the thread dies or its time is over. */
  ask(input: Input): Promise<Output> {
    const { name, timeoutMs } = this.#options;
    if (this.#waiting.size >= waitingAtMost)
      return Promise.reject(new ThreadLost(`too many wait for ${name}`));
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#launch());
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => void worker.terminate(), timeoutMs * (this.#waiting.size + 1));
      this.#waiting.set(id, { resolve, reject, timer });
      worker.ref();
      worker.postMessage({ id, input } satisfies ToThread<Input>);
    });
  }

  /** Starts the thread where it is not there, so that who asks next does not wait for it. */
  warm(): void {
    if (this.#worker !== null) return;
    this.#worker = this.#launch();
    this.#rest(this.#worker);
  }

  /** Whoever still waits is refused. */
  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #launch(): Worker {
    const { program, name } = this.#options;
    const worker = new Worker(program, { name, resourceLimits: { maxOldGenerationSizeMb: 512 } });
    let failure: unknown;
    worker.on("message", ({ id, output, error }: FromThread<Output>) => {
      const waiting = this.#taken(id);
      if (output === undefined) waiting?.reject(new Error(error ?? `${name} gave no answer`));
      else waiting?.resolve(output);
      if (this.#waiting.size > 0) return;
      this.#rest(worker);
    });
    worker.on("error", (error) => (failure = error));
    worker.on("exit", () => {
      this.#worker = null;
      const ended = new ThreadLost(`the thread ${name} has ended before its answer`, { cause: failure });
      for (const id of [...this.#waiting.keys()]) this.#taken(id)?.reject(ended);
    });
    return worker;
  }

  #rest(worker: Worker): void {
    worker.unref();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void worker.terminate(), this.#options.idleMs).unref();
  }

  #taken(id: number): Waiting<Output> | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }
}
