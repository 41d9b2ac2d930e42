// Questions about one's own calls, and answers that cite them.
import { z } from "zod";
import { meetingIdSchema, userIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { timestampSchema } from "./common.ts";

export const askQuestionSchema = z.object({
  question: z.string().trim().min(3).max(limits.questionMaxChars),
});

/** Where in which call; leads to the line in the transcript beside the recap. */
const placeSchema = z.object({
  meetingId: meetingIdSchema,
  meetingTitle: z.string(),
  /** When the call began. */
  startedAt: timestampSchema.nullable(),
  sequence: z.number().int(),
  startMs: z.number().int(),
});

export const askCitationSchema = placeSchema.extend({
  speakerId: userIdSchema,
  speakerName: z.string(),
  /** Verbatim words from the transcript. */
  quote: z.string(),
});
export type AskCitation = z.infer<typeof askCitationSchema>;

export const askPassageSchema = placeSchema.extend({
  lines: z.array(z.object({ speakerName: z.string(), text: z.string() })),
});
export type AskPassage = z.infer<typeof askPassageSchema>;

export const askAnswerSchema = z.object({
  /** `composed` by a model from what it cites, `extracted` by rules: sentences as they were said. */
  how: z.enum(["composed", "extracted", "nothing"]),
  sentences: z.array(z.object({ text: z.string(), citations: z.array(askCitationSchema).min(1) })),
  /** What was found, best first, whether or not the answer uses it. */
  passages: z.array(askPassageSchema),
  /** `rules` or a model's name. */
  generatedBy: z.string(),
  /** Calls that were looked through, of those there are. */
  searched: z.number().int(),
  calls: z.number().int(),
  /** In words: what a reader must know of how it was made. */
  notes: z.array(z.string()),
});
export type AskAnswer = z.infer<typeof askAnswerSchema>;
