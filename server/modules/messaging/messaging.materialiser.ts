// Moves a chat's messages and their changes from the journal into their collections.
import type { FileId } from "../../../shared/ids.ts";
import type { Materialiser } from "../../platform/journal/index.ts";
import {
  changeEntry,
  chatStreamKind,
  fromEntry,
  keyParts,
  meetingOfStream,
  messageEntry,
  messageKey,
  type StoredChange,
  type StoredMessage,
} from "./messages.ts";
import type { MessagesRepository } from "./messaging.repository.ts";

const bySequence = (one: { sequence: number }, other: { sequence: number }) => one.sequence - other.sequence;

export function createChatMaterialiser(
  repository: MessagesRepository,
  files: { remove(id: FileId): Promise<void> },
): Materialiser {
  async function change(stored: StoredChange): Promise<void> {
    const { meetingId, change: made } = stored;
    if (made.kind === "delete") {
      // While the message names them: what a crash leaves is found when the same entry comes again.
      const message = await repository.get(meetingId, made.messageId);
      for (const { id } of message?.attachments ?? []) await files.remove(id);
    }
    await repository.change(stored);
  }

  return {
    kind: chatStreamKind,
    lastSequence: (stream) => repository.lastSequence(meetingOfStream(stream)),

    async findByKeys(stream, keys) {
      const meetingId = meetingOfStream(stream);
      const wanted = keys.map(keyParts);
      const messages = await repository.findByKeys(meetingId, wanted);
      const changes = await repository.findChangesByKeys(meetingId, wanted);
      return [...messages.map(messageEntry), ...changes.map(changeEntry)];
    },

    async listKeys(stream, limit) {
      const meetingId = meetingOfStream(stream);
      const messages = await repository.read(meetingId, 0, limit + 1);
      const changes = await repository.readChanges(meetingId, 0, { limit: limit + 1 });
      if (messages.length + changes.length > limit) return null;
      return [
        ...messages.map(({ userId, clientKey }) => messageKey(userId, clientKey)),
        ...changes.map(({ clientKey, change: { userId } }) => messageKey(userId, clientKey)),
      ];
    },

    async read(stream, fromSequence, limit) {
      const meetingId = meetingOfStream(stream);
      const messages = await repository.read(meetingId, fromSequence, limit);
      const changes = await repository.readChanges(meetingId, fromSequence, { limit });
      const entries = [...messages.map(messageEntry), ...changes.map(changeEntry)];
      return entries.sort(bySequence).slice(0, limit);
    },

    async write(runs) {
      // The highest number that is filed says that all below are: nothing overtakes what stands before it.
      let messages: StoredMessage[] = [];
      const flush = async () => {
        const some = messages;
        messages = [];
        if (some.length > 0) await repository.insert(some);
      };
      for (const { entries } of runs) {
        for (const item of entries.map(fromEntry)) {
          if ("message" in item) {
            messages.push(item.message);
            continue;
          }
          await flush();
          await change(item.change);
        }
      }
      await flush();
    },
  };
}
