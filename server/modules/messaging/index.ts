// Chat beside a call: messages and what becomes of them, ordered by sequence, exactly once by client key.
import type { Actor } from "../../../shared/actor.ts";
import type { FileAnswer } from "../../../shared/contract/endpoint.ts";
import type { FileId, MeetingId, MessageId, UserId } from "../../../shared/ids.ts";
import type { Attachment } from "../../../shared/schemas/attachments.ts";
import type { AcceptedFile } from "../../platform/uploads/index.ts";
import type { FileRecord } from "../files/index.ts";
import type { StreamFollow } from "../../platform/journal/index.ts";
import type {
  ChangeMessage,
  Message,
  MessageChange,
  MessagePage,
  SendMessage,
} from "../../../shared/schemas/messages.ts";

export { createMessagingModule } from "./messaging.service.ts";

export interface AttachmentsService {
  /** Throws what `meetings.authorize` throws, before anything is read. */
  mayUpload(actor: Actor, meetingId: MeetingId): Promise<void>;
  /** Exactly once by key. Throws CONFLICT where the chat holds as many files as it may. */
  upload(actor: Actor, meetingId: MeetingId, file: AcceptedFile, clientKey: string): Promise<Attachment>;
  /** Throws NOT_FOUND also for what no message names, except to its sender. */
  read(actor: Actor, meetingId: MeetingId, fileId: FileId): Promise<FileAnswer>;
  /** One's own that no message names. Throws CONFLICT where one does. */
  discard(actor: Actor, meetingId: MeetingId, fileId: FileId): Promise<void>;
  /** Whether a message names it. */
  isNamed(file: FileRecord): Promise<boolean>;
}

export interface MessagingService {
  attachments: AttachmentsService;
  /** Resolves after the message is durable; a repeated client key answers the first message. */
  send(actor: Actor, meetingId: MeetingId, input: SendMessage): Promise<Message>;
  /**
   * Its author edits it, its author or a host deletes it, people react to it. Resolves after the change is durable; after
   * a deletion nothing of its words is left in the chat's collections and files. A repeated client key answers the first
   * change, and deleting what is deleted answers that deletion. Throws CONFLICT for every other change of it.
   */
  change(
    actor: Actor,
    meetingId: MeetingId,
    messageId: MessageId,
    input: ChangeMessage,
  ): Promise<MessageChange>;
  list(
    actor: Actor,
    meetingId: MeetingId,
    query: { fromSequence: number; limit: number },
  ): Promise<MessagePage>;
  /** Highest sequence, of a message or a change. */
  lastSequence(meetingId: MeetingId): Promise<number>;
  /**
   * Delivers every durable message and change above `afterSequence`, once and in order, whichever process took it. A
   * message comes as it was sent; its changes follow it.
   */
  follow(
    meetingId: MeetingId,
    options: {
      afterSequence: number;
      deliver(messages: Message[]): void;
      changed?(change: MessageChange): void;
    },
  ): StreamFollow;
  /** The person's own messages that they did not delete, as they are now, in order. */
  writtenBy(userId: UserId, meetingId: MeetingId): AsyncIterable<WrittenMessage>;
  /** The person's own messages that they edited and did not delete: each with all it said, oldest first. */
  editedBy(userId: UserId, meetingId: MeetingId): AsyncIterable<EditedMessage>;
}

export interface WrittenMessage {
  sequence: number;
  content: string;
  at: Date;
}

export interface EditedMessage {
  sequence: number;
  versions: { content: string; at: Date }[];
}
