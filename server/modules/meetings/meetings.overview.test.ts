// The home page's choice of meetings.
import { expect, test } from "vitest";
import { meetingIdSchema, userIdSchema } from "../../../shared/ids.ts";
import { selectOverview } from "./meetings.overview.ts";
import type { StoredMeeting } from "./meetings.repository.ts";

const now = new Date("2026-01-05T09:00:00Z");
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
let count = 0;

function meeting(title: string, change: Partial<StoredMeeting>): StoredMeeting {
  count += 1;
  return {
    id: meetingIdSchema.parse(count.toString(16).padStart(24, "0")),
    organizerId: userIdSchema.parse("f".repeat(24)),
    orgId: null,
    title,
    description: null,
    scheduledAt: null,
    durationMinutes: null,
    timeZone: null,
    series: null,
    template: "grow",
    recapDelivery: "automatic",
    state: "scheduled",
    startedAt: null,
    endedAt: null,
    calendarSequence: 0,
    createdAt: at(-10_000 + count),
    updatedAt: now,
    ...change,
  };
}

const titles = (meetings: StoredMeeting[]) => meetings.map(({ title }) => title);

test("[MEETINGS-50] a running meeting comes before planned ones, and those before ones without a time", () => {
  const { next, upcoming } = selectOverview(
    [
      meeting("open", {}),
      meeting("tomorrow", { scheduledAt: at(1_440) }),
      meeting("soon", { scheduledAt: at(10) }),
      meeting("running", { state: "active", startedAt: at(-5), scheduledAt: at(-5) }),
      meeting("cancelled", { state: "cancelled", scheduledAt: at(5) }),
    ],
    now,
  );
  expect(next?.title).toBe("running");
  expect(titles(upcoming)).toEqual(["soon", "tomorrow", "open"]);
});

test("[MEETINGS-51] a meeting is ahead until its planned end, then it is among the recent ones", () => {
  const late = meeting("late", { scheduledAt: at(-44), durationMinutes: 45 });
  const missed = meeting("missed", { scheduledAt: at(-45), durationMinutes: 45 });
  const held = meeting("held", { state: "concluded", endedAt: at(-600) });
  const { next, recent } = selectOverview([held, missed, late], now);
  expect(next?.title).toBe("late");
  expect(titles(recent)).toEqual(["missed", "held"]);
});

test("[MEETINGS-52] lists are at most ten long", () => {
  const ahead = Array.from({ length: 30 }, (_, n) => meeting(`m${n}`, { scheduledAt: at(n + 1) }));
  const { next, upcoming } = selectOverview(ahead, now);
  expect(next?.title).toBe("m0");
  expect(titles(upcoming)).toEqual(Array.from({ length: 10 }, (_, n) => `m${n + 1}`));
});
