// What chat needs of its collection.
import type { MeetingId, MessageId, UserId } from "../../../shared/ids.ts";
import type { StoredMessage } from "./messages.ts";

export interface MessagesRepository {
  /** Highest stored sequence, 0 for none. */
  lastSequence(meetingId: MeetingId): Promise<number>;
  /** In order; messages that are there already are passed over. */
  insert(messages: StoredMessage[]): Promise<void>;
  /** Messages with `sequence >= fromSequence`, in order, at most `limit`. */
  read(meetingId: MeetingId, fromSequence: number, limit: number): Promise<StoredMessage[]>;
  findByKeys(meetingId: MeetingId, keys: { userId: UserId; clientKey: string }[]): Promise<StoredMessage[]>;
  exists(meetingId: MeetingId, messageId: MessageId): Promise<boolean>;
}
