// Puts scheduling together: the store, what is taken, what people have, calendars and their jobs.
import type mongoose from "mongoose";
import type { Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";
import type { SafeFetcher } from "../../platform/safe-fetch.ts";
import type { AuditService } from "../audit/index.ts";
import type { MailService } from "../mail/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { OrganizationsService } from "../organizations/index.ts";
import type { PeopleService } from "../people/index.ts";
import type { UsersService } from "../users/index.ts";
import { createBusyness } from "./busyness.ts";
import { createCalendarService } from "./calendar.service.ts";
import { createCalendarsRepository } from "./calendars.repository.mongo.ts";
import { createClaimsRepository } from "./claims.repository.mongo.ts";
import type { Scheduling } from "./index.ts";
import { createPlanner } from "./planner.ts";
import { createReminderMark } from "./reminder-mark.mongo.ts";
import { createReminders } from "./reminders.ts";
import { createSchedulingJobs } from "./scheduling.jobs.ts";
import { createSchedulingModule } from "./scheduling.service.ts";
import { createSeriesPlanner } from "./series-planner.ts";
import { createTakenTimes } from "./taken-times.ts";

export interface SchedulingOptions {
  connection: mongoose.Connection;
  cipher: FieldCipher;
  people: Pick<PeopleService, "person" | "ownProfile">;
  users: Pick<UsersService, "byIds" | "byEmail">;
  organizations: Pick<OrganizationsService, "membersAmong">;
  /** As the meetings' module gives it: it asks nobody about times. */
  meetings: Pick<
    MeetingsService,
    | "create"
    | "update"
    | "cancel"
    | "authorize"
    | "record"
    | "busy"
    | "agenda"
    | "agendaText"
    | "planned"
    | "endForgotten"
    | "series"
  >;
  mail: Pick<MailService, "queue">;
  audit: Pick<AuditService, "record">;
  jobs: Pick<Jobs, "register" | "enqueue">;
  fetcher: Pick<SafeFetcher, "fetch">;
  clock: Clock;
  ids: IdSource;
  /** 32 random bytes as base64url. */
  secret(): string;
  metrics: Metrics;
  publicUrl(): string;
}

/** Registers its jobs, so it is made before they start. */
export async function createScheduling(options: SchedulingOptions): Promise<Scheduling> {
  const { connection, meetings } = options;
  const repository = await createClaimsRepository(connection);
  const calendars = await createCalendarsRepository(connection, options.cipher);
  const times = createTakenTimes({ ...options, repository });
  const busyness = createBusyness({ meetings, calendars });
  const parts = { ...options, repository, calendars, times, busyness };
  const mark = createReminderMark(connection);
  const { readSoon, start } = createSchedulingJobs({
    ...parts,
    reminders: createReminders({ ...parts, mark }),
  });
  return {
    scheduling: { ...createSchedulingModule(parts), series: createSeriesPlanner(parts) },
    calendar: createCalendarService({ ...parts, readSoon }),
    planner: createPlanner(parts),
    busy: (userIds, { from, to }) => busyness.of(userIds, { startMs: from.getTime(), endMs: to.getTime() }),
    async exceptionsOf(userIds) {
      const known = await calendars.of(userIds);
      return new Map([...known].map(([userId, { exceptions }]) => [userId, exceptions]));
    },
    start,
  };
}
