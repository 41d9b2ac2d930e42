// How long what is kept, as people are told it.
import { z } from "zod";
import { timestampSchema } from "./common.ts";

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
