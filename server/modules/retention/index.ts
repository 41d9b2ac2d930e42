// Retention: what has a term is deleted when it is over, and people are told what is kept how long.
import type { Connection } from "mongoose";
import type { Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Journal } from "../../platform/journal/index.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AuditService } from "../audit/index.ts";
import type { CareerArea } from "../career/index.ts";
import type { FilesService } from "../files/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { NotesService } from "../notes/index.ts";
import type { PassagesService } from "../passages/index.ts";
import type { RetentionDays } from "./retention.classes.ts";
import { createRetainedMeetings } from "./retention.meetings.mongo.ts";
import {
  createRetentionPolicies,
  type EndedMeeting,
  type KindDays,
  type RetentionPolicies,
} from "./retention.policies.ts";
import { createPoliciesRepository } from "./retention.policies.mongo.ts";
import { createRetentionRepository } from "./retention.repository.mongo.ts";
import { createRetentionService, type RetentionService } from "./retention.service.ts";
import { createSweep } from "./retention.sweep.ts";

export type { EndedMeeting, KindDays, RetentionDays, RetentionPolicies, RetentionService };

/** Before the modules that ask what is over. */
export function createRetentionPoliciesOn(options: {
  connection: Connection;
  environment: KindDays;
  graceMs: number;
  clock: Clock;
  audit: Pick<AuditService, "record">;
}): RetentionPolicies {
  return createRetentionPolicies({ ...options, repository: createPoliciesRepository(options.connection) });
}

export interface RetentionOptions {
  connection: Connection;
  policies: RetentionPolicies;
  days: RetentionDays;
  meetings: Pick<MeetingsService, "authorize" | "record">;
  notes: Pick<NotesService, "removeOfMeeting">;
  files: Pick<FilesService, "removeOfMeeting">;
  passages: Pick<PassagesService, "reconsider">;
  audit: Pick<AuditService, "record" | "prune">;
  career: Pick<CareerArea, "removeDeleted">;
  journal: Pick<Journal, "rollOver">;
  /** Rewrites the store's files without what was removed; nothing where the store is not this program's own. */
  compactStore(): Promise<void>;
  jobs: Jobs;
  bus: EventBus;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

export async function createRetentionModule(options: RetentionOptions): Promise<RetentionService> {
  const retained = createRetainedMeetings(options.connection);
  return createRetentionService({
    ...options,
    retained,
    sweep: createSweep({ ...options, retained }),
    repository: await createRetentionRepository(options.connection),
    async leaveJournal() {
      await options.journal.rollOver();
      options.bus.publish("retention.begins", {});
    },
  });
}
