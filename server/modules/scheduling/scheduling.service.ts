// Scheduling as use cases: who may see whom is decided by people, what is planned by meetings; here times are found and taken.
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import type { UserId } from "../../../shared/ids.ts";
import { createMeetingSchema } from "../../../shared/schemas/meetings.ts";
import { minutesPerDay, type WeekRange } from "../../../shared/week.ts";
import type { Clock } from "../../platform/clock.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { MeetingRecord, MeetingsService } from "../meetings/index.ts";
import type { PeopleService } from "../people/index.ts";
import type { UsersService } from "../users/index.ts";
import { commonSlots, spread, type Availability } from "./availability.ts";
import type { Claim, ClaimsRepository } from "./claims.repository.mongo.ts";
import type { SchedulingService } from "./index.ts";
import type { Interval } from "./intervals.ts";

const minuteMs = 60_000;
const dayMs = minutesPerDay * minuteMs;
const quarterMs = 15 * minuteMs;
/** Nobody is surprised by a call that begins before this is over. */
const noticeMs = 60 * minuteMs;
const suggestionsMost = 12;
const slotsMost = 5_000;
/** After that, whoever took a quarter without planning anything has died. */
const claimHeldMs = 60_000;

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
  meetings: Pick<MeetingsService, "create" | "cancel" | "busy" | "record">;
  clock: Clock;
  ids: IdSource;
  metrics: Metrics;
}): SchedulingService {
  const { repository, people, users, meetings, clock, ids } = options;

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
    const busy = await meetings.busy([me.userId, userId], {
      from: new Date(period.startMs),
      to: new Date(period.endMs),
    });
    const availabilityOf = ({ userId: id, timeZone, workingHours }: typeof me): Availability => ({
      timeZone: timeZone ?? "UTC",
      week: workingHours.length === 0 ? anyHour : workingHours,
      exceptions: [],
      busy: busy.get(id) ?? [],
    });
    return { me, them, availabilities: [availabilityOf(me), availabilityOf(them)] };
  }

  /** Whether what holds the quarter is a call that takes place in it, or is about to be planned. */
  async function holds({ meetingId, quarter, claimedAt }: Claim): Promise<boolean> {
    if (meetingId === null) return clock.now().getTime() - claimedAt.getTime() < claimHeldMs;
    const meeting = await meetings.record(meetingId);
    return meeting !== null && takesPlaceIn(meeting, quarter);
  }

  async function takeQuarter(claim: Claim): Promise<boolean> {
    if (await repository.take(claim)) return true;
    const holder = await repository.find(claim.userId, claim.quarter);
    if (holder === null) return await repository.take(claim);
    // Cancelled, moved, or left behind by a crash.
    return !(await holds(holder)) && (await repository.takeOver(claim, holder.token));
  }

  /** All or nothing, always in the same order: of several that want the same, the first quarter decides. */
  async function takeAll(userIds: readonly UserId[], slot: Interval, token: string): Promise<void> {
    const claimedAt = clock.now();
    for (let quarter = slot.startMs / quarterMs; quarter * quarterMs < slot.endMs; quarter += 1) {
      for (const userId of [...userIds].sort()) {
        if (await takeQuarter({ userId, quarter, token, meetingId: null, claimedAt })) continue;
        throw taken();
      }
    }
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
      const slot = { startMs, endMs: startMs + durationMinutes * minuteMs };
      // Nobody takes a time of somebody whom they may not see.
      await bothOf(actor, userId, slot);
      if (startMs < clock.now().getTime()) throw taken();
      const token = ids.uuid();
      try {
        await takeAll([actor.userId, userId], slot, token);
        // After the quarters are taken: what was planned before is seen now, what comes after finds them taken.
        const { availabilities } = await bothOf(actor, userId, slot);
        const free = commonSlots({
          people: availabilities,
          period: slot,
          durationMinutes,
          stepMinutes: 15,
          most: 1,
        });
        const [person] = await users.byIds([userId]);
        if (free.length === 0 || person === undefined) throw taken();
        const meeting = await meetings.create(
          actor,
          createMeetingSchema.parse({
            title,
            scheduledAt: startsAt,
            durationMinutes,
            ...(timeZone === undefined ? {} : { timeZone }),
            participants: [{ email: person.email, role: "participant" }],
          }),
        );
        // Whoever is so slow that others held it for dead does not hold everything any more.
        if ((await repository.settle(token, meeting.id)) < (2 * (slot.endMs - slot.startMs)) / quarterMs) {
          await meetings.cancel(actor, meeting.id);
          throw taken();
        }
        bookings.inc({ outcome: "booked" });
        return meeting;
      } catch (error) {
        if (error instanceof AppError && error.code === "CONFLICT") bookings.inc({ outcome: "taken" });
        await repository.release(token);
        throw error;
      }
    },
  };
}

function takesPlaceIn(meeting: MeetingRecord, quarter: number): boolean {
  if (meeting.state !== "scheduled" && meeting.state !== "active") return false;
  if (meeting.scheduledAt === null) return false;
  const startMs = meeting.scheduledAt.getTime();
  const endMs = startMs + (meeting.durationMinutes ?? 60) * minuteMs;
  return startMs < (quarter + 1) * quarterMs && quarter * quarterMs < endMs;
}

function taken(): AppError {
  return new AppError("CONFLICT", "This time is not free for both of you any more. Choose another one.");
}
