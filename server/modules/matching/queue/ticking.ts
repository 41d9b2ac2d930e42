// The queue's regular work in one process: often while somebody waits, seldom else, at once when something has changed.
import type { Clock } from "../../../platform/clock.ts";
import type { Logger } from "../../../platform/logger.ts";
import type { QueueService } from "./queue.service.ts";

const busyEveryMs = 2_000;
const idleEveryMs = 15_000;
/** Changes that come close together are looked at once. */
const soonMs = 200;
/** Whoever waits looks again for each change, which costs more the more there are. */
const crowdEveryMs = 1_000;
const crowdMsPerPerson = 20;

export function createTicking(options: {
  queue: Pick<QueueService, "tick" | "version" | "waiting">;
  clock: Clock;
  logger: Logger;
}) {
  const { queue, clock, logger } = options;
  let crowdChanged: (() => void) | null = null;
  let cancel: (() => void) | null = null;
  let dueAtMs = Infinity;
  let running: Promise<void> | null = null;
  let told = { version: 0, atMs: -Infinity };

  async function work(): Promise<void> {
    try {
      await queue.tick();
    } catch (error) {
      logger.error({ error: error as Error }, "work of the matching queue failed; it is tried again");
    }
    const gapMs = Math.max(crowdEveryMs, queue.waiting() * crowdMsPerPerson);
    if (queue.version() !== told.version && clock.monotonicMs() - told.atMs >= gapMs) {
      told = { version: queue.version(), atMs: clock.monotonicMs() };
      crowdChanged?.();
    }
  }

  function schedule(delayMs: number): void {
    const atMs = clock.monotonicMs() + delayMs;
    if (crowdChanged === null || atMs >= dueAtMs) return;
    cancel?.();
    dueAtMs = atMs;
    cancel = clock.schedule(delayMs, run);
  }

  function run(): void {
    cancel = null;
    dueAtMs = Infinity;
    running = work().finally(() => {
      running = null;
      schedule(queue.waiting() > 0 ? busyEveryMs : idleEveryMs);
    });
  }

  return {
    start(changed: () => void): void {
      crowdChanged = changed;
      schedule(0);
    },
    /** While it runs already, what has changed is seen at its next time. */
    soon(): void {
      if (running === null) schedule(soonMs);
      else void running.then(() => schedule(soonMs));
    },
    async stop(): Promise<void> {
      crowdChanged = null;
      cancel?.();
      await running;
    },
  };
}
