// Finding a time for two people, and taking it.
import { z } from "zod";
import { timestampSchema, requiredText, timeZoneSchema } from "./common.ts";
import { limits } from "../limits.ts";

const slotMinutes = 15;

const durationSchema = z.coerce
  .number()
  .int()
  .min(slotMinutes)
  .max(limits.slotMaxMinutes)
  .refine((minutes) => minutes % slotMinutes === 0, "must be a multiple of 15 minutes");

export const suggestTimesSchema = z.object({
  durationMinutes: durationSchema.default(60),
  /** Counted from now. */
  days: z.coerce.number().int().min(1).max(limits.suggestionsMaxDays).default(14),
});
export type SuggestTimes = z.infer<typeof suggestTimesSchema>;

export const suggestedTimesSchema = z.object({
  /** In order; a choice over several days, not all there are. */
  times: z.array(z.object({ startsAt: timestampSchema, endsAt: timestampSchema })),
  /** Whose hours are not known, so that any hour counts as theirs. */
  unknownHours: z.array(z.enum(["yours", "theirs"])),
  yourTimeZone: z.string(),
  theirTimeZone: z.string(),
});
export type SuggestedTimes = z.infer<typeof suggestedTimesSchema>;

export const bookTimeSchema = z.object({
  title: requiredText(limits.titleMaxChars),
  startsAt: timestampSchema.refine(
    (at) => Date.parse(at) % (slotMinutes * 60_000) === 0,
    "must be a multiple of 15 minutes",
  ),
  durationMinutes: durationSchema,
  timeZone: timeZoneSchema.optional(),
});
export type BookTime = z.infer<typeof bookTimeSchema>;
