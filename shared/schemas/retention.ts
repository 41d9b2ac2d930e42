// How long what is kept: as people are told it, as an organisation's administrators decide it, and of one meeting.
import { z } from "zod";
import { timestampSchema } from "./common.ts";

/** What of a meeting has a term of its own, counted from the meeting's end. */
export const retentionKindSchema = z.enum([
  "transcript",
  "chat",
  "notes",
  "prompts",
  "recaps",
  "reviews",
  "ratings",
]);
export const retentionKinds = retentionKindSchema.options;
export type RetentionKind = z.infer<typeof retentionKindSchema>;

export const retentionDaysLeast = 7;
export const retentionDaysMost = 3_650;
/** Null: until it is deleted by hand, or with the account. */
export const retentionDaysSchema = z.number().int().min(retentionDaysLeast).max(retentionDaysMost).nullable();

/** Typed by whoever means it, where something is to be kept for a shorter time; capitals do not count. */
export const shorteningPhrase = "delete what is over";

export function isShorteningPhrase(typed: string): boolean {
  return typed.trim().replace(/\s+/g, " ").toLowerCase() === shorteningPhrase;
}

/** True where `days` ends before `than`. */
export function isShorter(days: number | null, than: number | null): boolean {
  return days !== null && (than === null || days < than);
}

export function shorterOf(one: number | null, other: number | null): number | null {
  return isShorter(one, other) ? one : other;
}

export const retentionTermsSchema = z.object({
  items: z.array(
    z.object({
      /** What is kept, in words. */
      what: z.string(),
      /** Null: until it is deleted by hand, or with the account. */
      days: z.number().int().nullable(),
    }),
  ),
  /** When what was over was deleted last; null where it never was. */
  lastRunAt: timestampSchema.nullable(),
});
export type RetentionTerms = z.infer<typeof retentionTermsSchema>;

const nextTermSchema = z.object({ days: retentionDaysSchema, from: timestampSchema });

export const retentionPolicySchema = z.object({
  /** Given back with a change, so that nobody writes over what they have not seen; 0 where nothing was decided. */
  version: z.number().int().min(0),
  /** So long after it was decided a shorter term begins to count. */
  graceHours: z.number(),
  kinds: z.array(
    z.object({
      kind: retentionKindSchema,
      /** What the organisation has decided and counts; null: it follows the installation. */
      own: retentionDaysSchema,
      /** What it has decided and is still to count. */
      next: nextTermSchema.nullable(),
      /** The installation's term: what counts where nothing was decided, and at the same time the longest. */
      most: z.number().int().nullable(),
      /** What counts now. */
      days: z.number().int().nullable(),
    }),
  ),
  changedAt: timestampSchema.nullable(),
  /** When what was over was deleted last, in the whole installation. */
  lastRunAt: timestampSchema.nullable(),
});
export type RetentionPolicy = z.infer<typeof retentionPolicySchema>;

/** Null follows the installation; a kind that is not named stays as it is. */
export const proposedTermsSchema = z.partialRecord(retentionKindSchema, retentionDaysSchema);
export type ProposedTerms = z.infer<typeof proposedTermsSchema>;

export const previewRetentionSchema = z.object({ terms: proposedTermsSchema });

export const retentionPreviewSchema = z.object({
  /** What would be deleted if these terms counted now, in calls that are over. */
  kinds: z.array(z.object({ kind: retentionKindSchema, calls: z.number().int() })),
  /** Commitments in those recaps that are open, and would stay until somebody closes them. */
  openCommitments: z.number().int(),
  /** Only the oldest calls were looked at: there may be more. */
  atLeast: z.boolean(),
  /** What would be kept for a shorter time than is decided now: it needs the phrase. */
  shortened: z.array(retentionKindSchema),
});
export type RetentionPreview = z.infer<typeof retentionPreviewSchema>;

export const changeRetentionSchema = z.object({
  version: z.number().int().min(0),
  terms: proposedTermsSchema,
  /** `shorteningPhrase`, typed: needed where something is shortened. */
  confirmation: z.string().max(200).optional(),
});
export type ChangeRetention = z.infer<typeof changeRetentionSchema>;

/** Of one meeting: what has a term, and until when it is kept. Empty while the meeting is to come or runs. */
export const meetingRetentionSchema = z.object({
  items: z.array(z.object({ kind: retentionKindSchema, until: timestampSchema })),
});
export type MeetingRetention = z.infer<typeof meetingRetentionSchema>;
