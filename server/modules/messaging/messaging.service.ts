// Sending, changing and listing chat messages.
import type { Connection } from "mongoose";
import { AppError, keyMismatch } from "../../../shared/errors.ts";
import type { FileId, MeetingId, MessageId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { IdSource } from "../../platform/ids.ts";
import { createInOrder } from "../../platform/in-order.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Journal, StreamFollowers } from "../../platform/journal/index.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AuditService } from "../audit/index.ts";
import type { FilesService } from "../files/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import { createAttachments } from "./attachments.ts";
import type { MessagingService } from "./index.ts";
import { createChanges } from "./changes.ts";
import {
  asNow,
  changeView,
  chatStream,
  fromEntry,
  messageKey,
  toView,
  type ChatItem,
  type MessagePayload,
  type StoredMessage,
} from "./messages.ts";
import { createChatMaterialiser } from "./messaging.materialiser.ts";
import { createMongoMessagesRepository } from "./messaging.repository.mongo.ts";
import type { MessagesRepository } from "./messaging.repository.ts";

export interface MessagingParts {
  ids: IdSource;
  journal: Journal;
  streams: StreamFollowers;
  meetings: Pick<MeetingsService, "authorize">;
  files: Pick<FilesService, "keep" | "find" | "read" | "use" | "remove" | "countIn">;
  audit: Pick<AuditService, "record">;
  bus: Pick<EventBus, "publish">;
  logger: Logger;
  metrics: Metrics;
}

export async function createMessagingModule({
  connection,
  ...parts
}: MessagingParts & { connection: Connection }): Promise<MessagingService> {
  return createMessagingService({ ...parts, repository: await createMongoMessagesRepository(connection) });
}

