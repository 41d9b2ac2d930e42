// Prompts that help a coach before and during a call.
import { z } from "zod";
import { meetingIdSchema, promptIdSchema } from "../ids.ts";
import { timestampSchema } from "./common.ts";

export const promptFeedbackValueSchema = z.enum(["used", "dismissed", "upvoted", "wrong"]);
export type PromptFeedbackValue = z.infer<typeof promptFeedbackValueSchema>;

export const promptFeedbackSchema = z.object({ feedback: promptFeedbackValueSchema });

export const promptSchema = z.object({
  id: promptIdSchema,
  meetingId: meetingIdSchema,
  type: z.enum(["precall", "incall"]),
  content: z.string(),
  /** Why this prompt, why now: shown with it. */
  reason: z.string(),
  /** What set it off, e.g. `lull`. */
  trigger: z.string(),
  tags: z.array(z.string()),
  relevance: z.number().min(0).max(1),
  /** Position on the meeting's timeline, milliseconds since its start. */
  atMs: z.number().int(),
  expiresAt: timestampSchema.nullable(),
  usedAt: timestampSchema.nullable(),
  feedback: promptFeedbackValueSchema.nullable(),
  /** Which provider wrote it: `rules` or a model's name. */
  generatedBy: z.string(),
  createdAt: timestampSchema,
});
export type Prompt = z.infer<typeof promptSchema>;
