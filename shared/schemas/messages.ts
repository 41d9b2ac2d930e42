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

/** What people may answer a message with, each at most once. */
export const reactionEmoji = ["👍", "❤️", "😂", "🎉", "👏", "🤔", "😮", "🙏"] as const;
export const reactionEmojiSchema = z.enum(reactionEmoji);
export type ReactionEmoji = z.infer<typeof reactionEmojiSchema>;

const editSchema = z.object({
  kind: z.literal("edit"),
  /** May be empty where the message brings files. */
  content: plainText(limits.chatMessageMaxChars),
});
const deleteSchema = z.object({ kind: z.literal("delete") });
const reactionSchema = z.object({
  kind: z.literal("reaction"),
  emoji: reactionEmojiSchema,
  /** Whether the person answers with it from now on. */
  on: z.boolean(),
});

/** `clientKey` makes a retry harmless; it is none of the sender's messages. */
export const changeMessageSchema = z.object({
  clientKey: clientKeySchema,
  change: z.discriminatedUnion("kind", [editSchema, deleteSchema, reactionSchema]),
});
export type ChangeMessage = z.infer<typeof changeMessageSchema>;

const changeMade = {
  /** Its own place in the chat: messages and changes are numbered together. */
  sequence: z.number().int().min(1),
  messageId: messageIdSchema,
  /** Who made it. */
  userId: userIdSchema,
  at: timestampSchema,
};

/** What `applyChange` understands: the same on the server, in events and in the browser. */
export const messageChangeSchema = z.discriminatedUnion("kind", [
  editSchema.extend(changeMade),
  deleteSchema.extend(changeMade),
  reactionSchema.extend(changeMade),
]);
export type MessageChange = z.infer<typeof messageChangeSchema>;

export const reactionsSchema = z.array(
  z.object({ emoji: reactionEmojiSchema, userIds: z.array(userIdSchema).min(1) }),
);
export type Reactions = z.infer<typeof reactionsSchema>;

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
  /** When its words were changed last; null while they are the first ones. */
  editedAt: timestampSchema.nullable(),
  /** Nothing of what it said is left then. */
  deleted: z.object({ at: timestampSchema, by: userIdSchema }).nullable(),
  reactions: reactionsSchema,
  /** The sequence of the latest change that is in it, 0 for none. */
  revision: z.number().int().min(0),
});
export type Message = z.infer<typeof messageSchema>;

export const messagesQuerySchema = z.object({
  fromSequence: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(limits.pageMaxItems).default(limits.pageDefaultItems),
});

/** The chat's numbers from `fromSequence` on: what was written, as it is now, and what became of what stands before. */
export const messagePageSchema = z.object({
  messages: z.array(messageSchema),
  changes: z.array(messageChangeSchema),
  /** The highest number in the chat, of a message or of a change. */
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
