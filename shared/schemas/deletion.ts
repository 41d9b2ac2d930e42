// Deletion of one's own account.
import { z } from "zod";
import { timestampSchema } from "./common.ts";

/** Typed by whoever means it; capitals do not count. */
export const deletionPhrase = "delete my account";

export const requestDeletionSchema = z.object({
  /** `deletionPhrase`, typed: no press of a button alone deletes an account. */
  confirmation: z.string().max(200),
});
export type RequestDeletion = z.infer<typeof requestDeletionSchema>;

export function isDeletionPhrase(typed: string): boolean {
  return typed.trim().replace(/\s+/g, " ").toLowerCase() === deletionPhrase;
}

export const deletionStatusSchema = z.object({
  state: z.enum(["none", "waiting", "running"]),
  /** From then on it cannot be cancelled. */
  dueAt: timestampSchema.nullable(),
  graceHours: z.number(),
});
export type DeletionStatus = z.infer<typeof deletionStatusSchema>;
