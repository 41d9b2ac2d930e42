// Selections solved in a thread of their own, started at the first; without its answer, by heuristics.
import { Worker } from "node:worker_threads";
import type { SelectionPlan } from "../../../../shared/schemas/career/selection.ts";
import { planOfRequest, problemOfRequest, type PlanRequest } from "./plan-request.ts";
import type { SelectionProblem } from "./problem.ts";
import { solveGreedily, type Solved } from "./solve.ts";

/** A problem to be solved, or a whole plan to be made. */
type Asked = { problem: SelectionProblem } | { request: PlanRequest };

export interface ToSolver {
  id: number;
  asked: Asked;
  timeLimitSeconds: number;
}
export interface FromSolver {
  id: number;
  solved?: Solved;
  plan?: SelectionPlan;
  error?: string;
}

export interface SelectionSolverOptions {
  /** After it the best set so far counts, with its bound: wide, as the thread gives way to whatever else the machine does. */
  timeLimitSeconds?: number;
  /** The thread has failed, and heuristics have answered. */
  report(error: unknown): void;
  /** The thread's program; another one in tests. */
  program?: URL;
}

interface Waiting {
  /** Null where the thread has given no answer. */
  answer(from: FromSolver | null): void;
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
    this.#timeLimitSeconds = options.timeLimitSeconds ?? 60;
  }

  /** Starts the thread where it is not there, so that who asks next does not wait for it. */
  warm(): void {
    if (this.#worker !== null) return;
    this.#worker = this.#launch();
    this.#worker.unref();
  }

  async solve(problem: SelectionProblem): Promise<Solved> {
    const from = await this.#ask({ problem });
    return from?.solved ?? solveGreedily(problem);
  }

  /** Everything in the thread: from relevance to the plan's sentences. */
  async plan(request: PlanRequest): Promise<SelectionPlan> {
    const from = await this.#ask({ request });
    if (from?.plan !== undefined) return from.plan;
    const problem = problemOfRequest(request);
    return planOfRequest(request, problem, solveGreedily(problem));
  }

  /** Whoever still waits is answered by heuristics. */
  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #ask(asked: Asked): Promise<FromSolver | null> {
    const worker = (this.#worker ??= this.#launch());
    const id = (this.#lastId += 1);
    return new Promise((resolve) => {
      const graceMs = 1_000 * this.#timeLimitSeconds * graceFactor * (this.#waiting.size + 1);
      const timer = setTimeout(() => void worker.terminate(), graceMs);
      this.#waiting.set(id, { answer: resolve, timer });
      worker.ref();
      worker.postMessage({ id, asked, timeLimitSeconds: this.#timeLimitSeconds } satisfies ToSolver);
    });
  }

  #launch(): Worker {
    const worker = new Worker(this.#options.program ?? ownProgram, { name: "selection" });
    worker.on("message", (from: FromSolver) => {
      const waiting = this.#taken(from.id);
      if (waiting === undefined) return;
      const answered = from.solved !== undefined || from.plan !== undefined;
      if (!answered) this.#options.report(new Error(from.error ?? "the solver gave no answer"));
      waiting.answer(answered ? from : null);
      if (this.#waiting.size === 0) worker.unref();
    });
    worker.on("error", (error) => this.#options.report(error));
    worker.on("exit", () => {
      this.#worker = null;
      for (const id of [...this.#waiting.keys()]) {
        const waiting = this.#taken(id);
        if (waiting === undefined) continue;
        this.#options.report(new Error("the solver's thread has ended before its answer"));
        waiting.answer(null);
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
}
