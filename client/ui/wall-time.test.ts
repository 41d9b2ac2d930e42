import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatOffset, offsetMinutes, resolveWallTime, suggestedStart, wallTimeAt } from "./wall-time.ts";

const zones = ["Europe/Zurich", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"] as const;

describe("wall time", () => {
  it("a winter and a summer time in one zone lie at different offsets", () => {
    expect(iso("2026-01-15", "14:00", "Europe/Zurich")).toEqual(["2026-01-15T13:00:00.000Z", "exact"]);
    expect(iso("2026-07-15", "14:00", "Europe/Zurich")).toEqual(["2026-07-15T12:00:00.000Z", "exact"]);
  });

  it("a time that clocks jump over moves by as much as they jump", () => {
    expect(iso("2026-03-29", "02:30", "Europe/Zurich")).toEqual(["2026-03-29T01:30:00.000Z", "skipped"]);
    expect(iso("2026-03-08", "02:30", "America/New_York")).toEqual(["2026-03-08T07:30:00.000Z", "skipped"]);
  });

  it("a time that comes twice is the first of the two", () => {
    expect(iso("2026-10-25", "02:30", "Europe/Zurich")).toEqual(["2026-10-25T00:30:00.000Z", "ambiguous"]);
    // Lord Howe Island moves by half an hour.
    expect(iso("2026-04-05", "01:45", "Australia/Lord_Howe")).toEqual([
      "2026-04-04T14:45:00.000Z",
      "ambiguous",
    ]);
  });

  it("the minutes around a change are exact", () => {
    expect(iso("2026-03-29", "01:59", "Europe/Zurich")).toEqual(["2026-03-29T00:59:00.000Z", "exact"]);
    expect(iso("2026-03-29", "03:00", "Europe/Zurich")).toEqual(["2026-03-29T01:00:00.000Z", "exact"]);
    expect(iso("2026-10-25", "03:00", "Europe/Zurich")).toEqual(["2026-10-25T02:00:00.000Z", "exact"]);
  });

  it("what the wall shows leads back to the same moment, at any moment outside a repeated hour", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2040, 0) }),
        (timeZone, ms) => {
          const instant = new Date(Math.floor(ms / 60_000) * 60_000);
          const resolved = resolveWallTime(wallTimeAt(instant, timeZone));
          if (resolved?.kind === "ambiguous") return;
          expect(resolved?.instant.toISOString()).toBe(instant.toISOString());
        },
      ),
    );
  });

  it("dates that no calendar has and incomplete times are refused", () => {
    for (const [date, time] of [
      ["2026-02-30", "10:00"],
      ["2026-13-01", "10:00"],
      ["", "10:00"],
      ["2026-03-01", ""],
      ["2026-03-01", "24:30"],
    ] as const) {
      expect(resolveWallTime({ date, time, timeZone: "Europe/Zurich" })).toBeNull();
    }
  });

  it("offsets are named with their half hours", () => {
    const at = new Date("2026-01-15T12:00:00Z");
    expect(zones.map((zone) => formatOffset(offsetMinutes(at, zone)))).toEqual([
      "UTC+1",
      "UTC−3:30",
      "UTC+11",
      "UTC+5:45",
      "UTC",
    ]);
  });

  it("the suggested start is a half hour at least ten minutes away", () => {
    expect(suggestedStart(new Date("2026-01-15T12:19:00Z")).toISOString()).toBe("2026-01-15T12:30:00.000Z");
    expect(suggestedStart(new Date("2026-01-15T12:21:00Z")).toISOString()).toBe("2026-01-15T13:00:00.000Z");
  });
});

function iso(date: string, time: string, timeZone: string) {
  const resolved = resolveWallTime({ date, time, timeZone });
  return [resolved?.instant.toISOString(), resolved?.kind];
}
