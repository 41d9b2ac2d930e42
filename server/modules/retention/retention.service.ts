// What is over its term is deleted: once a day, by whichever process takes the job, in batches.
import { z } from "zod";
import type { RetentionTerms } from "../../../shared/schemas/retention.ts";
import { defineJob, type Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Metrics } from "../../platform/metrics.ts";
import { retentionClasses, termsOf, type RetentionClass, type RetentionDays } from "./retention.classes.ts";
import type { RetentionRepository } from "./retention.repository.mongo.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const batchMost = 500;

export interface RetentionService {
  terms(): Promise<RetentionTerms>;
  /** Deletes all that is over now. May be repeated, and by several at once. */
  run(signal: AbortSignal): Promise<void>;
  /** Today's run is ordered, if it was not before; each run orders the next day's. */
  start(): Promise<void>;
}

/** Registers its job, so it is made before the jobs start. */
export function createRetentionService({
  repository,
  days,
  jobs,
  clock,
  metrics,
}: {
  repository: RetentionRepository;
  days: RetentionDays;
  jobs: Pick<Jobs, "register" | "enqueue">;
  clock: Clock;
  metrics: Metrics;
}): RetentionService {
  const deletedCount = metrics.counter("retention_deleted_total", "What was deleted as its term was over", [
    "class",
  ]);
  const overdue = metrics.gauge("retention_overdue_seconds", "By how much the oldest is over its term", [
    "class",
  ]);

  const daily = defineJob({
    name: "retention.daily",
    payload: z.object({ day: z.iso.date() }),
    maxAttempts: 5,
    leaseMs: 30_000,
    backoffMs: (attempt) => 60_000 * 2 ** attempt,
    async run({ day }, { signal }) {
      // First of all: whatever becomes of this one, there is a next.
      const next = new Date(Math.max(Date.parse(day) + dayMs, startOfDay(clock.now()) + dayMs));
      await order(next);
      await run(signal);
    },
  });
  jobs.register(daily);

  async function order(at: Date): Promise<void> {
    const day = at.toISOString().slice(0, 10);
    await jobs.enqueue(daily, { day }, { key: day, runAt: at });
  }

  async function run(signal: AbortSignal): Promise<void> {
    for (const name of retentionClasses) await runOne(name, signal);
  }

  async function runOne(name: RetentionClass, signal: AbortSignal): Promise<void> {
    const term = days[name];
    if (term === null) return overdue.set({ class: name }, 0);
    const now = clock.now();
    const before = new Date(now.getTime() - term * dayMs);
    let deleted = 0;
    for (;;) {
      signal.throwIfAborted();
      const count = await repository.deleteBefore(name, before, batchMost);
      deleted += count;
      deletedCount.inc({ class: name }, count);
      if (count < batchMost) break;
    }
    await repository.recordRun(name, { at: now, deleted, before });
    const oldest = await repository.oldest(name);
    const over = oldest === null ? 0 : before.getTime() - oldest.getTime();
    overdue.set({ class: name }, Math.max(0, over / 1_000));
  }

  return {
    async terms() {
      return {
        items: termsOf(days),
        lastRunAt: (await repository.lastRunAt())?.toISOString() ?? null,
      };
    },
    run,
    start: () => order(new Date(startOfDay(clock.now()))),
  };
}

function startOfDay(at: Date): number {
  return Math.floor(at.getTime() / dayMs) * dayMs;
}
