// Figures over an organisation's calls: counts of many people in fixed periods, nobody's name, nothing said or written.
import { z } from "zod";
import { timestampSchema } from "./common.ts";

export const overviewWeeks = [12, 26, 52] as const;

export const overviewQuerySchema = z.object({
  /** How many complete weeks back. */
  weeks: z.coerce
    .number()
    .pipe(z.union(overviewWeeks.map((weeks) => z.literal(weeks))))
    .default(12),
});
export type OverviewQuery = z.output<typeof overviewQuerySchema>;

/** A whole in its parts; null is a part that is not shown by itself. */
function splitOf<const Part extends string>(parts: readonly Part[]) {
  return z.object({
    total: z.number().int(),
    parts: z.record(z.enum(parts), z.number().int().nullable()),
    /** What the parts that are not shown come to together. */
    together: z.number().int(),
  });
}

export const meetingParts = ["held", "cancelled", "not-held"] as const;
export const placeParts = ["came", "missed"] as const;
export const arrivalParts = ["on-time", "late"] as const;
export const commitmentParts = ["done", "open"] as const;
export const ratingParts = ["1", "2", "3", "4", "5"] as const;

/** `none`: nothing happened; `too-few`: fewer people or meetings than the rule asks for. */
const periodStateSchema = z.enum(["none", "too-few", "shown"]);

export const overviewWeekSchema = z.object({
  from: timestampSchema,
  to: timestampSchema,
  state: periodStateSchema,
  meetings: splitOf(meetingParts).nullable(),
  /** Places of people in meetings that were held. */
  places: splitOf(placeParts).nullable(),
  /** Of those who came to a planned meeting. */
  arrivals: splitOf(arrivalParts).nullable(),
  /** Rounded to five. */
  averageMinutes: z.number().int().nullable(),
});
export type OverviewWeek = z.infer<typeof overviewWeekSchema>;

export const overviewBlockSchema = z.object({
  from: timestampSchema,
  to: timestampSchema,
  /** Of the commitments made in these weeks' meetings, as they stood when the weeks were counted. */
  commitmentsState: periodStateSchema,
  commitments: splitOf(commitmentParts).nullable(),
  ratingsState: periodStateSchema,
  ratings: z
    .object({
      /** Each person counts once, by their average. */
      people: splitOf(ratingParts),
      /** In steps of a half; an average at the end of the scale is told as "at most 1.5" or "at least 4.5". */
      average: z.number(),
      bound: z.enum(["about", "at-most", "at-least"]),
    })
    .nullable(),
});
export type OverviewBlock = z.infer<typeof overviewBlockSchema>;

export const overviewSchema = z.object({
  rule: z.object({ people: z.number().int(), meetings: z.number().int() }),
  /** Up to here everything is counted; later weeks follow when they are complete. */
  countedUntil: timestampSchema,
  /** When the week after that will be counted. */
  nextAt: timestampSchema,
  /** Oldest first. */
  weeks: z.array(overviewWeekSchema),
  /** Blocks of four weeks, oldest first. */
  blocks: z.array(overviewBlockSchema),
});
export type Overview = z.infer<typeof overviewSchema>;
