// Encryption of personal fields as operators see it.
import { z } from "zod";
import { timestampSchema } from "./common.ts";

export const rotationSchema = z.object({
  /** The key that everything is to be encrypted with. */
  target: z.string(),
  state: z.enum(["running", "finished"]),
  /** Documents looked at in this round, and how many there were at its beginning. */
  seen: z.number().int().min(0),
  total: z.number().int().min(0),
  /** Documents that were encrypted anew, in all rounds. */
  changed: z.number().int().min(0),
  startedAt: timestampSchema,
  updatedAt: timestampSchema,
  finishedAt: timestampSchema.nullable(),
});
export type Rotation = z.infer<typeof rotationSchema>;

export const encryptionStatusSchema = z.object({
  /** The key that encrypts; null: nothing is encrypted. */
  primary: z.string().nullable(),
  /** Whether the keys come from ENCRYPTION_KEYS or from the file in DATA_DIR. */
  source: z.enum(["setting", "file", "none"]),
  keys: z.array(
    z.object({
      id: z.string(),
      /** In use, needed by older data, needed by nothing any more (then it can be removed), or never used yet. */
      state: z.enum(["primary", "needed", "removable", "unused"]),
      firstUsedAt: timestampSchema.nullable(),
      /** Documents that were found under it when they were counted last; null where they never were. */
      documents: z.number().int().min(0).nullable(),
    }),
  ),
  /** Documents with values that are not encrypted, when they were counted last. */
  plainDocuments: z.number().int().min(0).nullable(),
  /** Documents with values that no key opens, when they were counted last: damaged, or moved by hand. */
  unreadableDocuments: z.number().int().min(0).nullable(),
  countedAt: timestampSchema.nullable(),
  /** The last one, or the one that runs. */
  rotation: rotationSchema.nullable(),
});
export type EncryptionStatus = z.infer<typeof encryptionStatusSchema>;
