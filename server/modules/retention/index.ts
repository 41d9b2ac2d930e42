// Retention: what has a term is deleted when it is over, and people are told what is kept how long.
import type { Connection } from "mongoose";
import type { Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { RetentionDays } from "./retention.classes.ts";
import { createRetentionRepository } from "./retention.repository.mongo.ts";
import { createRetentionService, type RetentionService } from "./retention.service.ts";

export type { RetentionDays, RetentionService };

export interface RetentionOptions {
  connection: Connection;
  days: RetentionDays;
  jobs: Jobs;
  clock: Clock;
  metrics: Metrics;
}

export async function createRetentionModule(options: RetentionOptions): Promise<RetentionService> {
  return createRetentionService({
    ...options,
    repository: await createRetentionRepository(options.connection),
  });
}
