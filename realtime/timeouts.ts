// Bounded waiting by the injected schedule.
import { AppError } from "../shared/errors.ts";
import type { RealtimePorts } from "./ports.ts";

type Schedule = Pick<RealtimePorts, "schedule">;

/** The promise's outcome, or TIMEOUT after `timeoutMs`; the promise itself runs on. */
export function withTimeout<Value>(
  { schedule }: Schedule,
  promise: Promise<Value>,
  timeoutMs: number,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = schedule(timeoutMs, () =>
      reject(new AppError("TIMEOUT", "This took too long. Please try again.")),
    );
    promise.then(resolve, reject).finally(cancel);
  });
}

const lookEveryMs = 10;

/** Resolves when `isDone` answers true, or after `timeoutMs`. */
export function waitAtMost({ schedule }: Schedule, timeoutMs: number, isDone: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (leftMs: number) => {
      if (isDone() || leftMs <= 0) return resolve();
      schedule(Math.min(lookEveryMs, leftMs), () => look(leftMs - lookEveryMs));
    };
    look(timeoutMs);
  });
}
