// What the form says of a series: how often, until when, and which of its calls are left out.
import { limits } from "../../../shared/limits.ts";
import { seriesClashesSchema, type PlanSeries } from "../../../shared/schemas/series.ts";
import { countUntil, seriesStarts, type SeriesRhythm } from "../../../shared/series.ts";
import { resolveWallTime } from "../../ui/wall-time.ts";
import { createRequest, type MeetingDraft } from "./meeting-draft.ts";

export interface SeriesDraft {
  every: SeriesRhythm | "never";
  ends: "count" | "until";
  count: number;
  /** `YYYY-MM-DD` */
  until: string;
  /** Beginnings that are left out, as ISO. */
  left: readonly string[];
}

/** Why a call of it stands in the way of the whole, by its beginning. */
export type SeriesObstacles = ReadonlyMap<string, "taken" | "outside">;

export const noSeries: SeriesDraft = { every: "never", ends: "count", count: 8, until: "", left: [] };

/** Null where the form does not say enough, or there would be too few or too many. */
export function startsOf(draft: MeetingDraft, series: SeriesDraft): Date[] | null {
  const first = resolveWallTime(draft)?.instant;
  if (series.every === "never" || first === undefined) return null;
  const rule = { first, timeZone: draft.timeZone, every: series.every };
  if (series.ends === "until" && series.until === "") return null;
  const count =
    series.ends === "count" ? series.count : countUntil(rule, series.until, limits.seriesMaxItems);
  if (!Number.isInteger(count) || count < 2 || count > limits.seriesMaxItems) return null;
  return seriesStarts({ ...rule, count });
}

/** `anyway`: whatever people have then. Null as `startsOf`, or where all are left out. */
export function seriesRequest(draft: MeetingDraft, series: SeriesDraft, anyway: boolean): PlanSeries | null {
  const starts = startsOf(draft, series);
  const { scheduledAt, durationMinutes, timeZone, ...rest } = createRequest(draft);
  if (starts === null || series.every === "never" || scheduledAt === undefined) return null;
  if (durationMinutes === undefined || timeZone === undefined) return null;
  const except = starts.map((at) => at.toISOString()).filter((at) => series.left.includes(at));
  if (except.length === starts.length) return null;
  return {
    ...rest,
    scheduledAt,
    durationMinutes,
    timeZone,
    every: series.every,
    count: starts.length,
    ...(except.length === 0 ? {} : { except }),
    ...(anyway ? {} : { onlyIfFree: true, withinHours: true }),
  };
}

/** Of what the server says; empty where it says something else. */
export function obstaclesOf(details: unknown): SeriesObstacles {
  const parsed = seriesClashesSchema.safeParse(details);
  if (!parsed.success) return new Map();
  return new Map([
    ...parsed.data.outside.map((at) => [iso(at), "outside"] as const),
    ...parsed.data.clashes.map((at) => [iso(at), "taken"] as const),
  ]);
}

function iso(at: string): string {
  return new Date(at).toISOString();
}
