// Background jobs: a durable queue with leases; knows no module.
export { createJobs } from "./worker.ts";
import type { z } from "zod";

export interface JobDefinition<Payload extends z.ZodType = z.ZodType> {
  name: string;
  payload: Payload;
  /** Tries before a job is dead-lettered. */
  maxAttempts: number;
  /** A run that lasts longer loses its lease and may be taken over; runs renew it while they live. */
  leaseMs: number;
  /** The most of this kind that one process runs at a time, where that is fewer than of any kind: for what is heavy and can wait. */
  atOnce?: number;
  /**
   * Of the time the process spends at most this share on the kind, 0 to 1, beyond five seconds at once: for what may come
   * in hundreds and must not take the machine from live calls. It rests five seconds at most.
   */
  shareMost?: number;
  /** Wait before try n+1, in milliseconds. */
  backoffMs(attempt: number): number;
  /** Must be safe to repeat: a crash after its work and before its completion runs it again. */
  run(payload: z.output<Payload>, context: JobContext): Promise<void>;
  /** Told when the job is given up, before that is recorded; may be told again after a crash. */
  onDead?(payload: z.output<Payload>, code: string): Promise<void>;
}

export interface JobContext {
  jobId: string;
  /** Counts from 1 and starts again after `requeue`. */
  attempt: number;
  /** Rises with every claim of this job and never falls: a fence for what the run writes elsewhere. */
  fence: number;
  /** Aborted when the lease is lost or the process stops. */
  signal: AbortSignal;
}

/** A typo-proof way to write a definition: the payload's type follows from its schema. */
export function defineJob<Payload extends z.ZodType>(
  definition: JobDefinition<Payload>,
): JobDefinition<Payload> {
  return definition;
}

export interface Jobs {
  /** Adds a kind of job; before `start`. */
  register<Payload extends z.ZodType>(definition: JobDefinition<Payload>): void;
  /** Durable when it resolves. The same `key` is enqueued once, whatever its state. */
  enqueue<Payload extends z.ZodType>(
    definition: JobDefinition<Payload>,
    payload: z.input<Payload>,
    options: { key: string; runAt?: Date },
  ): Promise<void>;
  /** Makes a dead or finished job with this key run again; one that waits or runs is left alone. NOT_FOUND where there is none. */
  requeue(name: string, key: string): Promise<void>;
  /**
   * Enqueues it, or has it run once more from `runAt` on: a job that is done or dead begins anew, one that runs now is
   * run again when it has ended, and one that waits is left alone. Whatever was durable before is seen by a run after.
   */
  rerun<Payload extends z.ZodType>(
    definition: JobDefinition<Payload>,
    payload: z.input<Payload>,
    options: { key: string; runAt?: Date },
  ): Promise<void>;
  start(): void;
  /** Lets running jobs finish for at most `graceMs`, then releases their leases. */
  stop(graceMs: number): Promise<void>;
  counts(): Promise<{ waiting: number; running: number; dead: number }>;
}
