// Scheduling as use cases: who may see whom is decided by people, what is planned by meetings; here times are found and taken.
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import type { UserId } from "../../../shared/ids.ts";
import { createMeetingSchema } from "../../../shared/schemas/meetings.ts";
import { minutesPerDay, type WeekRange } from "../../../shared/week.ts";
import type { Clock } from "../../platform/clock.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { PeopleService } from "../people/index.ts";
import type { UsersService } from "../users/index.ts";
import { commonSlots, spread, type Availability } from "./availability.ts";
import type { Busyness } from "./busyness.ts";
import type { CalendarsRepository } from "./calendars.repository.mongo.ts";
import type { ClaimsRepository } from "./claims.repository.mongo.ts";
import type { SchedulingService } from "./index.ts";
import type { Interval } from "./intervals.ts";
import { takeAndCreate } from "./planner.ts";
import { slotOf, taken, type TakenTimes } from "./taken-times.ts";

const minuteMs = 60_000;
const dayMs = minutesPerDay * minuteMs;
/** Nobody is surprised by a call that begins before this is over. */
const noticeMs = 60 * minuteMs;
const suggestionsMost = 12;
const slotsMost = 5_000;

/** Of people who have not said their hours nothing is known, so that nothing is ruled out. */
const anyHour: readonly WeekRange[] = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
  weekday,
  fromMinute: 0,
  toMinute: minutesPerDay,
}));

export function createSchedulingModule(options: {
  repository: ClaimsRepository;
  people: Pick<PeopleService, "person" | "ownProfile">;
  users: Pick<UsersService, "byIds">;
  meetings: Pick<MeetingsService, "create" | "update" | "cancel" | "authorize" | "record">;
  calendars: Pick<CalendarsRepository, "of">;
  times: TakenTimes;
  busyness: Busyness;
  clock: Clock;
  ids: IdSource;
  metrics: Metrics;
}): Omit<SchedulingService, "series"> {
  const { people, users, clock } = options;

  const bookings = options.metrics.counter(
    "time_bookings_total",
    "Times that people took with each other, and those that were taken before",
    ["outcome"],
  );

  async function bothOf(actor: Actor, userId: UserId, period: Interval) {
    const them = await people.person(actor, userId);
    // A call is with somebody else.
    if (them.connection === "self") throw notFound("This person");
    const me = await people.ownProfile(actor);
    const both = [me.userId, userId];
    const [busy, calendars] = await Promise.all([
      options.busyness.of(both, period),
      options.calendars.of(both),
    ]);
    const availabilityOf = ({ userId: id, timeZone, workingHours }: typeof me): Availability => ({
      timeZone: timeZone ?? "UTC",
      week: workingHours.length === 0 ? anyHour : workingHours,
      exceptions: calendars.get(id)?.exceptions ?? [],
      busy: busy.get(id) ?? [],
    });
    return { me, them, availabilities: [availabilityOf(me), availabilityOf(them)] };
  }

  return {
    async suggest(actor, userId, { durationMinutes, days }) {
      const startMs = clock.now().getTime() + noticeMs;
      const period = { startMs, endMs: startMs + days * dayMs };
      const { me, them, availabilities } = await bothOf(actor, userId, period);
      const slots = commonSlots({
        people: availabilities,
        period,
        durationMinutes,
        stepMinutes: Math.min(durationMinutes, 30),
        most: slotsMost,
      });
      return {
        times: spread(slots, suggestionsMost).map((slot) => ({
          startsAt: new Date(slot.startMs).toISOString(),
          endsAt: new Date(slot.endMs).toISOString(),
        })),
        unknownHours: [
          ...(me.workingHours.length === 0 ? (["yours"] as const) : []),
          ...(them.workingHours.length === 0 ? (["theirs"] as const) : []),
        ],
        yourTimeZone: me.timeZone ?? "UTC",
        theirTimeZone: them.timeZone ?? "UTC",
      };
    },

    async book(actor, userId, { title, startsAt, durationMinutes, timeZone }) {
      const startMs = Date.parse(startsAt);
      const slot = slotOf(startMs, durationMinutes);
      try {
        // Nobody takes a time of somebody whom they may not see.
        const { availabilities } = await bothOf(actor, userId, slot);
        const open = commonSlots({
          people: availabilities,
          period: slot,
          durationMinutes,
          stepMinutes: 15,
          most: 1,
        });
        const [person] = await users.byIds([userId]);
        if (startMs < clock.now().getTime() || open.length === 0 || person === undefined) throw taken();
        const input = createMeetingSchema.parse({
          title,
          scheduledAt: startsAt,
          durationMinutes,
          ...(timeZone === undefined ? {} : { timeZone }),
          participants: [{ email: person.email, role: "participant" }],
        });
        const meeting = await takeAndCreate(options, { actor, input, slot, people: [actor.userId, userId] });
        bookings.inc({ outcome: "booked" });
        return meeting;
      } catch (error) {
        if (error instanceof AppError && error.code === "CONFLICT") bookings.inc({ outcome: "taken" });
        throw error;
      }
    },
  };
}
