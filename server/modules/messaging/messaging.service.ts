// Sending and listing chat messages.
import type { Connection } from "mongoose";
import { AppError, keyMismatch } from "../../../shared/errors.ts";
import type { MeetingId, MessageId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { IdSource } from "../../platform/ids.ts";
import { createInOrder } from "../../platform/in-order.ts";
import type { Journal, Materialiser, StreamFollowers } from "../../platform/journal/index.ts";
import type { AuditService } from "../audit/index.ts";
import type { FilesService } from "../files/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import { createAttachments } from "./attachments.ts";
import type { MessagingService } from "./index.ts";
import {
  chatStream,
  chatStreamKind,
  fromEntry,
  keyParts,
  meetingOfStream,
  messageKey,
  toEntry,
  toView,
  type MessagePayload,
} from "./messages.ts";
import { createMongoMessagesRepository } from "./messaging.repository.mongo.ts";
import type { MessagesRepository } from "./messaging.repository.ts";

export interface MessagingParts {
  ids: IdSource;
  journal: Journal;
  streams: StreamFollowers;
  meetings: Pick<MeetingsService, "authorize">;
  files: Pick<FilesService, "keep" | "find" | "read" | "use" | "remove" | "countIn">;
  audit: Pick<AuditService, "record">;
}

export async function createMessagingModule({
  connection,
  ...parts
}: MessagingParts & { connection: Connection }): Promise<MessagingService> {
  return createMessagingService({ ...parts, repository: await createMongoMessagesRepository(connection) });
}

/** Registers its materialiser with the journal, so it is made before the journal starts. */
export function createMessagingService({
  ids,
  journal,
  streams,
  meetings,
  files,
  audit,
  repository,
}: MessagingParts & { repository: MessagesRepository }): MessagingService {
  journal.register(createChatMaterialiser(repository));
  const arrivals = createInOrder();
  const attachments = createAttachments({ meetings, files, audit, repository });

  async function assertParent(meetingId: MeetingId, parentId: MessageId): Promise<void> {
    const tail = await journal.tail(chatStream(meetingId), 0);
    const inTail = tail.some((entry) => (entry.payload as MessagePayload).id === parentId);
    if (inTail || (await repository.exists(meetingId, parentId))) return;
    throw new AppError("VALIDATION_ERROR", "The message that this answers does not exist in this meeting.", {
      details: { field: "parentId" },
    });
  }

  return {
    attachments,

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
      const message = fromEntry(appended.entry);
      const same =
        message.content === content &&
        message.parentId === (parentId ?? null) &&
        message.attachments.map(({ id }) => id).join() === fileIds.join();
      if (!same) {
        throw keyMismatch("This clientKey was used for another message: take a new one.");
      }
      return toView(message);
    },

    lastSequence: (meetingId) => journal.lastSequence(chatStream(meetingId)),

    follow: (meetingId, { afterSequence, deliver }) =>
      streams.follow(chatStream(meetingId), {
        afterSequence,
        deliver: (entries) => deliver(entries.map((entry) => toView(fromEntry(entry)))),
      }),

    async list(actor, meetingId, { fromSequence, limit }) {
      await meetings.authorize(actor, meetingId, "chat.read");
      const most = Math.min(limit, limits.pageMaxItems);
      const stream = chatStream(meetingId);
      // The tail before the collection: what moves from one to the other in between is then seen twice, not never.
      const tail = await journal.tail(stream, fromSequence);
      const durable = await journal.lastSequence(stream);
      const stored = await repository.read(meetingId, fromSequence, most);
      const storedUntil = stored.at(-1)?.sequence ?? 0;
      const messages = [...stored, ...tail.filter(({ sequence }) => sequence > storedUntil).map(fromEntry)]
        .slice(0, most)
        .map(toView);
      const last = messages.at(-1)?.sequence ?? 0;
      const lastSequence = Math.max(durable, last);
      return { messages, lastSequence, nextFromSequence: last > 0 && last < lastSequence ? last + 1 : null };
    },
  };
}

function createChatMaterialiser(repository: MessagesRepository): Materialiser {
  return {
    kind: chatStreamKind,
    lastSequence: (stream) => repository.lastSequence(meetingOfStream(stream)),
    async findByKeys(stream, keys) {
      const found = await repository.findByKeys(meetingOfStream(stream), keys.map(keyParts));
      return found.map(toEntry);
    },
    async listKeys(stream, limit) {
      const messages = await repository.read(meetingOfStream(stream), 0, limit + 1);
      return messages.length > limit
        ? null
        : messages.map(({ userId, clientKey }) => messageKey(userId, clientKey));
    },
    read: async (stream, fromSequence, limit) =>
      (await repository.read(meetingOfStream(stream), fromSequence, limit)).map(toEntry),
    write: (runs) => repository.insert(runs.flatMap(({ entries }) => entries.map(fromEntry))),
  };
}
