// Applications: how each goes, what is next, and how many got how far.
import { z } from "zod";
import { applicationIdSchema, postingIdSchema } from "../../ids.ts";
import { plainText, timestampSchema } from "../common.ts";
import { careerBounds as bounds } from "./bounds.ts";
import { applicationStatusSchema } from "./enums.ts";
import { runIdSchema } from "./runs.ts";

const documentId = z.string().regex(/^[0-9a-f]{24}$/, "must be an id of 24 hexadecimal digits");
const notes = plainText(bounds.summaryMaxChars);
const nextAction = plainText(bounds.nextActionMaxChars);

/** The dates of the data dictionary; the status sets each when it is first reached. */
const dates = {
  appliedAt: timestampSchema.nullable(),
  responseReceivedAt: timestampSchema.nullable(),
  interviewScheduledAt: timestampSchema.nullable(),
  offerReceivedAt: timestampSchema.nullable(),
  rejectedAt: timestampSchema.nullable(),
};

export const timelineKindSchema = z.enum(["created", "status", "note", "next-action", "reminded"]);
export const timelineEntrySchema = z.object({
  at: timestampSchema,
  kind: timelineKindSchema,
  /** Of a change of status. */
  from: applicationStatusSchema.nullable(),
  to: applicationStatusSchema.nullable(),
  /** Of a note and of a next action. */
  text: z.string().nullable(),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

export const applicationSummarySchema = z.object({
  id: applicationIdSchema,
  posting: z.object({
    id: postingIdSchema,
    title: z.string(),
    company: z.string().nullable(),
    location: z.string().nullable(),
  }),
  runId: runIdSchema.nullable(),
  masterResumeId: documentId.nullable(),
  status: applicationStatusSchema,
  ...dates,
  nextAction: z.string().nullable(),
  nextActionDue: timestampSchema.nullable(),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
  deletedAt: timestampSchema.nullable(),
});
export type ApplicationSummary = z.infer<typeof applicationSummarySchema>;

export const applicationViewSchema = applicationSummarySchema.extend({
  notes: z.string(),
  /** Oldest first. */
  timeline: z.array(timelineEntrySchema),
});
export type ApplicationView = z.infer<typeof applicationViewSchema>;

export const addApplicationSchema = z.strictObject({
  postingId: postingIdSchema,
  /** Of the same posting. */
  runId: runIdSchema.nullable().optional(),
  masterResumeId: documentId.nullable().optional(),
  status: applicationStatusSchema.default("not_applied"),
});
export type AddApplication = z.infer<typeof addApplicationSchema>;

export const addedApplicationSchema = z.object({
  application: applicationViewSchema,
  /** The posting had one already: nothing was added. */
  existing: z.boolean(),
});
export type AddedApplication = z.infer<typeof addedApplicationSchema>;

export const changeApplicationSchema = z
  .strictObject({
    /** Of the same posting. */
    runId: runIdSchema.nullable(),
    masterResumeId: documentId.nullable(),
    ...dates,
    notes,
    nextAction: nextAction.nullable(),
    nextActionDue: timestampSchema.nullable(),
  })
  .partial();
export type ChangeApplication = z.infer<typeof changeApplicationSchema>;

export const moveApplicationSchema = z.strictObject({
  status: applicationStatusSchema,
  /** When it came to be so, where that was not just now. */
  at: timestampSchema.optional(),
});
export type MoveApplication = z.infer<typeof moveApplicationSchema>;

export const addApplicationNoteSchema = z.strictObject({
  text: notes.refine((text) => text !== "", "must not be empty"),
});

export const boardQuerySchema = z.object({
  /** Those that were deleted and can still be restored, instead of those that are there. */
  deleted: z
    .enum(["true", "false"])
    .transform((value) => value === "true")
    .optional(),
});

export const applicationBoardSchema = z.object({
  /** Last changed first. */
  items: z.array(applicationSummarySchema),
});
export type ApplicationBoard = z.infer<typeof applicationBoardSchema>;

export const funnelStepSchema = z.enum([
  "tracked",
  "applied",
  "responded",
  "interviewed",
  "offered",
  "accepted",
]);
export type FunnelStep = z.infer<typeof funnelStepSchema>;
export const funnelSchema = z.object({
  steps: z.array(z.object({ step: funnelStepSchema, count: z.number().int() })),
  /** How things stand now, each status. */
  byStatus: z.array(z.object({ status: applicationStatusSchema, count: z.number().int() })),
});
export type Funnel = z.infer<typeof funnelSchema>;
