// At most so many at once, the others in their order; a line that is too long takes nobody in.
import { AppError } from "../../../shared/errors.ts";

export interface Concurrency {
  readonly running: number;
  readonly waiting: number;
  /** Runs when it is its turn. Throws UNAVAILABLE at once where too many wait; an abort leaves the line. */
  run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}

export function createConcurrency(options: { atOnce: number; waitingMost: number }): Concurrency {
  const { atOnce, waitingMost } = options;
  const line: (() => void)[] = [];
  let running = 0;

  function leave(): void {
    running -= 1;
    line.shift()?.();
  }

  function turn(signal: AbortSignal | undefined): Promise<void> {
    if (running < atOnce) {
      running += 1;
      return Promise.resolve();
    }
    if (line.length >= waitingMost)
      return Promise.reject(new AppError("UNAVAILABLE", "Too many requests wait for this service."));
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        line.splice(line.indexOf(enter), 1);
        reject(signal?.reason as Error);
      };
      const enter = () => {
        signal?.removeEventListener("abort", onAbort);
        running += 1;
        resolve();
      };
      line.push(enter);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  return {
    get running() {
      return running;
    },
    get waiting() {
      return line.length;
    },
    async run(work, signal) {
      signal?.throwIfAborted();
      await turn(signal);
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
