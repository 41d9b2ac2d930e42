// A circuit breaker: a vendor that fails again and again is left alone for a while, and then asked once.
import type { Clock } from "../clock.ts";

export type CircuitState = "closed" | "half-open" | "open";

export interface CircuitBreaker {
  readonly state: CircuitState;
  /** False while nothing may go through; where it is half open, only the first one asks and gets true. */
  admit(): boolean;
  succeeded(): void;
  failed(): void;
  /** Neither: whoever was admitted has given up. */
  abandoned(): void;
}

export function createCircuitBreaker(options: {
  clock: Clock;
  failuresToOpen?: number;
  openMs?: number;
  onChange?: (state: CircuitState) => void;
}): CircuitBreaker {
  const { clock, failuresToOpen = 5, openMs = 30_000, onChange = () => undefined } = options;
  let failures = 0;
  let openedAtMs: number | null = null;
  let probing = false;

  function stateNow(): CircuitState {
    if (openedAtMs === null) return "closed";
    return clock.monotonicMs() - openedAtMs >= openMs ? "half-open" : "open";
  }

  return {
    get state() {
      return stateNow();
    },
    admit() {
      const state = stateNow();
      if (state === "closed") return true;
      if (state === "open" || probing) return false;
      probing = true;
      onChange("half-open");
      return true;
    },
    succeeded() {
      failures = 0;
      probing = false;
      if (openedAtMs === null) return;
      openedAtMs = null;
      onChange("closed");
    },
    failed() {
      failures += 1;
      if (openedAtMs === null && failures < failuresToOpen) return;
      probing = false;
      openedAtMs = clock.monotonicMs();
      onChange("open");
    },
    abandoned() {
      probing = false;
    },
  };
}
