// The chat as one page holds it: what the server has, and what this page has sent and not seen come back yet.
import type { Attachment } from "../../../shared/schemas/attachments.ts";
import type { Message } from "../../../shared/schemas/messages.ts";
import { advance, mergeBySequence } from "./transcript-log.ts";

export interface PendingMessage {
  clientKey: string;
  content: string;
  parentId: Message["parentId"];
  attachments: readonly Attachment[];
  /** ISO time by this device's clock, for showing until the server's is known. */
  at: string;
  /** The server has it durably; only its broadcast is still to come. */
  sequence: number | null;
  /** Why it was refused; null while it is under way. */
  problem: string | null;
}

export interface ChatState {
  messages: readonly Message[];
  pending: readonly PendingMessage[];
  completeTo: number;
}

export const emptyChat: ChatState = { messages: [], pending: [], completeTo: 0 };

/** `completeTo`: every message up to this sequence is now here, as a page read from the server says. */
export function mergeMessages(chat: ChatState, arrived: readonly Message[], completeTo = 0): ChatState {
  const messages = mergeBySequence(chat.messages, arrived);
  const arrivedKeys = new Set(arrived.map((message) => message.clientKey));
  const pending = chat.pending.filter((message) => !arrivedKeys.has(message.clientKey));
  const complete = advance(messages, Math.max(chat.completeTo, completeTo));
  if (messages === chat.messages && pending.length === chat.pending.length && complete === chat.completeTo) {
    return chat;
  }
  return { messages, pending, completeTo: complete };
}

/** Once more with the same key is a retry: its problem is forgotten. */
export function addPending(
  chat: ChatState,
  message: Pick<PendingMessage, "clientKey" | "content" | "parentId" | "attachments" | "at">,
): ChatState {
  const { clientKey, content, parentId, attachments, at } = message;
  const others = chat.pending.filter((other) => other.clientKey !== clientKey);
  return {
    ...chat,
    pending: [...others, { clientKey, content, parentId, attachments, at, sequence: null, problem: null }],
  };
}

export function confirmPending(chat: ChatState, clientKey: string, sequence: number): ChatState {
  // The broadcast may have overtaken the acknowledgement.
  return changePending(chat, clientKey, { sequence, problem: null });
}

export function failPending(chat: ChatState, clientKey: string, problem: string): ChatState {
  return changePending(chat, clientKey, { problem });
}

function changePending(chat: ChatState, clientKey: string, change: Partial<PendingMessage>): ChatState {
  return {
    ...chat,
    pending: chat.pending.map((message) =>
      message.clientKey === clientKey ? { ...message, ...change } : message,
    ),
  };
}
