// Objectives as use cases: counting once a minute, and the report.
import type mongoose from "mongoose";
import type { ObjectiveName, Objectives } from "../../../shared/schemas/objectives.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { ObjectivesService } from "./index.ts";
import { definitions, objectiveNames, type Counted, type Sample } from "./objectives.definitions.ts";
import { createObjectivesRepository, type ObjectiveStep } from "./objectives.repository.mongo.ts";

const countEveryMs = 60_000;
const stepMinutes = 5;
const longStepMinutes = 60;
/** Beyond that many hours the longer steps are shown. */
const shortStepsHours = 48;
const minuteMs = 60_000;

export async function createObjectivesModule(options: {
  connection: mongoose.Connection;
  clock: Clock;
  metrics: Metrics;
  logger: Logger;
}): Promise<ObjectivesService> {
  const { clock, metrics, logger } = options;
  const repository = await createObjectivesRepository(options.connection);
  /** What this process's metrics said when it was last written down. */
  const written = new Map<ObjectiveName, Counted>();
  let cancel: (() => void) | null = null;
  let counting: Promise<void> = Promise.resolve();

  async function count(): Promise<void> {
    const at = startOfStep(clock.now(), stepMinutes);
    for (const name of objectiveNames) {
      const { metric, count: countOf } = definitions[name];
      const found = await metrics.registry.getSingleMetric(metric)?.get();
      const now = countOf((found?.values ?? []) as Sample[]);
      const before = written.get(name) ?? { good: 0, total: 0 };
      const step = { name, at, good: now.good - before.good, total: now.total - before.total };
      if (step.total === 0) continue;
      await repository.add(step);
      written.set(name, now);
    }
  }

  /** A failure is logged; what it did not write is written the next time. */
  function countSoon(): Promise<void> {
    counting = counting
      .then(count)
      .catch((error: unknown) =>
        logger.warn({ error: error as Error }, "objectives could not be written down"),
      );
    return counting;
  }

  function schedule(): void {
    cancel = clock.schedule(countEveryMs, () => {
      void countSoon();
      schedule();
    });
  }

  return {
    async report({ hours }) {
      const to = clock.now();
      const minutes = hours > shortStepsHours ? longStepMinutes : stepMinutes;
      const from = startOfStep(new Date(to.getTime() - hours * 60 * minuteMs), minutes);
      const steps = await repository.since(from);
      return {
        from: from.toISOString(),
        to: to.toISOString(),
        stepMinutes: minutes,
        objectives: objectiveNames.map((name) =>
          objectiveOf(
            name,
            steps.filter((step) => step.name === name),
            minutes,
          ),
        ),
      };
    },

    start() {
      if (cancel === null) schedule();
    },

    async stop() {
      cancel?.();
      await countSoon();
    },
  };
}

function objectiveOf(
  name: ObjectiveName,
  steps: readonly ObjectiveStep[],
  minutes: number,
): Objectives["objectives"][number] {
  const byTime = new Map<number, Counted>();
  for (const { at, good, total } of steps) {
    const key = startOfStep(at, minutes).getTime();
    const sum = byTime.get(key) ?? { good: 0, total: 0 };
    byTime.set(key, { good: sum.good + good, total: sum.total + total });
  }
  const all = [...byTime].map(([at, counted]) => ({ at: new Date(at).toISOString(), ...counted }));
  return {
    name,
    target: definitions[name].target,
    good: all.reduce((sum, { good }) => sum + good, 0),
    total: all.reduce((sum, { total }) => sum + total, 0),
    steps: all,
  };
}

function startOfStep(at: Date, minutes: number): Date {
  const stepMs = minutes * minuteMs;
  return new Date(Math.floor(at.getTime() / stepMs) * stepMs);
}
