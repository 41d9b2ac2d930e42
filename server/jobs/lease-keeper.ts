// Renews the lease of one run for as long as the run lives, and interrupts the run when that must end.
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/logger.ts";
import type { JobStore, StoredJob } from "./job-store.mongo.ts";
import { longestRunMs, renewalIntervalMs } from "./lease.ts";

export type InterruptionCode = "JOB_TIMEOUT" | "LEASE_LOST" | "STOPPING";

/** Why a run was ended from outside. */
export class JobInterrupted extends Error {
  readonly code: InterruptionCode;
  constructor(code: InterruptionCode) {
    super(code);
    this.name = "JobInterrupted";
    this.code = code;
  }
}

export interface LeaseKeeper {
  /** Rejects with JobInterrupted after the run's signal was aborted; never resolves. */
  interrupted: Promise<never>;
  /** Ends the renewals. */
  release(): void;
}

export interface LeaseKeeperOptions {
  job: StoredJob;
  abort: AbortController;
  /** The lease that the claim was given. */
  claimedLeaseMs: number;
  /** The lease that each renewal gives. */
  leaseMs: number;
  store: Pick<JobStore, "renew">;
  clock: Clock;
  logger: Logger;
}

export function keepLease(options: LeaseKeeperOptions): LeaseKeeper {
  const { job, abort, claimedLeaseMs, leaseMs, store, clock, logger } = options;
  const everyMs = renewalIntervalMs(Math.min(claimedLeaseMs, leaseMs));
  const startedMs = clock.monotonicMs();
  let leaseUntilMs = clock.now().getTime() + claimedLeaseMs;
  let over = false;
  let cancelTimer: () => void;

  const interrupted = new Promise<never>((_resolve, reject) => {
    abort.signal.addEventListener("abort", () => reject(abort.signal.reason as Error), { once: true });
  });
  // The worker stops listening once the run has ended by itself.
  interrupted.catch(() => undefined);

  async function renew(): Promise<void> {
    if (clock.monotonicMs() - startedMs >= longestRunMs(leaseMs)) return interrupt("JOB_TIMEOUT");
    const untilMs = clock.now().getTime() + leaseMs;
    try {
      const held = await store.renew(job.id, job.leaseToken, new Date(untilMs));
      if (over) return;
      if (!held) return interrupt("LEASE_LOST");
      leaseUntilMs = untilMs;
    } catch (error) {
      if (over) return;
      logger.warn({ job: job.name, jobId: job.id, error: error as Error }, "job lease not renewed");
      if (clock.now().getTime() >= leaseUntilMs) return interrupt("LEASE_LOST");
    }
    renewLater();
  }

  function interrupt(code: InterruptionCode): void {
    over = true;
    abort.abort(new JobInterrupted(code));
  }

  function renewLater(): void {
    cancelTimer = clock.schedule(everyMs, () => void renew());
  }

  renewLater();
  return {
    interrupted,
    release() {
      over = true;
      cancelTimer();
    },
  };
}
