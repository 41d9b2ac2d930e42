// Chat beside a call.
import { z } from "zod";
import { meetingIdSchema, messageIdSchema, userIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { clientKeySchema, requiredText, timestampSchema } from "./common.ts";

export const sendMessageSchema = z.object({
  clientKey: clientKeySchema,
  content: requiredText(limits.chatMessageMaxChars),
  parentId: messageIdSchema.optional(),
});
export type SendMessage = z.infer<typeof sendMessageSchema>;

export const messageSchema = z.object({
  id: messageIdSchema,
  meetingId: meetingIdSchema,
  sequence: z.number().int().min(1),
  userId: userIdSchema,
  content: z.string(),
  parentId: messageIdSchema.nullable(),
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
