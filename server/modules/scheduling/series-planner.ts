// Planning series so that nobody is in two calls at once, where that is asked for: all times of it are taken first, or none.
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { ChangeFollowing, PlanSeries, Series } from "../../../shared/schemas/series.ts";
import { countUntil, seriesStarts, wallOf, type SeriesRule } from "../../../shared/series.ts";
import { instantOfWall } from "../../../shared/zone-offsets.ts";
import type { MeetingsService, SeriesCall } from "../meetings/index.ts";
import type { PeopleService } from "../people/index.ts";
import { openTimes } from "./availability.ts";
import type { CalendarsRepository } from "./calendars.repository.mongo.ts";
import type { Interval } from "./intervals.ts";
import { knownPeople, type PlannerParts } from "./planner.ts";
import { overlaps, quartersOf, slotOf } from "./taken-times.ts";

export interface SeriesPlanner {
  /** Throws CONFLICT with `clashes` and `outside` where that was asked for, VALIDATION_ERROR where nothing is left of it. */
  plan(actor: Actor, input: PlanSeries): Promise<Series>;
  /** Null where the meeting belongs to none. */
  ofMeeting(actor: Actor, meetingId: MeetingId): Promise<Series | null>;
  /** Throws CONFLICT as a call that is moved does; then none is moved. */
  changeFollowing(actor: Actor, meetingId: MeetingId, change: ChangeFollowing): Promise<Series>;
  cancelFollowing(actor: Actor, meetingId: MeetingId): Promise<Series>;
}

export interface SeriesPlannerParts extends Omit<PlannerParts, "meetings" | "people"> {
  meetings: Pick<MeetingsService, "series">;
  people: Pick<PeopleService, "person" | "ownProfile">;
  calendars: Pick<CalendarsRepository, "of">;
}

/** More would not be taken before others hold the first ones for dead. */
const quartersMost = 10_000;

interface Wanted {
  people: readonly UserId[];
  slot: Interval;
  /** One a call: each is settled with its own meeting. */
  token: string;
  meetingId: MeetingId | null;
}

