// Pure rules of a job's life: what a failure leads to, when a lease is renewed, which code is kept of an error.
import { AppError } from "../../shared/errors.ts";

export type FailureOutcome = { outcome: "retry"; runAt: Date } | { outcome: "dead" };

/** A longer wait would look like a lost job to the person who waits for its result. */
const backoffMaxMs = 24 * 60 * 60 * 1_000;

/** What follows a failed run. `attempt` counts from 1 and includes the run that failed. */
export function afterFailure(options: {
  attempt: number;
  maxAttempts: number;
  backoffMs: (attempt: number) => number;
  now: Date;
}): FailureOutcome {
  const { attempt, maxAttempts, backoffMs, now } = options;
  if (attempt >= maxAttempts) return { outcome: "dead" };
  const wait = backoffMs(attempt);
  const waitMs = Number.isFinite(wait) ? Math.min(Math.max(wait, 0), backoffMaxMs) : backoffMaxMs;
  return { outcome: "retry", runAt: new Date(now.getTime() + waitMs) };
}

/** A third of the lease, so that two renewals may fail before it is lost. */
export function renewalIntervalMs(leaseMs: number): number {
  return Math.max(1, Math.floor(leaseMs / 3));
}

/** A run that hangs may renew its lease this long, then it counts as failed and its slot is free. */
export function longestRunMs(leaseMs: number): number {
  return leaseMs * 20;
}

/** A code fit for logs and for the store: never an error's message, which may quote content. */
export function errorCodeOf(error: unknown): string {
  if (error instanceof AppError) return error.code;
  if (error instanceof Error) {
    const code = "code" in error ? String(error.code) : "";
    return /^[A-Z0-9][A-Z0-9_]{0,59}$/.test(code) ? code : error.name.slice(0, 60);
  }
  return "UNKNOWN";
}
