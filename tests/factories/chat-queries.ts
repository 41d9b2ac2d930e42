// Every query of the chat's collections, for the tests that ask all of them of a store.
import type { Connection } from "mongoose";
import { createMongoMessagesRepository } from "../../server/modules/messaging/messaging.repository.mongo.ts";
import type { StoredChange, StoredMessage } from "../../server/modules/messaging/messages.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { neverChanged } from "../../shared/chat-changes.ts";
import type { MeetingId, MessageId, UserId } from "../../shared/ids.ts";
import type { ChangeMessage } from "../../shared/schemas/messages.ts";

export async function makeChatQueries(
  connection: Connection,
  { meetingId, userId }: { meetingId: MeetingId; userId: UserId },
): Promise<void> {
  const messages = await createMongoMessagesRepository(connection);
  const message = (sequence: number): StoredMessage => ({
    id: systemIds.objectId() as MessageId,
    meetingId,
    userId,
    content: "Hello",
    parentId: null,
    attachments: [],
    sequence,
    clientKey: `k${sequence}`,
    timestamp: new Date(),
    ...neverChanged,
    original: null,
  });
  const first = message(1);
  await messages.insert([first]);
  await messages.insert([first, message(2)]);
  await messages.lastSequence(meetingId);
  await messages.read(meetingId, 1, 10);
  await messages.findByKeys(meetingId, [{ userId, clientKey: "k1" }]);
  await messages.get(meetingId, first.id);
  const change = (sequence: number, made: ChangeMessage["change"]): StoredChange => ({
    meetingId,
    messageSequence: 1,
    clientKey: `c${sequence}`,
    change: { ...made, sequence, messageId: first.id, userId, at: new Date() },
  });
  const edit = change(3, { kind: "edit", content: "Edited" });
  await messages.change(edit);
  await messages.change(edit);
  await messages.change(change(4, { kind: "reaction", emoji: "👍", on: true }));
  await messages.readChanges(meetingId, 1, { before: 2, limit: 10 });
  await messages.readChanges(meetingId, 1, { limit: 10 });
  await messages.editsOf(meetingId, first.id);
  await messages.findChangesByKeys(meetingId, [{ userId, clientKey: "c3" }]);
  await messages.change(change(5, { kind: "delete" }));
}
