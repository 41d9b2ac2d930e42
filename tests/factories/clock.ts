// Real time that a test can move or stop: for parts that must agree with libraries which read the real clock.
import { systemClock, type Clock } from "../../server/platform/clock.ts";

export class MovableClock implements Clock {
  shiftMs = 0;
  #stoppedAtMs: number | null = null;

  now(): Date {
    return new Date((this.#stoppedAtMs ?? Date.now()) + this.shiftMs);
  }

  monotonicMs(): number {
    return systemClock.monotonicMs() + this.shiftMs;
  }

  schedule(delayMs: number, run: () => void): () => void {
    return systemClock.schedule(delayMs, run);
  }

  stop(): this {
    this.#stoppedAtMs = Date.now();
    return this;
  }
}