/** Registers its materialiser with the journal, so it is made before the journal starts. */
export function createMessagingService(
  parts: MessagingParts & { repository: MessagesRepository },
): MessagingService {
  const { ids, journal, streams, meetings, files, repository } = parts;
  journal.register(createChatMaterialiser(repository, files));
  const arrivals = createInOrder();
  const attachments = createAttachments(parts);
  const { change, current } = createChanges({ ...parts, arrivals });

  async function assertParent(meetingId: MeetingId, parentId: MessageId): Promise<void> {
    if ((await current(meetingId, parentId)) !== null) return;
    throw new AppError("VALIDATION_ERROR", "The message that this answers does not exist in this meeting.", {
      details: { field: "parentId" },
    });
  }

  /** Every message in order, with what was still in the journal at the call. */
  async function* all(meetingId: MeetingId): AsyncGenerator<StoredMessage> {
    await journal.materialise(chatStream(meetingId));
    for (let from: number | null = 0; from !== null;) {
      const page: StoredMessage[] = await repository.read(meetingId, from, limits.pageMaxItems);
      yield* page;
      const last = page.length < limits.pageMaxItems ? undefined : page.at(-1);
      from = last === undefined ? null : last.sequence + 1;
    }
  }

  return {
    attachments,
    change,

    async send(actor, meetingId, { clientKey, content, parentId, attachments: fileIds = [] }) {
      // One person's messages reach the journal in the order they came, however long the access check of one takes.
      const { written } = await arrivals.run(`${meetingId}/${actor.userId}`, async () => {
        await meetings.authorize(actor, meetingId, "chat.write");
        if (parentId !== undefined) await assertParent(meetingId, parentId);
        const brought = await attachments.claim(actor, meetingId, fileIds, clientKey);
        const payload: MessagePayload = {
          id: ids.objectId() as MessageId,
          userId: actor.userId,
          content,
          parentId: parentId ?? null,
          attachments: brought,
          clientKey,
        };
        const key = messageKey(actor.userId, clientKey);
        return {
          written: journal.append(chatStream(meetingId), [{ key, authorId: actor.userId, payload }]),
        };
      });
      const [appended] = await written;
      if (appended === undefined) throw new Error("the journal answered nothing for a message");
      const item = fromEntry(appended.entry);
      const mismatch = () => keyMismatch("This clientKey was used for another message: take a new one.");
      if (!("message" in item)) throw mismatch();
      if (!appended.repeated) return toView(item.message);
      // Sent again, it may have been changed meanwhile; of a deleted one nobody knows what it said.
      const message = (await current(meetingId, item.message.id)) ?? item.message;
      if (message.deleted === null && !isSame(item.message, { content, parentId, fileIds })) throw mismatch();
      return toView(message);
    },

    lastSequence: (meetingId) => journal.lastSequence(chatStream(meetingId)),

    follow: (meetingId, { afterSequence, deliver, changed }) =>
      streams.follow(chatStream(meetingId), {
        afterSequence,
        deliver(entries) {
          for (const item of entries.map(fromEntry)) {
            if ("message" in item) deliver([toView(item.message)]);
            else changed?.(changeView(item.change));
          }
        },
      }),

    async list(actor, meetingId, { fromSequence, limit }) {
      await meetings.authorize(actor, meetingId, "chat.read");
      const most = Math.min(limit, limits.pageMaxItems);
      const durable = await journal.lastSequence(chatStream(meetingId));
      // The tail before the collections: what moves from one to the other in between is then seen twice, not never.
      const tail = (await journal.tail(chatStream(meetingId), 0)).map(fromEntry);
      const messages = await repository.read(meetingId, fromSequence, most);
      const changes = await repository.readChanges(meetingId, fromSequence, {
        before: fromSequence,
        limit: most,
      });
      // Up to here everything was seen; of what came meanwhile perhaps not all.
      const lastSequence = tail.reduce((highest, item) => Math.max(highest, placeOf(item)), durable);
      const found: ChatItem[] = [
        ...tail.filter((item) => isFrom(item, fromSequence)),
        ...messages.map((message) => ({ message })),
        ...changes.map((one) => ({ change: one })),
      ];
      const items = [...new Map(found.map((item) => [placeOf(item), item])).values()]
        .filter((item) => placeOf(item) <= lastSequence)
        .sort((one, other) => placeOf(one) - placeOf(other))
        .slice(0, most);
      const last = items.at(-1);
      const next = items.length < most || last === undefined ? Infinity : placeOf(last) + 1;
      return {
        messages: items.flatMap((item) => ("message" in item ? [toView(asNow(item.message, tail))] : [])),
        changes: items.flatMap((item) => ("change" in item ? [changeView(item.change)] : [])),
        lastSequence,
        nextFromSequence: next > lastSequence ? null : next,
      };
    },

    async *writtenBy(userId, meetingId) {
      for await (const { userId: authorId, sequence, content, deleted, timestamp } of all(meetingId))
        if (authorId === userId && deleted === null) yield { sequence, content, at: timestamp };
    },

    async *editedBy(userId, meetingId) {
      for await (const { id, userId: authorId, sequence, original, timestamp } of all(meetingId)) {
        if (authorId !== userId || original === null) continue;
        const versions = [{ content: original, at: timestamp }];
        for (const { change: edit } of await repository.editsOf(meetingId, id))
          if (edit.kind === "edit") versions.push({ content: edit.content, at: edit.at });
        yield { sequence, versions };
      }
    },
  };
}

function placeOf(item: ChatItem): number {
  return "message" in item ? item.message.sequence : item.change.change.sequence;
}

/** What a reader from there on gets of it: changes of messages that stand before, as all others are in their message. */
function isFrom(item: ChatItem, fromSequence: number): boolean {
  const isNew = placeOf(item) >= fromSequence;
  return isNew && ("message" in item || item.change.messageSequence < fromSequence);
}

function isSame(
  message: StoredMessage,
  sent: { content: string; parentId: MessageId | undefined; fileIds: readonly FileId[] },
): boolean {
  return (
    message.content === sent.content &&
    message.parentId === (sent.parentId ?? null) &&
    message.attachments.map(({ id }) => id).join() === sent.fileIds.join()
  );
}
