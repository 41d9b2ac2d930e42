// Planning calls so that nobody is in two at once, where that is asked for: a time is taken before it is written.
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { CreateMeeting, Meeting, UpdateMeeting } from "../../../shared/schemas/meetings.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { PeopleService } from "../people/index.ts";
import type { UsersService } from "../users/index.ts";
import type { Busyness } from "./busyness.ts";
import type { ClaimsRepository } from "./claims.repository.mongo.ts";
import type { Interval } from "./intervals.ts";
import { overlaps, quartersOf, slotOf, taken, type TakenTimes } from "./taken-times.ts";

/** Takes the place of the meetings' own three, which ask nobody about times. */
export type Planner = Pick<MeetingsService, "create" | "update" | "cancel">;

export interface PlannerParts {
  repository: ClaimsRepository;
  times: TakenTimes;
  busyness: Busyness;
  meetings: Pick<MeetingsService, "create" | "update" | "cancel" | "authorize" | "record">;
  people: Pick<PeopleService, "person">;
  users: Pick<UsersService, "byEmail">;
  ids: IdSource;
}

export function createPlanner(parts: PlannerParts): Planner {
  const { repository, meetings, ids } = parts;

  return {
    async create(actor, input, options) {
      const { scheduledAt, durationMinutes, participants = [] } = input;
      if (input.onlyIfFree !== true || scheduledAt === undefined)
        return await meetings.create(actor, input, options);
      const emails = participants.filter(({ role }) => role !== "observer").map(({ email }) => email);
      const slot = slotOf(Date.parse(scheduledAt), durationMinutes ?? null);
      return await takeAndCreate(parts, {
        actor,
        input,
        options,
        slot,
        people: await knownPeople(parts, actor, emails),
      });
    },

    async update(actor, meetingId, change) {
      const moves = change.scheduledAt !== undefined || change.durationMinutes !== undefined;
      if (!moves || change.onlyIfFree === false) return await meetings.update(actor, meetingId, change);
      await meetings.authorize(actor, meetingId, "meeting.change");
      const before = await repository.ofMeeting(meetingId);
      const record = await meetings.record(meetingId);
      const startMs = Date.parse(change.scheduledAt ?? "") || record?.scheduledAt?.getTime();
      const strict = change.onlyIfFree === true || before.length > 0;
      if (record === null || startMs === undefined || !strict)
        return await meetings.update(actor, meetingId, change);
      const slot = slotOf(startMs, change.durationMinutes ?? record.durationMinutes);
      const people = record.participants
        .filter(({ role }) => role !== "observer")
        .map(({ userId }) => userId);
      const token = ids.uuid();
      try {
        const held = await takeFree(parts, { people, slot, token, meetingId });
        const moved = await meetings.update(actor, meetingId, change);
        if ((await repository.settle(token, meetingId)) < held) {
          // Whoever is so slow that others held it for dead does not have the time any more.
          await meetings.update(actor, meetingId, timeOf(record));
          throw taken([new Date(startMs)]);
        }
        const kept = new Set(quartersOf(slot));
        await repository.free(before.filter(({ quarter }) => !kept.has(quarter)));
        return moved;
      } catch (error) {
        await repository.release(token);
        throw error;
      }
    },

    async cancel(actor, meetingId) {
      const meeting = await meetings.cancel(actor, meetingId);
      await repository.free(await repository.ofMeeting(meetingId));
      return meeting;
    },
  };
}

/** Of strangers nobody learns whether they have time: they are not asked about. */
export async function knownPeople(
  { users, people }: Pick<PlannerParts, "users" | "people">,
  actor: Actor,
  emails: readonly string[],
): Promise<UserId[]> {
  const found = await Promise.all(
    emails.map(async (email) => {
      const person = await users.byEmail(email);
      if (person === null || person.id === actor.userId) return [];
      return (await maySee(people, actor, person.id)) ? [person.id] : [];
    }),
  );
  return [actor.userId, ...found.flat()];
}

/**
 * How many quarters are held under the token. Throws CONFLICT where somebody has something else; what was taken then is
 * the caller's to release.
 */
export async function takeFree(
  { times, busyness }: Pick<PlannerParts, "times" | "busyness">,
  wanted: { people: readonly UserId[]; slot: Interval; token: string; meetingId: MeetingId | null },
): Promise<number> {
  const { people, slot, token, meetingId } = wanted;
  const held = await times.take(people, slot, { token, meetingId });
  if (held === null) throw taken([new Date(slot.startMs)]);
  // After the quarters are taken: what was planned before is seen now, what comes after finds them taken.
  const busy = await busyness.of(people, slot, meetingId);
  if ([...busy.values()].flat().some((other) => overlaps(other, slot))) throw taken([new Date(slot.startMs)]);
  return held;
}

export async function takeAndCreate(
  parts: Pick<PlannerParts, "times" | "busyness" | "repository" | "meetings" | "ids">,
  wanted: {
    actor: Actor;
    input: CreateMeeting;
    options?: Parameters<MeetingsService["create"]>[2] | undefined;
    slot: Interval;
    people: readonly UserId[];
  },
): Promise<Meeting> {
  const { repository, meetings } = parts;
  const { actor, input, options, slot, people } = wanted;
  const token = parts.ids.uuid();
  try {
    const held = await takeFree(parts, { people, slot, token, meetingId: null });
    const meeting = await meetings.create(actor, input, options);
    const isLate = (await repository.settle(token, meeting.id)) < held;
    // Whoever made the same meeting meanwhile has taken the time over for it.
    if (isLate && (await repository.ofMeeting(meeting.id)).length < held) {
      await meetings.cancel(actor, meeting.id);
      throw taken([new Date(slot.startMs)]);
    }
    return meeting;
  } catch (error) {
    await repository.release(token);
    throw error;
  }
}

export async function maySee(
  people: Pick<PeopleService, "person">,
  actor: Actor,
  userId: UserId,
): Promise<boolean> {
  try {
    await people.person(actor, userId);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "NOT_FOUND") return false;
    throw error;
  }
}

function timeOf({
  scheduledAt,
  durationMinutes,
}: {
  scheduledAt: Date | null;
  durationMinutes: number | null;
}): UpdateMeeting {
  return {
    ...(scheduledAt === null ? {} : { scheduledAt: scheduledAt.toISOString() }),
    ...(durationMinutes === null ? {} : { durationMinutes }),
  };
}
