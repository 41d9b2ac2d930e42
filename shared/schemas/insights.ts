// What people leave a call with; everything a machine wrote cites the segments it comes from.
import { z } from "zod";
import {
  actionItemIdSchema,
  insightIdSchema,
  meetingIdSchema,
  segmentIdSchema,
  userIdSchema,
} from "../ids.ts";
import { timestampSchema } from "./common.ts";

export const citationSchema = z.object({
  segmentId: segmentIdSchema,
  /** Sequence of the first transcript chunk quoted. */
  sequence: z.number().int(),
  startMs: z.number().int(),
  speakerId: userIdSchema,
  /** Verbatim words from the transcript. */
  quote: z.string(),
});
export type Citation = z.infer<typeof citationSchema>;

export const citedTextSchema = z.object({ text: z.string(), citations: z.array(citationSchema).min(1) });
export type CitedText = z.infer<typeof citedTextSchema>;

export const actionItemSchema = z.object({
  id: actionItemIdSchema,
  text: z.string(),
  ownerId: userIdSchema.nullable(),
  /** The words that named a date, only if they were said. */
  dueText: z.string().nullable(),
  /** The day to which somebody has moved it since; null where nobody has. */
  movedTo: z.iso.date().nullable(),
  done: z.boolean(),
  /** Whether it is a milestone of the reader's plan. */
  milestone: z.boolean(),
  citations: z.array(citationSchema).min(1),
});
export type ActionItem = z.infer<typeof actionItemSchema>;

export const recommendationSchema = z.object({
  /** Why: `no-date`, `no-owner`, `put-off`, `open-question`, `goal-without-step`, `suggestion`, `coaching`. */
  type: z.string(),
  content: z.string(),
  confidence: z.number().min(0).max(1),
  citations: z.array(citationSchema).min(1),
});
export type Recommendation = z.infer<typeof recommendationSchema>;

/** An address that people shared, and where: said in the call, or written in its chat or its shared notes. */
export const sharedLinkSchema = z.object({
  type: z.enum(["said", "chat", "notes"]),
  /** Of the web alone. */
  url: z.url({ protocol: /^https?$/ }),
  title: z.string(),
  /** The line in which it was said. */
  sequence: z.number().int().nullable(),
  startMs: z.number().int().nullable(),
  /** Who said or wrote it; null for notes, which many write. */
  userId: userIdSchema.nullable(),
});
export type SharedLink = z.infer<typeof sharedLinkSchema>;

export const insightSchema = z.object({
  id: insightIdSchema,
  meetingId: meetingIdSchema,
  /** Whose insights: each person has their own. */
  userId: userIdSchema,
  outcome: citedTextSchema.nullable(),
  summary: z.array(citedTextSchema),
  decisions: z.array(citedTextSchema),
  actionItems: z.array(actionItemSchema),
  recommendations: z.array(recommendationSchema),
  links: z.array(sharedLinkSchema),
  /** `extracted` by rules or written by a model, with its name. */
  generatedBy: z.string(),
  /** Said in words where something is left out, and why. */
  missing: z.array(z.string()),
  createdAt: timestampSchema,
});
export type Insight = z.infer<typeof insightSchema>;

export const insightStatusSchema = z.enum(["waiting", "processing", "ready", "failed"]);
export type InsightStatus = z.infer<typeof insightStatusSchema>;

export const recapSchema = z.object({
  meetingId: meetingIdSchema,
  status: insightStatusSchema,
  /** What went wrong, in words, where the status is failed. */
  problem: z.string().nullable(),
  insight: insightSchema.nullable(),
  delivery: z.enum(["not-sent", "awaiting-approval", "queued", "sent", "unsubscribed", "removed"]),
});
export type Recap = z.infer<typeof recapSchema>;

/** An email of a draft, as its person would get it. */
export const recapEmailPreviewSchema = z.object({
  userId: userIdSchema,
  displayName: z.string(),
  subject: z.string(),
  html: z.string(),
  text: z.string(),
  /** Their files' names. */
  attachments: z.array(z.string()),
});
export type RecapEmailPreview = z.infer<typeof recapEmailPreviewSchema>;

export const recapEmailPreviewsSchema = z.object({ items: z.array(recapEmailPreviewSchema) });
export type RecapEmailPreviews = z.infer<typeof recapEmailPreviewsSchema>;

/** `movedTo` null takes the move back. */
export const updateActionItemSchema = z
  .object({ done: z.boolean().optional(), movedTo: z.iso.date().nullable().optional() })
  .refine(({ done, movedTo }) => done !== undefined || movedTo !== undefined, {
    message: "say whether it is done, or to which day it moves",
  });
export type UpdateActionItem = z.infer<typeof updateActionItemSchema>;
