// What the form asks for where a call repeats.
import { expect, test } from "vitest";
import { emptyDraft } from "./meeting-draft.ts";
import { noSeries, obstaclesOf, seriesRequest, startsOf } from "./series-draft.ts";

const draft = {
  ...emptyDraft(new Date("2026-03-01T08:00:00Z"), "Europe/Zurich"),
  title: "Coaching",
  date: "2026-03-24",
  time: "10:00",
};

test("[SCHEDULING-18] the form shows the calls of a series by the clock of its zone, and asks for those that are not left out", () => {
  expect(startsOf(draft, noSeries)).toBeNull();
  const series = { ...noSeries, every: "weekly", count: 3 } as const;
  const starts = startsOf(draft, series)?.map((at) => at.toISOString());
  expect(starts).toEqual([
    "2026-03-24T09:00:00.000Z",
    "2026-03-31T08:00:00.000Z",
    "2026-04-07T08:00:00.000Z",
  ]);
  expect(startsOf(draft, { ...series, ends: "until", until: "2026-04-06" })).toHaveLength(2);
  expect(startsOf(draft, { ...series, ends: "until", until: "2026-03-24" })).toBeNull();
  expect(startsOf(draft, { ...series, count: 53 })).toBeNull();
  const left = ["2026-03-31T08:00:00.000Z", "2001-01-01T00:00:00.000Z"];
  expect(seriesRequest(draft, { ...series, left }, false)).toMatchObject({
    count: 3,
    except: ["2026-03-31T08:00:00.000Z"],
    onlyIfFree: true,
    withinHours: true,
  });
  const anyway = seriesRequest(draft, series, true);
  expect(anyway).not.toHaveProperty("onlyIfFree");
  expect(anyway).not.toHaveProperty("except");
  expect(seriesRequest(draft, { ...series, left: starts ?? [] }, false)).toBeNull();
});

test("[SCHEDULING-21] what stands in the way of a series is shown at its call", () => {
  const at = "2026-03-24T09:00:00.000Z";
  expect(obstaclesOf({ clashes: [at], outside: [at] })).toEqual(new Map([[at, "taken"]]));
  expect(obstaclesOf({ clashes: [], outside: [at] })).toEqual(new Map([[at, "outside"]]));
  expect(obstaclesOf({ issues: [] })).toEqual(new Map());
});
