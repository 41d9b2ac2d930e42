// Files that were sent in a chat, as its messages name them.
import { z } from "zod";
import { fileIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { clientKeySchema } from "./common.ts";

export const attachmentSchema = z.object({
  id: fileIdSchema,
  name: z.string(),
  /** What it was found to be, as a media type. */
  type: z.string(),
  bytes: z.number().int(),
  /** Of pictures, as they are looked at; null of everything else. */
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
});
export type Attachment = z.infer<typeof attachmentSchema>;

/** Beside the bytes, which are the body. */
export const uploadAttachmentQuerySchema = z.object({
  /** A repeated upload with the same key is answered with the first one's file. */
  clientKey: clientKeySchema,
  /** What the sender calls it; kept without paths, control and direction characters. */
  name: z.string().max(1_000).optional(),
});

export const attachmentIdsSchema = z
  .array(fileIdSchema)
  .max(limits.attachmentsPerMessage)
  .refine((ids) => new Set(ids).size === ids.length, "must not name a file twice");
