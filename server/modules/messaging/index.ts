// Chat beside a call: ordered by sequence, exactly once by client key.
import type { Actor } from "../../../shared/actor.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import type { StreamFollow } from "../../platform/journal/index.ts";
import type { Message, MessagePage, SendMessage } from "../../../shared/schemas/messages.ts";

export { createMessagingModule } from "./messaging.service.ts";

export interface MessagingService {
  /** Resolves after the message is durable; a repeated client key answers the first message. */
  send(actor: Actor, meetingId: MeetingId, input: SendMessage): Promise<Message>;
  list(
    actor: Actor,
    meetingId: MeetingId,
    query: { fromSequence: number; limit: number },
  ): Promise<MessagePage>;
  lastSequence(meetingId: MeetingId): Promise<number>;
  /** Delivers every durable message above `afterSequence`, once and in order, whichever process took it. */
  follow(
    meetingId: MeetingId,
    options: { afterSequence: number; deliver(messages: Message[]): void },
  ): StreamFollow;
}
