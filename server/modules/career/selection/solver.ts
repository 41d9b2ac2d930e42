// Selections solved in a thread of their own, started at the first; without its answer, by heuristics.
import { Worker } from "node:worker_threads";
import type { SelectionProblem } from "./problem.ts";
import { solveGreedily, type Solved } from "./solve.ts";

export interface ToSolver {
  id: number;
  problem: SelectionProblem;
  timeLimitSeconds: number;
}
export interface FromSolver {
  id: number;
  solved?: Solved;
  error?: string;
}

export interface SelectionSolverOptions {
  /** After it the best set so far counts, with its bound. */
  timeLimitSeconds?: number;
  /** The thread has failed, and heuristics have answered. */
  report(error: unknown): void;
  /** The thread's program; another one in tests. */
  program?: URL;
}

interface Waiting {
  problem: SelectionProblem;
  resolve(solved: Solved): void;
  timer: NodeJS.Timeout;
}

const ownProgram = new URL("./solver-worker.ts", import.meta.url);
/** A solver that does not look at its own limit is ended after so many times that. */
const graceFactor = 3;

/** One selection after the other. Where the thread dies or hangs, the answer says `greedy-and-swap`. */
export class SelectionSolver {
  readonly #options: SelectionSolverOptions;
  readonly #timeLimitSeconds: number;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;

  constructor(options: SelectionSolverOptions) {
    this.#options = options;
    this.#timeLimitSeconds = options.timeLimitSeconds ?? 10;
  }

  solve(problem: SelectionProblem): Promise<Solved> {
    const worker = (this.#worker ??= this.#launch());
    const id = (this.#lastId += 1);
    return new Promise((resolve) => {
      const graceMs = 1_000 * this.#timeLimitSeconds * graceFactor * (this.#waiting.size + 1);
      const timer = setTimeout(() => void worker.terminate(), graceMs);
      this.#waiting.set(id, { problem, resolve, timer });
      worker.ref();
      worker.postMessage({ id, problem, timeLimitSeconds: this.#timeLimitSeconds } satisfies ToSolver);
    });
  }

  /** Whoever still waits is answered by heuristics. */
  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #launch(): Worker {
    const worker = new Worker(this.#options.program ?? ownProgram, { name: "selection" });
    worker.on("message", ({ id, solved, error }: FromSolver) => {
      const waiting = this.#taken(id);
      if (waiting === undefined) return;
      if (solved === undefined) this.#options.report(new Error(error ?? "the solver gave no answer"));
      this.#answer(waiting, solved);
      if (this.#waiting.size === 0) worker.unref();
    });
    worker.on("error", (error) => this.#options.report(error));
    worker.on("exit", () => {
      this.#worker = null;
      for (const id of [...this.#waiting.keys()]) {
        const waiting = this.#taken(id);
        if (waiting === undefined) continue;
        this.#options.report(new Error("the solver's thread has ended before its answer"));
        this.#answer(waiting, undefined);
      }
    });
    return worker;
  }

  #taken(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }

  #answer({ problem, resolve }: Waiting, solved: Solved | undefined): void {
    resolve(solved ?? solveGreedily(problem));
  }
}
