// The chat as one page holds it: what the server has, and what this page has sent and not seen come back yet.
import { applyChange } from "../../../shared/chat-changes.ts";
import type { Attachment } from "../../../shared/schemas/attachments.ts";
import type { Message, MessageChange, MessagePage } from "../../../shared/schemas/messages.ts";
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
  /** In order, each as it is after all changes up to `completeTo`, perhaps with later ones. */
  messages: readonly Message[];
  pending: readonly PendingMessage[];
  /** Every message and every change up to this number is here. */
  completeTo: number;
  /** The highest number heard of; beyond `completeTo` something is missing. */
  lastSequence: number;
  /** The last number when it was first read; null before. What is later came during this visit. */
  arrivedAt: number | null;
}

export const emptyChat: ChatState = {
  messages: [],
  pending: [],
  completeTo: 0,
  lastSequence: 0,
  arrivedAt: null,
};

/** Messages as they are broadcast: any order, any repeats. */
export function mergeMessages(chat: ChatState, arrived: readonly Message[]): ChatState {
  const messages = withNewerRevisions(mergeBySequence(chat.messages, arrived), arrived);
  const arrivedKeys = new Set(arrived.map((message) => message.clientKey));
  const pending = chat.pending.filter((message) => !arrivedKeys.has(message.clientKey));
  const completeTo = advance(messages, chat.completeTo);
  const lastSequence = Math.max(chat.lastSequence, messages.at(-1)?.sequence ?? 0, completeTo);
  const isSame =
    messages === chat.messages &&
    pending.length === chat.pending.length &&
    completeTo === chat.completeTo &&
    lastSequence === chat.lastSequence;
  return isSame ? chat : { ...chat, messages, pending, completeTo, lastSequence };
}

/** What was read from `completeTo + 1` on. It says itself how far it reaches. */
export function mergeMessagePage(chat: ChatState, page: MessagePage): ChatState {
  const merged = mergeMessages(chat, page.messages);
  const reached = page.nextFromSequence === null ? page.lastSequence : page.nextFromSequence - 1;
  const completeTo = advance(merged.messages, Math.max(merged.completeTo, reached));
  return {
    ...merged,
    messages: page.changes.reduce(withChange, merged.messages),
    completeTo,
    lastSequence: Math.max(merged.lastSequence, page.lastSequence, completeTo),
    arrivedAt: chat.arrivedAt ?? page.lastSequence,
  };
}

/** A change as it is broadcast. One that comes before its turn is only remembered as missing: it is read in order. */
export function mergeChange(chat: ChatState, change: MessageChange): ChatState {
  const { sequence } = change;
  if (sequence <= chat.completeTo) return chat;
  const lastSequence = Math.max(chat.lastSequence, sequence);
  if (sequence > chat.completeTo + 1)
    return lastSequence === chat.lastSequence ? chat : { ...chat, lastSequence };
  const messages = withChange(chat.messages, change);
  return { ...chat, messages, completeTo: advance(messages, sequence), lastSequence };
}

export function isMissingMessages({ completeTo, lastSequence }: ChatState): boolean {
  return completeTo < lastSequence;
}

function withChange(messages: readonly Message[], change: MessageChange): readonly Message[] {
  const at = messages.findIndex(({ id }) => id === change.messageId);
  const message = messages[at];
  const changed = message && applyChange<string, Message>(message, change);
  return changed === undefined || changed === message ? messages : messages.with(at, changed);
}

/** Of two states of a message the later one. */
function withNewerRevisions(messages: readonly Message[], arrived: readonly Message[]): readonly Message[] {
  const newer = new Map(arrived.filter(({ revision }) => revision > 0).map((one) => [one.id, one]));
  const isNewer = (one: Message) => (newer.get(one.id)?.revision ?? 0) > one.revision;
  if (newer.size === 0 || !messages.some(isNewer)) return messages;
  return messages.map((one) => (isNewer(one) ? (newer.get(one.id) ?? one) : one));
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
