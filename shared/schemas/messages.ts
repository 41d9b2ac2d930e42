// Chat beside a call.
import { z } from "zod";
import { meetingIdSchema, messageIdSchema, userIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { attachmentIdsSchema, attachmentSchema } from "./attachments.ts";
import { clientKeySchema, plainText, timestampSchema } from "./common.ts";

export const sendMessageSchema = z
  .object({
    clientKey: clientKeySchema,
    /** May be empty where files are sent. */
    content: plainText(limits.chatMessageMaxChars),
    parentId: messageIdSchema.optional(),
    /** Files that were uploaded to this meeting by the sender. */
    attachments: attachmentIdsSchema.optional(),
  })
  .refine(hasContent, { path: ["content"], error: "must not be empty" });
export type SendMessage = z.infer<typeof sendMessageSchema>;

export const messageSchema = z.object({
  id: messageIdSchema,
  meetingId: meetingIdSchema,
  sequence: z.number().int().min(1),
  userId: userIdSchema,
  content: z.string(),
  parentId: messageIdSchema.nullable(),
  attachments: z.array(attachmentSchema),
  clientKey: z.string(),
  createdAt: timestampSchema,
});
export type Message = z.infer<typeof messageSchema>;

export const messagesQuerySchema = z.object({
  fromSequence: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(limits.pageMaxItems).default(limits.pageDefaultItems),
});

export const messagePageSchema = z.object({
  messages: z.array(messageSchema),
  lastSequence: z.number().int(),
  nextFromSequence: z.number().int().nullable(),
});
export type MessagePage = z.infer<typeof messagePageSchema>;

/** A message says something, or brings something. */
export function hasContent(message: {
  content: string;
  attachments?: readonly unknown[] | undefined;
}): boolean {
  return message.content !== "" || (message.attachments?.length ?? 0) > 0;
}
