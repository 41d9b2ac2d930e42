// The worker: claims due jobs, runs a bounded number of them, renews their leases and records how they ended.
import type mongoose from "mongoose";
import type { z } from "zod";
import { AppError, notFound } from "../../shared/errors.ts";
import type { Clock } from "../platform/clock.ts";
import type { IdSource } from "../platform/ids.ts";
import type { Logger } from "../platform/logger.ts";
import type { Metrics } from "../platform/metrics.ts";
import { noTracing, type Tracing } from "../platform/tracing.ts";
import type { JobDefinition, Jobs } from "./index.ts";
import { createJobStore, type StoredJob } from "./job-store.mongo.ts";
import { JobInterrupted, keepLease } from "./lease-keeper.ts";
import { afterFailure, errorCodeOf } from "./lease.ts";

const concurrency = 4;
/** One kind of job never takes every slot, so that slow mail does not hold up a recap. */
const concurrencyPerName = 3;
const pollMs = 1_000;
const payloadMaxBytes = 64 * 1024;
const keyMaxChars = 300;
const doneKeptMs = 90 * 24 * 60 * 60 * 1_000;
const purgeEveryMs = 60 * 60 * 1_000;
const restMaxMs = 5_000;
/** So much may run at once before a kind is held to its share: who asks for one run waits for nothing. */
const burstMs = 5_000;
/** An aborted run gets this long to end before its job is given away. */
const abortNoticeMs = 1_000;

export interface JobsOptions {
  connection: mongoose.Connection;
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  metrics: Metrics;
  tracing?: Tracing;
}

interface Claimed {
  job: StoredJob;
  leaseMs: number;
}

interface Running {
  job: StoredJob;
  abort: AbortController;
  finished: Promise<void>;
}

