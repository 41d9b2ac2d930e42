// What chat needs of its collections.
import type { MeetingId, MessageId, UserId } from "../../../shared/ids.ts";
import type { StoredChange, StoredMessage } from "./messages.ts";

type Keys = { userId: UserId; clientKey: string }[];

export interface MessagesRepository {
  /** Highest stored sequence, of a message or a change; 0 for none. */
  lastSequence(meetingId: MeetingId): Promise<number>;
  /** In order; messages that are there already are passed over. */
  insert(messages: StoredMessage[]): Promise<void>;
  /**
   * The message as it is then, and the change for good; may be repeated. Nothing of the words of a deleted message is
   * left, whichever change held them.
   */
  change(change: StoredChange): Promise<void>;
  /** Messages with `sequence >= fromSequence`, as they are now, in order, at most `limit`. */
  read(meetingId: MeetingId, fromSequence: number, limit: number): Promise<StoredMessage[]>;
  /** Changes with `sequence >= fromSequence`, in order, at most `limit`; with `before` of messages below it alone. */
  readChanges(
    meetingId: MeetingId,
    fromSequence: number,
    options: { before?: number; limit: number },
  ): Promise<StoredChange[]>;
  /** Edits of a message, oldest first. */
  editsOf(meetingId: MeetingId, messageId: MessageId): Promise<StoredChange[]>;
  findByKeys(meetingId: MeetingId, keys: Keys): Promise<StoredMessage[]>;
  findChangesByKeys(meetingId: MeetingId, keys: Keys): Promise<StoredChange[]>;
  /** Null where there is none in this meeting. */
  get(meetingId: MeetingId, messageId: MessageId): Promise<StoredMessage | null>;
}
