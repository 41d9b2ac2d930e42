// Time that goes faster, the same in all processes of a test: what waits for a lease to run out needs no minute of it.
import { systemClock, type Clock } from "../../server/platform/clock.ts";

const speed = 20;
/** From when on it goes ahead. */
const beganMs = Date.parse("2026-11-01T00:00:00Z");

export const fastClock: Clock = {
  now: () => new Date(beganMs + (Date.now() - beganMs) * speed),
  monotonicMs: () => systemClock.monotonicMs() * speed,
  schedule: (delayMs, run) => systemClock.schedule(delayMs / speed, run),
};
