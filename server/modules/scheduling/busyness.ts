// What people have at a time: calls here, and what their other calendar says.
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { CalendarsRepository } from "./calendars.repository.mongo.ts";
import type { Interval } from "./intervals.ts";
import { overlaps } from "./taken-times.ts";

export interface Busyness {
  /** In no order; what `except` names does not count. */
  of(
    userIds: readonly UserId[],
    period: Interval,
    except?: MeetingId | null | ReadonlySet<MeetingId | null>,
  ): Promise<Map<UserId, Interval[]>>;
}

export function createBusyness({
  meetings,
  calendars,
}: {
  meetings: Pick<MeetingsService, "busy">;
  calendars: Pick<CalendarsRepository, "of">;
}): Busyness {
  return {
    async of(userIds, period, except = null) {
      const [calls, others] = await Promise.all([
        meetings.busy(userIds, { from: new Date(period.startMs), to: new Date(period.endMs) }),
        calendars.of(userIds),
      ]);
      const left = except === null || typeof except === "string" ? new Set([except]) : except;
      return new Map(
        userIds.map((userId) => [
          userId,
          [
            ...(calls.get(userId) ?? []).filter(({ meetingId }) => !left.has(meetingId)),
            ...(others.get(userId)?.busy ?? []).filter((busy) => overlaps(busy, period)),
          ],
        ]),
      );
    },
  };
}
