// Pure translations of a chat message and of changes of it: from the journal, to storage, and out to readers.
import { applyChange, neverChanged, type ChangeAt, type Changeable } from "../../../shared/chat-changes.ts";
import type { MeetingId, MessageId, UserId } from "../../../shared/ids.ts";
import type { ChangeMessage, Message, MessageChange } from "../../../shared/schemas/messages.ts";
import type { JournalEntry, StreamId } from "../../platform/journal/index.ts";

export interface StoredMessage extends Changeable<Date> {
  id: MessageId;
  meetingId: MeetingId;
  userId: UserId;
  parentId: MessageId | null;
  sequence: number;
  clientKey: string;
  /** When it arrived. */
  timestamp: Date;
  /** Its first words, once they were edited; for its author's export, and to know a repeated message by. */
  original: string | null;
}

/** A change with its place: messages and changes of a chat are numbered together. */
export interface StoredChange {
  meetingId: MeetingId;
  /** The sequence of the message that it changes. */
  messageSequence: number;
  clientKey: string;
  change: ChangeAt<Date>;
}

/** Entries from before there were attachments have none. */
export type MessagePayload = Pick<StoredMessage, "id" | "userId" | "content" | "parentId" | "clientKey"> &
  Partial<Pick<StoredMessage, "attachments">>;

export interface ChangePayload {
  change: ChangeMessage["change"];
  messageId: MessageId;
  messageSequence: number;
  userId: UserId;
  clientKey: string;
}

export const chatStreamKind = "chat";

export function chatStream(meetingId: MeetingId): StreamId {
  return `${chatStreamKind}/${meetingId}`;
}

export function meetingOfStream(stream: StreamId): MeetingId {
  return stream.slice(stream.indexOf("/") + 1) as MeetingId;
}

/** Keys belong to their author: one person's key never collides with another's. */
export function messageKey(userId: UserId, clientKey: string): string {
  return `${userId}/${clientKey}`;
}

export function keyParts(key: string): { userId: UserId; clientKey: string } {
  const slash = key.indexOf("/");
  return { userId: key.slice(0, slash) as UserId, clientKey: key.slice(slash + 1) };
}

/** What an entry of the stream is: a message, or a change of one that stands before it. */
export type ChatItem = { message: StoredMessage } | { change: StoredChange };

export function fromEntry({ stream, sequence, at, payload }: JournalEntry): ChatItem {
  const meetingId = meetingOfStream(stream);
  const written = payload as MessagePayload | ChangePayload;
  if ("change" in written) {
    const { change, messageId, messageSequence, userId, clientKey } = written;
    const made = { ...change, messageId, userId, sequence, at };
    return { change: { meetingId, messageSequence, clientKey, change: made } };
  }
  const { attachments = [], ...message } = written;
  const asSent = { ...neverChanged, original: null };
  return { message: { ...message, ...asSent, attachments, meetingId, sequence, timestamp: at } };
}

/** As it was sent, for its changes are entries of their own; of a deleted one there is nothing left to tell. */
export function messageEntry(message: StoredMessage): JournalEntry {
  const { meetingId, sequence, timestamp, id, userId, parentId, attachments, clientKey } = message;
  const content = message.original ?? message.content;
  return {
    stream: chatStream(meetingId),
    sequence,
    key: messageKey(userId, clientKey),
    authorId: userId,
    at: timestamp,
    payload: { id, userId, content, parentId, attachments, clientKey } satisfies MessagePayload,
  };
}

export function changeEntry({ meetingId, messageSequence, clientKey, change }: StoredChange): JournalEntry {
  const { sequence, at, messageId, userId, ...made } = change;
  return {
    stream: chatStream(meetingId),
    sequence,
    key: messageKey(userId, clientKey),
    authorId: userId,
    at,
    payload: { change: made, messageId, messageSequence, userId, clientKey } satisfies ChangePayload,
  };
}

export function withChange(message: StoredMessage, change: ChangeAt<Date>): StoredMessage {
  const changed = applyChange<Date, StoredMessage>(message, change);
  if (changed.deleted !== null) return { ...changed, original: null };
  const isEdited = changed.editedAt !== message.editedAt;
  return isEdited ? { ...changed, original: message.original ?? message.content } : changed;
}

/** With what waits to be filed. */
export function asNow(message: StoredMessage, tail: readonly ChatItem[]): StoredMessage {
  return tail.reduce(
    (now, item) =>
      "change" in item && item.change.change.messageId === message.id
        ? withChange(now, item.change.change)
        : now,
    message,
  );
}

export function toView({ timestamp, original: _, editedAt, deleted, ...message }: StoredMessage): Message {
  return {
    ...message,
    createdAt: timestamp.toISOString(),
    editedAt: editedAt?.toISOString() ?? null,
    deleted: deleted && { ...deleted, at: deleted.at.toISOString() },
  };
}

export function changeView({ change }: StoredChange): MessageChange {
  return { ...change, at: change.at.toISOString() };
}
