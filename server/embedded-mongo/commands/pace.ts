// Keeps long work from blocking the others: slices of a few milliseconds, one a turn of the event loop, and a deadline.
import { StoreError } from "../errors.ts";

const sliceMs = 4;

export interface Pace {
  /** Called between steps of long work. Throws MaxTimeMSExpired (50) after the deadline. */
  breathe(): Promise<void> | undefined;
}

/** Long work that waits for its next slice, first come first served. */
const paused: (() => void)[] = [];
let interrupted = false;

/** From now on long work of this thread ends with InterruptedAtShutdown (11600). */
export function interruptAll(): void {
  interrupted = true;
}

export function newPace(deadlineMs: number | null): Pace {
  // The clock starts with the first step: waiting in a queue uses up nothing.
  let sliceEnds: number | null = null;
  const deadline = deadlineMs === null ? Infinity : performance.now() + deadlineMs;
  return {
    breathe() {
      const now = performance.now();
      if (now > deadline) throw new StoreError(50, "operation exceeded time limit");
      if (interrupted) throw new StoreError(11600, "interrupted: the server is shutting down");
      sliceEnds ??= now + sliceMs;
      if (now < sliceEnds) return undefined;
      return new Promise((resolve) => {
        paused.push(() => {
          sliceEnds = performance.now() + sliceMs;
          resolve();
        });
        if (paused.length === 1) setImmediate(resumeOne);
      });
    },
  };
}

/** One slice a turn: whatever came in meanwhile waits for one slice at most, however many are paused. */
function resumeOne(): void {
  paused.shift()?.();
  if (paused.length > 0) setImmediate(resumeOne);
}
