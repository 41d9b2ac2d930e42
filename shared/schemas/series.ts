// Series of calls: one rhythm, each call a meeting of its own.
import { z } from "zod";
import { meetingIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { seriesRhythms } from "../series.ts";
import { timestampSchema, timeZoneSchema } from "./common.ts";
import { createMeetingSchema, meetingLifecycleSchema, updateMeetingSchema } from "./meetings.ts";

const countSchema = z.number().int().min(2).max(limits.seriesMaxItems);

/** Ends after `count` calls, or with the last one on or before the day `until` in the zone. */
export const planSeriesSchema = createMeetingSchema
  .required({ scheduledAt: true, durationMinutes: true, timeZone: true })
  .extend({
    every: z.enum(seriesRhythms),
    count: countSchema.optional(),
    until: z.iso.date().optional(),
    /** Beginnings that are left out. */
    except: z.array(timestampSchema).max(limits.seriesMaxItems).optional(),
    timeZone: timeZoneSchema,
    /** Refused with CONFLICT where a call lies outside the hours of somebody who has said theirs, and whom the actor may see. */
    withinHours: z.boolean().optional(),
  })
  .refine(({ count, until }) => (count === undefined) !== (until === undefined), {
    message: "needs either how many calls there are, or until when",
    path: ["count"],
  });
export type PlanSeries = z.infer<typeof planSeriesSchema>;

/** Of a CONFLICT: the beginnings that stand in the way. */
export const seriesClashesSchema = z.object({
  clashes: z.array(timestampSchema),
  outside: z.array(timestampSchema).default([]),
});

/** What becomes of a call and of those that follow it. A new time moves each by as much on the clock of the series. */
export const changeFollowingSchema = updateMeetingSchema.omit({ timeZone: true });
export type ChangeFollowing = z.infer<typeof changeFollowingSchema>;

export const seriesCallSchema = z.object({
  meetingId: meetingIdSchema,
  title: z.string(),
  startsAt: timestampSchema,
  /** Where the rhythm has it. */
  usuallyAt: timestampSchema,
  durationMinutes: z.number().int().nullable(),
  state: meetingLifecycleSchema,
});

/** As one of its people sees it: the calls that they may open, in order. */
export const seriesSchema = z.object({
  id: z.string(),
  every: z.enum(seriesRhythms),
  timeZone: z.string(),
  calls: z.array(seriesCallSchema),
});
export type Series = z.infer<typeof seriesSchema>;
