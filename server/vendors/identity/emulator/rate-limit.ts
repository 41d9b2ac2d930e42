// How often the emulated WorkOS answers: as many calls in a window as were configured, then 429 with the seconds to wait.
import type { Clock } from "../../../platform/clock.ts";
import { ApiRefusal } from "./errors.ts";

export interface CallLimit {
  max: number;
  windowMs: number;
}

export class TooManyCalls extends ApiRefusal {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super(429, "rate_limit_exceeded", "Too many requests.");
    this.name = "TooManyCalls";
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Throws TooManyCalls. Without a limit nothing is counted. */
export function createCallLimiter(clock: Clock, limit: () => CallLimit | null): () => void {
  let window = { startMs: 0, calls: 0 };
  return () => {
    const configured = limit();
    if (configured === null) return;
    const nowMs = clock.now().getTime();
    if (nowMs - window.startMs >= configured.windowMs) window = { startMs: nowMs, calls: 0 };
    window.calls += 1;
    if (window.calls <= configured.max) return;
    throw new TooManyCalls(Math.max(1, Math.ceil((window.startMs + configured.windowMs - nowMs) / 1000)));
  };
}
