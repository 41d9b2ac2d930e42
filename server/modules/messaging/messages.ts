// Pure translations of a chat message: from the journal, to storage, and out to readers.
import type { MeetingId, MessageId, UserId } from "../../../shared/ids.ts";
import type { Attachment } from "../../../shared/schemas/attachments.ts";
import type { Message } from "../../../shared/schemas/messages.ts";
import type { JournalEntry, StreamId } from "../../platform/journal/index.ts";

export interface StoredMessage {
  id: MessageId;
  meetingId: MeetingId;
  userId: UserId;
  content: string;
  parentId: MessageId | null;
  attachments: Attachment[];
  sequence: number;
  clientKey: string;
  /** When it arrived. */
  timestamp: Date;
}

/** Entries from before there were attachments have none. */
export type MessagePayload = Pick<StoredMessage, "id" | "userId" | "content" | "parentId" | "clientKey"> &
  Partial<Pick<StoredMessage, "attachments">>;

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

export function fromEntry({ stream, sequence, at, payload }: JournalEntry): StoredMessage {
  const { attachments = [], ...message } = payload as MessagePayload;
  return { ...message, attachments, meetingId: meetingOfStream(stream), sequence, timestamp: at };
}

export function toEntry({ meetingId, sequence, timestamp, ...payload }: StoredMessage): JournalEntry {
  return {
    stream: chatStream(meetingId),
    sequence,
    key: messageKey(payload.userId, payload.clientKey),
    authorId: payload.userId,
    at: timestamp,
    payload: payload satisfies MessagePayload,
  };
}

export function toView({ timestamp, ...message }: StoredMessage): Message {
  return { ...message, createdAt: timestamp.toISOString() };
}