export function createSeriesPlanner(parts: SeriesPlannerParts): SeriesPlanner {
  const { repository, times, busyness, meetings, people, calendars, ids } = parts;

  /** All, the earliest first, so that of several that want the same times one gets them; how many quarters each holds. */
  async function takeAll(wanted: readonly Wanted[]): Promise<number[]> {
    const quarters = wanted.map(({ people: who, slot }) => who.length * quartersOf(slot).length);
    if (quarters.reduce((sum, some) => sum + some, 0) > quartersMost)
      throw new AppError(
        "VALIDATION_ERROR",
        "These are too many hours of too many people to keep free at once. Plan fewer calls, or without keeping them free.",
      );
    const held = [];
    for (const { people: who, slot, token, meetingId } of wanted) {
      const some = await times.take(who, slot, { token, meetingId });
      if (some === null) throw clash({ clashes: await clashesOf(wanted, slot), outside: [] });
      held.push(some);
    }
    const clashes = await clashesOf(wanted, null);
    if (clashes.length > 0) throw clash({ clashes, outside: [] });
    return held;
  }

  /** What people have at these times, read once for all of them; `also` is one that is known not to be free. */
  async function clashesOf(wanted: readonly Wanted[], also: Interval | null): Promise<Date[]> {
    if (wanted.length === 0) return [];
    const own = new Set(wanted.map(({ meetingId }) => meetingId));
    const everybody = [...new Set(wanted.flatMap(({ people: who }) => who))];
    // In the order of the rule; some may have been moved past others.
    const period = {
      startMs: Math.min(...wanted.map(({ slot }) => slot.startMs)),
      endMs: Math.max(...wanted.map(({ slot }) => slot.endMs)),
    };
    const busy = await busyness.of(everybody, period, own);
    return wanted
      .filter(
        ({ people: who, slot }) =>
          slot === also || who.some((userId) => busy.get(userId)?.some((other) => overlaps(other, slot))),
      )
      .map(({ slot }) => new Date(slot.startMs));
  }

  /** Whoever is so slow that others held what they took for dead does not have it any more: the calls without their time. */
  async function settleAll(wanted: readonly Wanted[], held: readonly number[]): Promise<MeetingId[]> {
    const lost = [];
    for (const [index, { token, meetingId }] of wanted.entries())
      if (meetingId !== null && (await repository.settle(token, meetingId)) < (held[index] ?? 0))
        lost.push(meetingId);
    return lost;
  }

  async function releaseAll(wanted: readonly Wanted[]): Promise<void> {
    for (const { token } of wanted) await repository.release(token);
  }

  /** Those that lie outside the hours of somebody who has said theirs; of others nothing is known. */
  async function outsideHours(actor: Actor, who: readonly UserId[], slots: readonly Interval[]) {
    const known = await calendars.of([...who]);
    const outside = new Set<number>();
    for (const userId of who) {
      const profile =
        userId === actor.userId ? await people.ownProfile(actor) : await people.person(actor, userId);
      if (profile.workingHours.length === 0) continue;
      const person = {
        timeZone: profile.timeZone ?? "UTC",
        week: profile.workingHours,
        exceptions: known.get(userId)?.exceptions ?? [],
      };
      for (const { startMs, endMs } of slots) {
        const open = openTimes(person, { startMs, endMs });
        if (open.length !== 1 || open[0]?.startMs !== startMs || open[0].endMs !== endMs)
          outside.add(startMs);
      }
    }
    return [...outside].sort((a, b) => a - b).map((at) => new Date(at));
  }

  return {
    async plan(actor, input) {
      const rule = ruleOf(input);
      const left = new Set((input.except ?? []).map((at) => Date.parse(at)));
      const starts = seriesStarts(rule).filter((at) => !left.has(at.getTime()));
      if (starts.length === 0)
        throw new AppError("VALIDATION_ERROR", "No call is left of this series. Choose fewer to leave out.");
      const slots = starts.map((at) => slotOf(at.getTime(), input.durationMinutes));
      const emails = (input.participants ?? [])
        .filter(({ role }) => role !== "observer")
        .map(({ email }) => email);
      const asks = input.onlyIfFree === true || input.withinHours === true;
      const who = asks ? await knownPeople(parts, actor, emails) : [];
      const wanted =
        input.onlyIfFree === true
          ? slots.map((slot) => ({ people: who, slot, token: ids.uuid(), meetingId: null }))
          : [];
      if (input.withinHours === true) {
        const outside = await outsideHours(actor, who, slots);
        if (outside.length > 0) throw clash({ clashes: await clashesOf(wanted, null), outside });
      }
      try {
        const held = await takeAll(wanted);
        const { meetingIds, announce } = await meetings.series.create(actor, input, { rule, starts });
        const made = wanted.map((one, index) => ({ ...one, meetingId: meetingIds[index] ?? null }));
        const lost = await settleAll(made, held);
        if (lost.length > 0) await meetings.series.cancel(actor, lost);
        return await announce();
      } catch (error) {
        await releaseAll(wanted);
        throw error;
      }
    },

    ofMeeting: (actor, meetingId) => meetings.series.ofMeeting(actor, meetingId),

    async changeFollowing(actor, meetingId, { scheduledAt, onlyIfFree, ...change }) {
      const calls = await meetings.series.following(actor, meetingId, "meeting.change");
      const pivot = calls.find(({ record }) => record.id === meetingId);
      if (pivot === undefined) throw new AppError("CONFLICT", "This call has begun, or does not take place.");
      const changes = calls.map((call) => {
        const startsAt =
          scheduledAt === undefined ? call.record.scheduledAt : moved(call, pivot, scheduledAt);
        return {
          call,
          startsAt,
          meetingId: call.record.id,
          change: {
            ...change,
            ...(scheduledAt === undefined || startsAt === null
              ? {}
              : { scheduledAt: startsAt.toISOString() }),
          },
        };
      });
      const moves = scheduledAt !== undefined || change.durationMinutes !== undefined;
      const before = moves
        ? await Promise.all(changes.map(({ meetingId: id }) => repository.ofMeeting(id)))
        : [];
      const wanted = changes.flatMap(({ call: { record }, startsAt }, index): Wanted[] => {
        const asked = onlyIfFree ?? (before[index] ?? []).length > 0;
        if (!moves || startsAt === null || !asked) return [];
        const slot = slotOf(startsAt.getTime(), change.durationMinutes ?? record.durationMinutes);
        return [{ people: takingPart(record), slot, token: ids.uuid(), meetingId: record.id }];
      });
      try {
        const held = await takeAll(wanted);
        const { unchanged, announce } = await meetings.series.update(actor, changes);
        const lost = await settleAll(
          wanted.map((one) =>
            unchanged.some((id) => id === one.meetingId) ? { ...one, meetingId: null } : one,
          ),
          held,
        );
        if (lost.length > 0) await meetings.series.cancel(actor, lost);
        for (const { meetingId: id, slot, token } of wanted) {
          if (id === null || unchanged.includes(id)) {
            await repository.release(token);
            continue;
          }
          const kept = new Set(quartersOf(slot));
          await repository.free((await repository.ofMeeting(id)).filter(({ quarter }) => !kept.has(quarter)));
        }
        return await announce();
      } catch (error) {
        await releaseAll(wanted);
        throw error;
      }
    },

    async cancelFollowing(actor, meetingId) {
      const calls = await meetings.series.following(actor, meetingId, "meeting.cancel");
      const meetingIds = calls.map(({ record }) => record.id);
      if (meetingIds.length === 0) {
        const series = await meetings.series.ofMeeting(actor, meetingId);
        if (series !== null) return series;
      }
      const series = await meetings.series.cancel(actor, meetingIds);
      for (const id of meetingIds) await repository.free(await repository.ofMeeting(id));
      return series;
    },
  };
}

