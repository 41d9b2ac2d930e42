// The settings of how long what is kept.
import { z } from "zod";
import type { RetentionKind } from "../../shared/schemas/retention.ts";

const mostDays = 3_650;
/** Whole days; 0 stands for good where that is possible. */
function termInDays({ least, byDefault, forGood }: { least: number; byDefault: number; forGood: boolean }) {
  const range = `must be ${forGood ? "0 (for good) or " : ""}${least} to ${mostDays} whole days`;
  return z.coerce
    .number({ error: range })
    .int(range)
    .refine((days) => (forGood && days === 0) || (days >= least && days <= mostDays), range)
    .default(byDefault);
}

const termOfCalls = termInDays({ least: 7, byDefault: 0, forGood: true });

export const retentionEnvironment = {
  RETENTION_EMAIL_DAYS: termInDays({ least: 30, byDefault: 730, forGood: true }),
  RETENTION_AUDIT_ORIGIN_DAYS: termInDays({ least: 7, byDefault: 90, forGood: false }),
  RETENTION_AUDIT_DAYS: termInDays({ least: 365, byDefault: 0, forGood: true }),
  RETENTION_PROMPT_DAYS: termInDays({ least: 7, byDefault: 365, forGood: true }),
  RETENTION_TRANSCRIPT_DAYS: termOfCalls,
  RETENTION_CHAT_DAYS: termOfCalls,
  RETENTION_NOTES_DAYS: termOfCalls,
  RETENTION_RECAP_DAYS: termOfCalls,
  RETENTION_REVIEW_DAYS: termOfCalls,
  RETENTION_RATING_DAYS: termOfCalls,
  RETENTION_GRACE_HOURS: z.coerce
    .number()
    .min(0)
    .max(30 * 24)
    .default(24),
} as const;

export interface RetentionConfig {
  /** In days, what has a term of its own; null keeps it for good. */
  retentionDays: {
    emails: number | null;
    prompts: number | null;
    auditOrigins: number;
    auditEntries: number | null;
  };
  /** In days after the end of a call: what counts where an organisation has decided nothing, and the longest it may decide. */
  retentionOfCalls: Record<RetentionKind, number | null>;
  /** So long after it was decided a shorter term begins to count. */
  retentionGraceMs: number;
}

type Environment = z.output<z.ZodObject<typeof retentionEnvironment>>;

export function readRetentionConfig(env: Environment): RetentionConfig {
  return {
    retentionDays: {
      emails: env.RETENTION_EMAIL_DAYS || null,
      prompts: env.RETENTION_PROMPT_DAYS || null,
      auditOrigins: env.RETENTION_AUDIT_ORIGIN_DAYS,
      auditEntries: env.RETENTION_AUDIT_DAYS || null,
    },
    retentionOfCalls: {
      transcript: env.RETENTION_TRANSCRIPT_DAYS || null,
      chat: env.RETENTION_CHAT_DAYS || null,
      notes: env.RETENTION_NOTES_DAYS || null,
      prompts: env.RETENTION_PROMPT_DAYS || null,
      recaps: env.RETENTION_RECAP_DAYS || null,
      reviews: env.RETENTION_REVIEW_DAYS || null,
      ratings: env.RETENTION_RATING_DAYS || null,
    },
    retentionGraceMs: env.RETENTION_GRACE_HOURS * 60 * 60 * 1000,
  };
}
