// Counting weeks and blocks: what a meeting is, who came, who was late, and that each person counts once in ratings.
import { describe, expect, test } from "vitest";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { AttendedMeeting } from "../meetings/index.ts";
import { countBlock, countWeek } from "./overview.count.ts";
import { countablePeriods, countedUntil } from "./overview.periods.ts";

const person = (name: string) => name.padStart(24, "0") as UserId;
const meetingId = (name: string) => name.padStart(24, "0") as MeetingId;
const at = (time: string) => new Date(`2026-03-04T${time}Z`);
const [a, b, c] = [person("a"), person("b"), person("c")];

function meeting(fields: Partial<AttendedMeeting>): AttendedMeeting {
  return {
    id: meetingId("1"),
    state: "concluded",
    scheduledAt: at("10:00:00"),
    startedAt: at("10:02:00"),
    endedAt: at("10:32:00"),
    people: [
      { userId: a, cameAt: at("10:01:00") },
      { userId: b, cameAt: at("10:07:00") },
    ],
    ...fields,
  };
}

describe("a week", () => {
  test("[OVERVIEW-1] holds meetings that were held, cancelled, and not held", () => {
    const counted = countWeek([
      meeting({}),
      meeting({ state: "active", endedAt: null }),
      meeting({ state: "cancelled", startedAt: null, endedAt: null }),
      meeting({ state: "scheduled", startedAt: null, endedAt: null, people: [{ userId: c, cameAt: null }] }),
    ]);
    expect(counted).toMatchObject({
      meetings: 4,
      people: 3,
      held: {
        held: { count: 2, people: 2 },
        cancelled: { count: 1, people: 2 },
        "not-held": { count: 1, people: 1 },
      },
      ended: { meetings: 1, people: 2, minutes: 30 },
    });
  });

  test("[OVERVIEW-1] counts who came, and who came more than five minutes after plan and beginning", () => {
    const late = at("10:07:01");
    const { places, arrivals } = countWeek([
      meeting({}),
      meeting({
        people: [
          { userId: b, cameAt: late },
          { userId: c, cameAt: null },
        ],
      }),
      // Not planned: nobody can be late.
      meeting({ scheduledAt: null, people: [{ userId: c, cameAt: late }] }),
      // Nobody entered: they met elsewhere.
      meeting({ people: [{ userId: a, cameAt: null }] }),
    ]);
    expect(places).toEqual({ came: { count: 4, people: 3 }, missed: { count: 1, people: 1 } });
    expect(arrivals).toEqual({ "on-time": { count: 2, people: 2 }, late: { count: 1, people: 1 } });
  });
});

describe("a block", () => {
  const by = at("12:00:00");
  const one = (ownerId: UserId | null, doneAt: Date | null) => ({
    meetingId: meetingId("1"),
    ownerId,
    doneAt,
  });

  test("[OVERVIEW-2] counts commitments as they stood when it was counted", () => {
    const { commitments } = countBlock(
      [one(a, at("11:00:00")), one(a, at("13:00:00")), one(b, null), one(null, null)],
      [],
      by,
    );
    expect(commitments).toEqual({
      meetings: 1,
      people: 2,
      parts: { done: { count: 1, people: 1 }, open: { count: 3, people: 2 } },
    });
  });

  test("[OVERVIEW-13] [OVERVIEW-20] each person's ratings count as one, in whichever order they come", () => {
    const score = (userId: UserId, id: string, value: number) => ({
      userId,
      meetingId: meetingId(id),
      score: value,
    });
    const scores = [score(a, "1", 5), score(a, "2", 5), score(a, "3", 2), score(b, "1", 1)];
    const { ratings } = countBlock([], scores, by);
    expect(ratings).toMatchObject({
      meetings: 3,
      people: 2,
      sum: 5,
      parts: { "1": { count: 1, people: 1 }, "4": { count: 1, people: 1 } },
    });
    expect(countBlock([], scores.toReversed(), by).ratings).toEqual(ratings);
  });
});

describe("periods", () => {
  test("[OVERVIEW-14] a week is counted eight days after its end", () => {
    const eightDaysAfter = new Date("2026-03-03T00:00:00Z");
    const justBefore = new Date(eightDaysAfter.getTime() - 1);
    expect(countedUntil(eightDaysAfter).until).toEqual(new Date("2026-02-23T00:00:00Z"));
    expect(countedUntil(justBefore).until).toEqual(new Date("2026-02-16T00:00:00Z"));
    expect(countedUntil(justBefore).nextAt).toEqual(eightDaysAfter);
  });

  test("[OVERVIEW-15] periods of one kind do not overlap and are always the same", () => {
    const of = (now: string, kind: string) =>
      countablePeriods(new Date(now), 52).filter((period) => period.kind === kind);
    const [earlier, later] = [of("2026-03-03T00:00:00Z", "block"), of("2026-03-12T00:00:00Z", "block")];
    const key = ({ from, to }: { from: Date; to: Date }) => `${from.toISOString()} ${to.toISOString()}`;
    const known = new Set(earlier.map(key));
    expect(later.filter((block) => !known.has(key(block))).length).toBeLessThanOrEqual(1);
    for (const kind of ["week", "block"]) {
      const periods = of("2026-03-03T00:00:00Z", kind);
      for (const [index, { from }] of periods.entries()) {
        if (index > 0) expect(from).toEqual(periods[index - 1]?.to);
      }
    }
    expect(of("2026-03-03T00:00:00Z", "week")).toHaveLength(52);
    expect(earlier.length).toBeGreaterThanOrEqual(12);
  });
});
