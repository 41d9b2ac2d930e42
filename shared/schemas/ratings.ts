// How a call was for one of its people: a number, and if they like a few words that nobody else reads.
import { z } from "zod";
import { meetingIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { plainText, timestampSchema } from "./common.ts";

export const ratingScores = [1, 2, 3, 4, 5] as const;

export const giveRatingSchema = z.object({
  /** From 1, not useful, to 5, very useful. */
  score: z.number().int().min(1).max(5),
  /** What would have made it better; for one's own eyes. */
  comment: plainText(limits.ratingCommentMaxChars)
    .nullable()
    .default(null)
    .transform((text) => (text === "" ? null : text)),
});
export type GiveRating = z.output<typeof giveRatingSchema>;

export const ownRatingSchema = z.object({
  meetingId: meetingIdSchema,
  /** One's own; null where one has not rated. */
  rating: z
    .object({
      score: z.number().int().min(1).max(5),
      comment: z.string().nullable(),
      updatedAt: timestampSchema,
    })
    .nullable(),
  /** Until when it can be given and changed; null while the call is not over. */
  changeableUntil: timestampSchema.nullable(),
});
export type OwnRating = z.infer<typeof ownRatingSchema>;
