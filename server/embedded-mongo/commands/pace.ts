// Keeps long work from blocking the others: a turn for the event loop every few milliseconds, and a deadline.
import { StoreError } from "../errors.ts";

const turnMs = 6;

export interface Pace {
  /** Called between steps of long work. Throws MaxTimeMSExpired (50) after the deadline. */
  breathe(): Promise<void> | undefined;
}

export function newPace(deadlineMs: number | null): Pace {
  let turnEnds = performance.now() + turnMs;
  const deadline = deadlineMs === null ? Infinity : performance.now() + deadlineMs;
  return {
    breathe() {
      const now = performance.now();
      if (now > deadline) throw new StoreError(50, "operation exceeded time limit");
      if (now < turnEnds) return undefined;
      return new Promise((resolve) =>
        setImmediate(() => {
          turnEnds = performance.now() + turnMs;
          resolve();
        }),
      );
    },
  };
}
