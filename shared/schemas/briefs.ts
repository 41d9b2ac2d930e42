// What a person reads before a call: open commitments first, then where the last calls ended and ideas to open with.
import { z } from "zod";
import { meetingIdSchema, userIdSchema } from "../ids.ts";
import { timestampSchema } from "./common.ts";

/** What an item rests on: a line of a call, a call's recap, or a person's profile; each leads there. */
export const briefSourceSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("call"),
    meetingId: meetingIdSchema,
    title: z.string(),
    /** The line in its transcript; null for the recap as a whole. */
    sequence: z.number().int().nullable(),
  }),
  z.object({ kind: z.literal("profile"), userId: userIdSchema, name: z.string() }),
]);
export type BriefSource = z.infer<typeof briefSourceSchema>;

const relevance = z.number().min(0).max(1);

export const briefCommitmentSchema = z.object({
  id: z.string(),
  text: z.string(),
  ownerId: userIdSchema.nullable(),
  ownerName: z.string().nullable(),
  dueText: z.string().nullable(),
  mine: z.boolean(),
  relevance,
  source: briefSourceSchema,
});

export const briefCallSchema = z.object({
  meetingId: meetingIdSchema,
  title: z.string(),
  startedAt: timestampSchema.nullable(),
  outcome: z.string().nullable(),
  /** The line that carries the outcome. */
  sequence: z.number().int().nullable(),
});

/** The seeds' pre-call ideas, each with what it rests on. */
export const briefIdeaSchema = z.object({
  type: z.literal("precall"),
  content: z.string(),
  relevance,
  tags: z.array(z.string()),
  sources: z.array(briefSourceSchema).min(1),
});
export type BriefIdea = z.infer<typeof briefIdeaSchema>;

export const briefSchema = z.object({
  meetingId: meetingIdSchema,
  /** `off`: no machine may read for this call, so that none has made anything. */
  status: z.enum(["ready", "off"]),
  /** Each once, most pressing first. */
  commitments: z.array(briefCommitmentSchema),
  lastCalls: z.array(briefCallSchema),
  ideas: z.array(briefIdeaSchema),
  /** Who made the ideas: `rules` or a model's name. */
  generatedBy: z.string(),
  /** The model that is writing ideas just now: those of the rules stand until it has; null where none does. */
  writing: z.string().nullable(),
  /** Ideas of the model that are left out, as what they claim is not in what they cite. */
  dropped: z.number().int().min(0),
  /** In words, what is left out and why. */
  missing: z.array(z.string()),
});
export type Brief = z.infer<typeof briefSchema>;
