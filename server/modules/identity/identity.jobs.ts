// The job that reads the identity vendor's events API again and again: what no webhook told is felt within a minute.
import { z } from "zod";
import { defineJob, type Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { DirectorySync } from "./directory-sync.ts";

const everyMs = 45_000;
const leaseMs = 120_000;
const retryWaitsMs = [5_000, 15_000];

/** Registers the job; `start` enqueues its next run, which every process may do. */
export function createIdentityJobs(options: {
  jobs: Jobs;
  clock: Clock;
  sync: Pick<DirectorySync, "reconcile">;
}): { start(): Promise<void> } {
  const { jobs, clock, sync } = options;

  const reconcile = defineJob({
    name: "identity.reconcile",
    payload: z.object({ slot: z.number().int() }),
    maxAttempts: retryWaitsMs.length + 1,
    leaseMs,
    backoffMs: (attempt) => retryWaitsMs[attempt - 1] ?? 0,
    async run({ slot }) {
      // First: a run that fails for good must not be the last one.
      await enqueue(Math.max(slot, currentSlot()) + 1);
      await sync.reconcile();
    },
  });
  jobs.register(reconcile);

  const currentSlot = () => Math.floor(clock.now().getTime() / everyMs);

  // Keyed by its time, so that many processes make one run of it.
  async function enqueue(slot: number): Promise<void> {
    await jobs.enqueue(
      reconcile,
      { slot },
      { key: `identity.reconcile/${slot}`, runAt: new Date(slot * everyMs) },
    );
  }

  return { start: () => enqueue(currentSlot()) };
}
