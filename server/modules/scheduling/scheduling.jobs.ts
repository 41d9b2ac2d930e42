// The jobs of calendars: other calendars are read again every hour, and people are reminded of their calls in time.
import { z } from "zod";
import { AppError } from "../../../shared/errors.ts";
import { userIdSchema, type UserId } from "../../../shared/ids.ts";
import { defineJob, type JobDefinition, type Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { SafeFetcher } from "../../platform/safe-fetch.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { UsersService } from "../users/index.ts";
import { busyTimes, importBounds } from "./busy-import.ts";
import type { CalendarsRepository } from "./calendars.repository.mongo.ts";
import type { Reminders } from "./reminders.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const everyMs = minuteMs;
const readEveryMs = 60 * minuteMs;
const fetchTimeoutMs = 15_000;
/** As far as times are proposed, and a little. */
const readAheadMs = 90 * dayMs;
const readingsAtOnce = 100;
/** In so many minutes. */
const forgottenEvery = 10;

export interface SchedulingJobs {
  readSoon(userId: UserId, token: string): Promise<void>;
  /** The next minute's run is ordered; each run orders the next. */
  start(): Promise<void>;
}

/** Registers the jobs, so it is made before they start. */
export function createSchedulingJobs(options: {
  calendars: CalendarsRepository;
  users: Pick<UsersService, "byIds">;
  fetcher: Pick<SafeFetcher, "fetch">;
  reminders: Reminders;
  meetings: Pick<MeetingsService, "endForgotten">;
  jobs: Pick<Jobs, "register" | "enqueue">;
  clock: Clock;
  metrics: Metrics;
}): SchedulingJobs {
  const { calendars, users, fetcher, reminders, meetings, jobs, clock } = options;
  const readings = options.metrics.counter(
    "calendar_readings_total",
    "Readings of people's other calendars",
    ["outcome"],
  );

  const read = defineJob({
    name: "scheduling.read-calendar",
    payload: z.object({ userId: userIdSchema, token: z.string() }),
    maxAttempts: 3,
    leaseMs: 60_000,
    backoffMs: (attempt) => 5_000 * 2 ** attempt,
    async run({ userId, token }, { signal }) {
      const own = (await calendars.of([userId])).get(userId);
      // Taken back, or another one since: nothing is asked for any more.
      if (own?.source?.token !== token) return;
      const [person] = await users.byIds([userId]);
      if (person === undefined || person.deletedAt !== null || person.erasedAt !== null) return;
      const now = clock.now();
      const dueAt = new Date(now.getTime() + readEveryMs);
      try {
        const { body } = await fetcher.fetch(own.source.address, {
          // Some say that it is text, or bytes.
          accept: ["text/calendar", "text/plain", "application/octet-stream", "application/ics"],
          maxBytes: importBounds.maxBytes,
          timeoutMs: fetchTimeoutMs,
          signal,
        });
        const period = { startMs: now.getTime() - dayMs, endMs: now.getTime() + readAheadMs };
        const busy = busyTimes(body.toString("utf8"), period, person.timeZone ?? "UTC");
        await calendars.takeReading(userId, token, { busy, problem: null, dueAt }, now);
        readings.inc({ outcome: "read" });
      } catch (error) {
        if (!(error instanceof AppError) || !saidToPerson.has(error.code)) throw error;
        // What was known stays: somebody who was busy yesterday is not free because a server is down.
        await calendars.takeReading(userId, token, { problem: error.message, dueAt }, now);
        readings.inc({ outcome: error.code });
      }
    },
  });
  jobs.register(read);

  const minute: JobDefinition<typeof slotSchema> = defineJob({
    name: "scheduling.minute",
    payload: slotSchema,
    maxAttempts: 3,
    leaseMs: 60_000,
    backoffMs: () => 5_000,
    async run({ slot }, { signal }) {
      // First: a run that fails for good must not be the last one.
      await order(Math.max(slot, currentSlot()) + 1);
      await reminders.send(signal);
      if (slot % forgottenEvery === 0) await meetings.endForgotten();
      const due = await calendars.due(clock.now(), readingsAtOnce);
      const found = await calendars.of(due);
      for (const { userId, source } of found.values())
        if (source !== null) await enqueueReading(userId, source.token, slot);
    },
  });
  jobs.register(minute);

  const currentSlot = () => Math.floor(clock.now().getTime() / everyMs);

  // Keyed by their time, so that many processes make one run of it.
  async function order(slot: number): Promise<void> {
    await jobs.enqueue(minute, { slot }, { key: String(slot), runAt: new Date(slot * everyMs) });
  }

  async function enqueueReading(userId: UserId, token: string, slot: number): Promise<void> {
    // The same reading is not ordered twice within an hour, however long it waits.
    const hour = Math.floor((slot * everyMs) / readEveryMs);
    await jobs.enqueue(read, { userId, token }, { key: `${token}/${hour}` });
  }

  return {
    readSoon: (userId, token) => jobs.enqueue(read, { userId, token }, { key: token }),
    start: () => order(currentSlot()),
  };
}

const slotSchema = z.object({ slot: z.number().int() });
const saidToPerson = new Set(["ADDRESS_REFUSED", "FETCH_FAILED", "VALIDATION_ERROR"]);