function ruleOf({ scheduledAt, timeZone, every, count, until }: PlanSeries): SeriesRule {
  const rule = { first: new Date(scheduledAt), timeZone, every };
  const most = limits.seriesMaxItems;
  return { ...rule, count: count ?? countUntil(rule, until ?? "", most) };
}

/** As far on the clock of the series as its first one is moved from where the rule has it. */
function moved({ series }: SeriesCall, pivot: SeriesCall, to: string): Date {
  const { timeZone } = series;
  const byMs = wallOf(new Date(to), timeZone) - wallOf(pivot.series.at, timeZone);
  return series.id === pivot.series.id && series.at.getTime() === pivot.series.at.getTime()
    ? new Date(to)
    : new Date(instantOfWall(wallOf(series.at, timeZone) + byMs, timeZone));
}

function takingPart({ participants }: SeriesCall["record"]): UserId[] {
  return participants.filter(({ role }) => role !== "observer").map(({ userId }) => userId);
}

function clash({ clashes, outside }: { clashes: readonly Date[]; outside: readonly Date[] }): AppError {
  const some = (count: number) => (count === 1 ? "One of the calls" : `${count} of the calls`);
  const said = [
    ...(clashes.length === 0
      ? []
      : [`${some(clashes.length)} would be at a time that is not free for everybody.`]),
    ...(outside.length === 0 ? [] : [`${some(outside.length)} would be outside somebody's hours.`]),
  ];
  return new AppError("CONFLICT", `${said.join(" ")} Leave them out, or choose another time.`, {
    details: {
      clashes: clashes.map((at) => at.toISOString()),
      outside: outside.map((at) => at.toISOString()),
    },
  });
}
