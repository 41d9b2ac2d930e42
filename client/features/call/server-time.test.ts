import { describe, expect, test } from "vitest";
import { agendaTime, clockOffsetMs, timelineMs } from "./server-time.ts";

const noon = Date.parse("2026-03-12T12:00:00.000Z");
const header = "Thu, 12 Mar 2026 12:00:00 GMT";

describe("time in a call", () => {
  test("a difference that the header cannot resolve is none", () => {
    expect(clockOffsetMs({ sentMs: noon, receivedMs: noon + 200, dateHeader: header })).toBe(0);
    expect(clockOffsetMs({ sentMs: noon, receivedMs: noon, dateHeader: null })).toBe(0);
  });

  test("a device an hour behind is put right", () => {
    const behind = noon - 3_600_000;
    const offset = clockOffsetMs({ sentMs: behind, receivedMs: behind + 100, dateHeader: header });
    expect(Math.abs(behind + offset - noon)).toBeLessThan(1_000);
  });

  test("the timeline starts with the meeting and never leaves what the server accepts", () => {
    const startedAt = "2026-03-12T12:00:00.000Z";
    expect(timelineMs(noon + 1_234, startedAt)).toBe(1_234);
    expect(timelineMs(noon - 50, startedAt)).toBe(0);
    expect(timelineMs(noon + 30 * 3_600_000, startedAt)).toBe(24 * 3_600_000);
    expect(timelineMs(noon, null)).toBe(0);
  });

  test("the agenda warns in its last five minutes and counts on beyond its end", () => {
    const meeting = { startedAt: "2026-03-12T12:00:00.000Z", durationMinutes: 30 };
    const minute = 60_000;
    expect(agendaTime(meeting, noon + 10 * minute)).toEqual({
      elapsedMs: 10 * minute,
      leftMs: 20 * minute,
      tone: "calm",
    });
    expect(agendaTime(meeting, noon + 26 * minute).tone).toBe("soon");
    expect(agendaTime(meeting, noon + 31 * minute)).toMatchObject({ leftMs: -minute, tone: "over" });
    expect(agendaTime({ ...meeting, durationMinutes: null }, noon + minute).leftMs).toBeNull();
  });
});
