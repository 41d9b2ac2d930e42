// What is found across one's calls.
import { z } from "zod";
import { meetingIdSchema, segmentIdSchema, userIdSchema } from "../ids.ts";

export const passageQuerySchema = z.object({
  q: z.string().trim().min(2).max(500),
  limit: z.coerce.number().int().min(1).max(50).default(10),
});

export const foundPassageSchema = z.object({
  meetingId: meetingIdSchema,
  meetingTitle: z.string(),
  segmentId: segmentIdSchema,
  firstSequence: z.number().int(),
  startMs: z.number().int(),
  speakers: z.array(userIdSchema),
  text: z.string(),
  /** Cosine; of use for the order alone. */
  score: z.number(),
});
export type FoundPassage = z.infer<typeof foundPassageSchema>;
