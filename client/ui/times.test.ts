import { afterAll, describe, expect, it, vi } from "vitest";

// Read when the module loads: a reader who prefers German and reads British English.
vi.stubGlobal("navigator", { languages: ["de-CH", "en-GB"] });
vi.resetModules();
const { formatDay, formatDistance, formatDuration, formatTimeline, formatTimeRange, zoneCity } =
  await import("./times.ts");

afterAll(() => {
  vi.resetModules();
});

const now = new Date("2026-03-12T09:00:00Z");
const at = (iso: string) => new Date(iso);

describe("times in words", () => {
  it("a time names its zone, as it is called on that day", () => {
    expect(formatTimeRange(at("2026-03-12T13:00:00Z"), 60, "Europe/Zurich")).toMatch(
      /^14:00–15:00 (CET|GMT\+1)$/,
    );
    expect(formatTimeRange(at("2026-07-12T13:00:00Z"), null, "Europe/Zurich")).toMatch(
      /^15:00 (CEST|GMT\+2)$/,
    );
    expect(zoneCity("America/Argentina/Buenos_Aires")).toBe("Buenos Aires");
  });

  it("a day is the day in that zone, with the year where it is another one", () => {
    const options = { timeZone: "Pacific/Auckland", now };
    expect(formatDay(at("2026-03-12T13:00:00Z"), options)).toBe("Friday 13 March");
    expect(formatDay(at("2027-03-12T13:00:00Z"), options)).toContain("2027");
  });

  it("distances are said in the largest unit that fits", () => {
    const distance = (iso: string) => formatDistance(at(iso), now);
    expect(distance("2026-03-12T09:25:00Z")).toBe("in 25 minutes");
    expect(distance("2026-03-12T11:10:00Z")).toBe("in 2 hours");
    expect(distance("2026-03-13T10:00:00Z")).toBe("tomorrow");
    expect(distance("2026-03-12T09:00:10Z")).toBe("now");
  });

  it("durations and positions are short", () => {
    expect([45, 60, 90].map(formatDuration)).toEqual(["45 min", "1 h", "1 h 30 min"]);
    expect([0, 247_000, 3_753_000].map(formatTimeline)).toEqual(["0:00", "4:07", "1:02:33"]);
  });
});
