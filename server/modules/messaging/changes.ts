// What becomes of a chat message: its author edits it, its author or a host deletes it, and people react to it.
import type { Actor } from "../../../shared/actor.ts";
import { AppError, keyMismatch, notFound } from "../../../shared/errors.ts";
import type { MeetingId, MessageId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import { hasContent, type ChangeMessage, type MessageChange } from "../../../shared/schemas/messages.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { InOrder } from "../../platform/in-order.ts";
import type { Journal } from "../../platform/journal/index.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AuditService } from "../audit/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import {
  changeView,
  chatStream,
  fromEntry,
  messageKey,
  asNow,
  type ChangePayload,
  type StoredMessage,
} from "./messages.ts";
import type { MessagesRepository } from "./messaging.repository.ts";

export interface ChangesParts {
  journal: Journal;
  meetings: Pick<MeetingsService, "authorize">;
  audit: Pick<AuditService, "record">;
  bus: Pick<EventBus, "publish">;
  logger: Logger;
  metrics: Metrics;
  repository: MessagesRepository;
  /** One person's messages and changes in a chat, in the order in which they came. */
  arrivals: InOrder;
}

export interface Changes {
  change(
    actor: Actor,
    meetingId: MeetingId,
    messageId: MessageId,
    input: ChangeMessage,
  ): Promise<MessageChange>;
  /** A message as it is now; null where there is none in this meeting. */
  current(meetingId: MeetingId, messageId: MessageId): Promise<StoredMessage | null>;
}

const actions = { edit: "chat.edit", delete: "chat.delete", reaction: "chat.react" } as const;

export function createChanges(parts: ChangesParts): Changes {
  const { journal, meetings, audit, bus, logger, repository, arrivals } = parts;
  const made = parts.metrics.counter("chat_changes_total", "Changes of chat messages by kind", ["kind"]);

  async function current(meetingId: MeetingId, messageId: MessageId): Promise<StoredMessage | null> {
    // The tail before the collection: what moves in between is then seen twice, not never.
    const tail = (await journal.tail(chatStream(meetingId), 0)).map(fromEntry);
    const stored = await repository.get(meetingId, messageId);
    const sent = tail.find((item) => "message" in item && item.message.id === messageId);
    const message = stored ?? (sent !== undefined && "message" in sent ? sent.message : null);
    return message && asNow(message, tail);
  }

  /** Throws where the person may not make this change of this message. */
  async function assertMay(actor: Actor, message: StoredMessage, change: ChangeMessage["change"]) {
    const isOwn = message.userId === actor.userId;
    if (change.kind === "delete") {
      if (!isOwn) await meetings.authorize(actor, message.meetingId, "chat.delete-others");
      return;
    }
    if (change.kind === "edit" && !isOwn)
      throw new AppError("FORBIDDEN", "People edit their own messages alone.");
    if (message.deleted !== null) throw new AppError("CONFLICT", "This message was deleted.");
    if (change.kind === "edit" && !hasContent({ ...message, content: change.content })) {
      throw new AppError("VALIDATION_ERROR", "A message without files needs words.", {
        details: { field: "content" },
      });
    }
    // Counted beforehand: a few that come at the same time may lie above it, which harms nobody.
    if ((await journal.lastSequence(chatStream(message.meetingId))) >= limits.chatChangeableItems)
      throw new AppError("CONFLICT", "This chat is full: its messages can only be deleted.");
  }

  /** Out of the collections, the files and the journal; what cannot be done now is done as the entry is filed. */
  async function removeWords(meetingId: MeetingId): Promise<void> {
    try {
      await journal.materialise(chatStream(meetingId));
    } catch (error) {
      logger.warn({ meetingId, error: error as Error }, "a deleted message waits to be removed");
    }
    bus.publish("message.deleted", { meetingId });
  }

  async function change(
    actor: Actor,
    meetingId: MeetingId,
    messageId: MessageId,
    { clientKey, change: wanted }: ChangeMessage,
  ): Promise<MessageChange> {
    const { userId } = actor;
    const { written, message } = await arrivals.run(`${meetingId}/${userId}`, async () => {
      await meetings.authorize(actor, meetingId, actions[wanted.kind]);
      const message = await current(meetingId, messageId);
      if (message === null) throw notFound("This message");
      await assertMay(actor, message, wanted);
      // Deleted is deleted, by whomever and however often.
      if (wanted.kind === "delete" && message.deleted !== null) return { message, written: null };
      const payload: ChangePayload = {
        change: wanted,
        messageId,
        messageSequence: message.sequence,
        userId,
        clientKey,
      };
      const key = messageKey(userId, clientKey);
      return {
        message,
        written: journal.append(chatStream(meetingId), [{ key, authorId: userId, payload }]),
      };
    });
    if (written === null) return deletionOf(message);
    const [appended] = await written;
    if (appended === undefined) throw new Error("the journal answered nothing for a change");
    const item = fromEntry(appended.entry);
    if (
      !("change" in item) ||
      item.change.change.messageId !== messageId ||
      !isSame(item.change.change, wanted)
    )
      throw keyMismatch("This clientKey was used for something else: take a new one.");
    if (wanted.kind === "delete") await removeWords(meetingId);
    if (!appended.repeated) {
      made.inc({ kind: wanted.kind });
      if (wanted.kind === "delete" && message.userId !== userId) {
        await audit.record({
          actorUserId: userId,
          resourceType: "meeting",
          resourceId: meetingId,
          action: "chat.delete-others",
          outcome: "done",
          metadata: { messageId, authorId: message.userId },
        });
      }
    }
    return changeView(item.change);
  }

  return { change, current };
}

function isSame(done: ChangeMessage["change"], wanted: ChangeMessage["change"]): boolean {
  if (done.kind === "edit") return wanted.kind === "edit" && done.content === wanted.content;
  if (done.kind === "delete") return wanted.kind === "delete";
  return wanted.kind === "reaction" && done.emoji === wanted.emoji && done.on === wanted.on;
}

function deletionOf({
  id: messageId,
  revision: sequence,
  deleted,
  userId,
  timestamp,
}: StoredMessage): MessageChange {
  const { at, by } = deleted ?? { at: timestamp, by: userId };
  return { kind: "delete", messageId, sequence, userId: by, at: at.toISOString() };
}
