// A search in one meeting's transcript: what is asked, and lines with the places found in them.
import { z } from "zod";
import { userIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";

export const transcriptSearchQuerySchema = z.object({
  /** Words, `beginnings*` and "phrases"; the rules stand in `shared/transcript/search.ts`. */
  q: z.string().min(1).max(limits.transcriptSearchMaxChars),
  limit: z.coerce.number().int().min(1).max(limits.transcriptSearchPageMaxItems).default(20),
  cursor: z.string().max(200).optional(),
});
export type TranscriptSearchQuery = z.infer<typeof transcriptSearchQuerySchema>;

const neighbourSchema = z.object({ sequence: z.number().int(), text: z.string() }).nullable();

export const transcriptMatchSchema = z.object({
  sequence: z.number().int(),
  speakerId: userIdSchema,
  speakerLabel: z.string().optional(),
  startMs: z.number().int(),
  text: z.string(),
  /** In UTF-16 units of `text`, in order, without overlap. */
  places: z.array(z.object({ start: z.number().int(), end: z.number().int() })),
  /** The lines around it, for context. */
  before: neighbourSchema,
  after: neighbourSchema,
});
export type TranscriptMatch = z.infer<typeof transcriptMatchSchema>;

/** In order of sequence; `total` counts the matching lines of the whole meeting. */
export const transcriptSearchSchema = z.object({
  items: z.array(transcriptMatchSchema),
  total: z.number().int(),
  nextCursor: z.string().nullable(),
});
export type TranscriptSearch = z.infer<typeof transcriptSearchSchema>;