export async function createJobs({
  connection,
  clock,
  ids,
  logger,
  metrics,
  tracing = noTracing,
}: JobsOptions): Promise<Jobs> {
  const store = await createJobStore(connection);
  const ended = metrics.counter("jobs_ended_total", "Job runs by how they ended", ["name", "outcome"]);
  const seconds = metrics.histogram("job_run_seconds", "Duration of job runs", ["name"]);
  const runningGauge = metrics.gauge("jobs_running", "Jobs running in this process");
  const definitions = new Map<string, JobDefinition>();
  const running = new Map<string, Running>();
  const wakeTimers = new Set<() => void>();
  const restingUntilMs = new Map<string, number>();
  const allowances = new Map<string, { leftMs: number; atMs: number }>();
  let state: "idle" | "started" | "stopped" = "idle";
  let pumping: Promise<void> | null = null;
  let wokenWhilePumping = false;
  let lastPurgeMs = Number.NEGATIVE_INFINITY;

  function later(delayMs: number, run: () => void): void {
    const cancel = clock.schedule(delayMs, () => {
      wakeTimers.delete(cancel);
      run();
    });
    wakeTimers.add(cancel);
  }

  function wake(): void {
    if (state !== "started") return;
    if (pumping !== null) {
      wokenWhilePumping = true;
      return;
    }
    pumping = pump().finally(() => {
      pumping = null;
      if (wokenWhilePumping) {
        wokenWhilePumping = false;
        wake();
      }
    });
  }

  async function pump(): Promise<void> {
    try {
      await purge();
      while (state === "started" && running.size < concurrency) {
        const claimed = await claimNext();
        if (claimed === null) return;
        if (state === "started") begin(claimed);
        else await store.release(claimed.job.id, claimed.job.leaseToken, clock.now());
      }
    } catch (error) {
      // The next poll tries again: a store that is away for a moment must not end the worker.
      logger.error({ error: error as Error }, "jobs could not be claimed");
    }
  }

  async function claimNext(): Promise<Claimed | null> {
    const counts = new Map<string, number>();
    for (const { job } of running.values()) counts.set(job.name, (counts.get(job.name) ?? 0) + 1);
    const free = [...definitions.values()].filter(
      ({ name, atOnce = concurrencyPerName }) =>
        (counts.get(name) ?? 0) < Math.min(atOnce, concurrencyPerName) &&
        (restingUntilMs.get(name) ?? 0) <= clock.monotonicMs(),
    );
    if (free.length === 0) return null;
    const now = clock.now();
    const leaseMs = Math.min(...free.map((definition) => definition.leaseMs));
    const job = await store.claim({
      names: free.map(({ name }) => name),
      leaseToken: ids.uuid(),
      now,
      leaseUntil: new Date(now.getTime() + leaseMs),
    });
    return job === null ? null : { job, leaseMs };
  }

  function begin(claimed: Claimed): void {
    const { job } = claimed;
    const abort = new AbortController();
    const startedMs = clock.monotonicMs();
    const finished = perform(claimed, abort).catch((error: unknown) => {
      // Only a failing store comes here; the lease runs out and the job is taken over.
      logger.error({ job: job.name, jobId: job.id, error: error as Error }, "job outcome not recorded");
    });
    running.set(job.leaseToken, { job, abort, finished });
    runningGauge.set(running.size);
    void finished.finally(() => {
      running.delete(job.leaseToken);
      runningGauge.set(running.size);
      rest(job.name, clock.monotonicMs() - startedMs);
      wake();
    });
  }

  /** Spends what the run took; where nothing is left of its kind's share, none begins until it has come back. */
  function rest(name: string, tookMs: number): void {
    const share = definitions.get(name)?.shareMost;
    if (share === undefined || state !== "started") return;
    const nowMs = clock.monotonicMs();
    const before = allowances.get(name) ?? { leftMs: burstMs, atMs: nowMs };
    const regained = Math.min(burstMs, before.leftMs + (nowMs - before.atMs) * share);
    const leftMs = Math.max(regained - tookMs, -restMaxMs * share);
    allowances.set(name, { leftMs, atMs: nowMs });
    // Whole milliseconds: a timer that comes a moment early would find it resting still.
    const restMs = Math.ceil(-leftMs / share);
    if (restMs <= 0) return;
    restingUntilMs.set(name, nowMs + restMs);
    later(restMs + 1, wake);
  }

  async function perform({ job, leaseMs }: Claimed, abort: AbortController): Promise<void> {
    const definition = definitions.get(job.name);
    if (definition === undefined) throw new Error("a job without a definition was claimed");
    const payload = parsePayload(definition, job);
    if (!payload.ok) return bury(job, null, "PAYLOAD_INVALID");
    if (job.attempts > definition.maxAttempts) {
      // Its runs ended without an outcome, each time with the process that ran it.
      return bury(job, () => definition.onDead?.(payload.value, "LEASE_EXPIRED"), "LEASE_EXPIRED");
    }
    const startedMs = clock.monotonicMs();
    const lease = keepLease({
      job,
      abort,
      claimedLeaseMs: leaseMs,
      leaseMs: definition.leaseMs,
      store,
      clock,
      logger,
    });
    const { id: jobId, attempts: attempt, claims: fence } = job;
    const context = { jobId, attempt, fence, signal: abort.signal };
    const work = tracing.span(
      `job ${job.name}`,
      { kind: "consumer", parent: job.trace, attributes: { "connvo.job.attempt": attempt } },
      () => Promise.resolve().then(() => definition.run(payload.value, context)),
    );
    try {
      await Promise.race([work, lease.interrupted]).catch((error: unknown) => lastChance(work, abort, error));
      record(job, "done", await store.complete(job.id, job.leaseToken, clock.now()));
    } catch (error) {
      await afterThrow(job, definition, payload.value, error);
    } finally {
      lease.release();
      seconds.observe({ name: job.name }, (clock.monotonicMs() - startedMs) / 1_000);
    }
  }

  // An interrupted run may still end well, and its job must not be given away while it visibly works.
  async function lastChance(work: Promise<void>, abort: AbortController, error: unknown): Promise<void> {
    if (!abort.signal.aborted) throw error;
    const result = work.then(
      () => "done",
      () => "failed",
    );
    if ((await within(clock, abortNoticeMs, result)) !== "done") throw abort.signal.reason;
  }

  async function afterThrow(
    job: StoredJob,
    definition: JobDefinition,
    payload: unknown,
    error: unknown,
  ): Promise<void> {
    const code = errorCodeOf(error);
    if (code === "LEASE_LOST") return record(job, "lost", true);
    if (code === "STOPPING") {
      return record(job, "released", await store.release(job.id, job.leaseToken, clock.now()));
    }
    const now = clock.now();
    const { maxAttempts, backoffMs } = definition;
    const next = afterFailure({
      attempt: job.attempts,
      maxAttempts,
      backoffMs: (attempt) => backoffMs(attempt),
      now,
    });
    logger.warn(
      { job: job.name, jobId: job.id, attempt: job.attempts, code, error: error as Error },
      "job run failed",
    );
    if (next.outcome === "dead") return bury(job, () => definition.onDead?.(payload, code), code);
    record(job, "retry", await store.retryAt(job.id, job.leaseToken, { runAt: next.runAt, code, now }));
    wakeAt(next.runAt);
  }

  async function bury(
    job: StoredJob,
    tell: (() => Promise<void> | undefined) | null,
    code: string,
  ): Promise<void> {
    try {
      await tell?.();
    } catch (error) {
      logger.error({ job: job.name, jobId: job.id, error: error as Error }, "job could not report its death");
    }
    logger.error({ job: job.name, jobId: job.id, attempt: job.attempts, code }, "job given up");
    record(job, "dead", await store.bury(job.id, job.leaseToken, { code, now: clock.now() }));
  }

  function record(job: StoredJob, outcome: string, held: boolean): void {
    ended.inc({ name: job.name, outcome: held ? outcome : "lost" });
    if (!held || outcome === "lost") {
      logger.warn({ job: job.name, jobId: job.id, attempt: job.attempts }, "job lease was lost");
    }
  }

  function wakeAt(at: Date): void {
    if (state !== "started") return;
    const delayMs = at.getTime() - clock.now().getTime();
    if (delayMs <= 0) wake();
    // What lies further ahead is met by a poll.
    else if (delayMs < pollMs) later(delayMs, wake);
  }

  function poll(): void {
    if (state !== "started") return;
    wake();
    later(pollMs, poll);
  }

  async function purge(): Promise<void> {
    const nowMs = clock.now().getTime();
    if (nowMs - lastPurgeMs < purgeEveryMs) return;
    lastPurgeMs = nowMs;
    await store.purgeDone(new Date(nowMs - doneKeptMs));
  }

  /** False where it is there already. */
  async function add<Payload extends z.ZodType>(
    definition: JobDefinition<Payload>,
    payload: z.input<Payload>,
    { key, runAt }: { key: string; runAt?: Date },
  ): Promise<boolean> {
    if (key.length === 0 || key.length > keyMaxChars) {
      throw new AppError("VALIDATION_ERROR", `A job's key has 1 to ${keyMaxChars} characters.`);
    }
    definition.payload.parse(payload);
    const text = JSON.stringify(payload);
    if (Buffer.byteLength(text) > payloadMaxBytes) {
      throw new AppError("PAYLOAD_TOO_LARGE", `A job's payload has at most ${payloadMaxBytes} bytes.`);
    }
    const now = clock.now();
    const dueAt = runAt ?? now;
    const added = await store.insert({
      name: definition.name,
      key,
      payload: text,
      runAt: dueAt,
      now,
      trace: tracing.parent(),
    });
    if (added) wakeAt(dueAt);
    return added;
  }

  return {
    register(definition) {
      if (state !== "idle") throw new Error(`job ${definition.name} was registered after the start`);
      if (definitions.has(definition.name)) throw new Error(`job ${definition.name} is registered twice`);
      definitions.set(definition.name, definition as unknown as JobDefinition);
    },

    async enqueue(definition, payload, options) {
      await add(definition, payload, options);
    },

    async requeue(name, key) {
      const now = clock.now();
      if (await store.revive(name, key, { runAt: now, now })) wake();
      else if (!(await store.exists(name, key))) throw notFound("This job");
    },

    async rerun(definition, payload, { key, runAt }) {
      if (await add(definition, payload, { key, ...(runAt && { runAt }) })) return;
      const now = clock.now();
      const at = runAt ?? now;
      // A run that ends between the two questions is met by the next round; one that begins there sees what is new.
      for (let round = 0; round < 2; round += 1) {
        if (await store.revive(definition.name, key, { runAt: at, now })) return wakeAt(at);
        if (await store.askAgain(definition.name, key, at)) return;
      }
    },

    start() {
      if (state !== "idle") throw new Error("the worker was started twice");
      state = "started";
      poll();
    },

    async stop(graceMs) {
      state = "stopped";
      for (const cancel of wakeTimers) cancel();
      wakeTimers.clear();
      await pumping;
      const settled = Promise.all([...running.values()].map(({ finished }) => finished));
      if ((await within(clock, graceMs, settled)) !== null) return;
      for (const { abort } of running.values()) abort.abort(new JobInterrupted("STOPPING"));
      // Bounded: each run has its short notice, and then only the write of its release.
      await settled;
    },

    async counts() {
      const [waiting, active, dead] = await Promise.all([
        store.count("waiting"),
        store.count("running"),
        store.count("dead"),
      ]);
      return { waiting, running: active, dead };
    },
  };
}

function parsePayload(
  definition: JobDefinition,
  job: StoredJob,
): { ok: true; value: z.output<z.ZodType> } | { ok: false } {
  try {
    return { ok: true, value: definition.payload.parse(JSON.parse(job.payload)) };
  } catch {
    return { ok: false };
  }
}

/** Null where the work took longer. */
async function within<Result>(
  clock: Clock,
  timeoutMs: number,
  work: Promise<Result>,
): Promise<Result | null> {
  if (timeoutMs <= 0) return Promise.race([work, Promise.resolve(null)]);
  let cancel = () => undefined as void;
  const timeout = new Promise<null>((resolve) => {
    cancel = clock.schedule(timeoutMs, () => resolve(null));
  });
  const result = await Promise.race([work, timeout]);
  cancel();
  return result;
}
