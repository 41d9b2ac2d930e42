// Clears up behind the career pipeline, once a day: what was deleted 30 days ago goes for good, and so does what hangs on nothing.
import { z } from "zod";
import { defineJob, type Jobs } from "../../../jobs/index.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { Logger } from "../../../platform/logger.ts";
import type { Metrics } from "../../../platform/metrics.ts";
import type { CareerArea } from "../index.ts";
import { deletedForGoodBefore } from "../kept-deleted.ts";
import type { Orphans } from "./orphans.mongo.ts";
import type { Relation } from "./relations.ts";

export { createOrphans } from "./orphans.mongo.ts";
export { careerRelations } from "./relations.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const waitsMs = [60_000, 600_000, 3_600_000];

/** Registers its job, so it is made before the jobs start. */
export function createCareerCleanup(parts: {
  area: Pick<CareerArea, "removeDeleted">;
  orphans: Orphans;
  relations: readonly Relation[];
  /** By collection: what goes with its documents, told of parents that are gone. */
  before: Readonly<Record<string, (parents: readonly string[]) => Promise<void>>>;
  jobs: Jobs;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}): { start(): Promise<void> } {
  const { area, orphans, relations, before, jobs, clock, logger, metrics } = parts;
  const removed = metrics.counter(
    "career_deleted_removed_total",
    "Documents of the career pipeline that were deleted 30 days ago and are gone for good",
  );
  const without = metrics.counter(
    "career_orphans_total",
    "Documents of the career pipeline that were found without their parent, and cleared up",
    ["child", "parent"],
  );

  const daily = defineJob({
    name: "career.clean",
    payload: z.object({ day: z.iso.date() }),
    maxAttempts: waitsMs.length + 1,
    leaseMs: 300_000,
    backoffMs: (attempt) => waitsMs[attempt - 1] ?? 0,
    async run(_payload, { signal }) {
      // First, so that tomorrow's comes whatever happens to today's.
      await order(new Date(startOfDay(clock.now()) + dayMs));
      removed.inc({}, await area.removeDeleted(deletedForGoodBefore(clock.now())));
      for (const relation of relations) {
        const { child, parent } = relation;
        const found = await orphans.check(relation, { mend: true, signal, before: before[child] });
        if (found === 0) continue;
        without.inc({ child, parent }, found);
        logger.warn({ child, parent, found }, "documents without their parent were cleared up");
      }
    },
  });
  jobs.register(daily);

  async function order(at: Date): Promise<void> {
    const day = at.toISOString().slice(0, 10);
    await jobs.enqueue(daily, { day }, { key: day, runAt: at });
  }

  return { start: () => order(new Date(startOfDay(clock.now()))) };
}

function startOfDay(at: Date): number {
  return Math.floor(at.getTime() / dayMs) * dayMs;
}
