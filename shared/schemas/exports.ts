// The export of everything that is kept about oneself: how far it is, and until when it can be downloaded.
import { z } from "zod";
import { timestampSchema } from "./common.ts";

export const ownExportSchema = z.object({
  /** `expired`: it was deleted, as its days were over; `failed`: it could not be made, and can be asked for again. */
  state: z.enum(["none", "preparing", "ready", "failed", "expired"]),
  requestedAt: timestampSchema.nullable(),
  /** While it is prepared: parts that are gathered, of how many; the account is one, and so is each meeting. */
  progress: z.object({ done: z.number().int(), total: z.number().int() }).nullable(),
  /** Of the zip; null where there is none. */
  sizeBytes: z.number().int().nullable(),
  /** Until then it can be downloaded, or could be. */
  expiresAt: timestampSchema.nullable(),
  /** So many days a finished one is kept. */
  keptDays: z.number().int(),
});
export type OwnExport = z.infer<typeof ownExportSchema>;
