// One person's words out of a meeting's chat: messages stay in their place and say nothing, what they edited and answered goes.
import type mongoose from "mongoose";
import type { Connection } from "mongoose";
import { erasedText } from "../../../shared/erased.ts";

type ObjectId = mongoose.mongo.ObjectId;

interface StoredMessage {
  _id: ObjectId;
  meetingId: ObjectId;
  userId: ObjectId;
  content: string;
  attachments?: unknown[];
  sequence: number;
  clientKey: string;
  original?: string | null;
  deleted?: { at: Date; by: ObjectId } | null;
  reactions?: { emoji: string; userIds: ObjectId[] }[];
  revision?: number;
}

interface StoredChange {
  _id: ObjectId;
  meetingId: ObjectId;
  userId: ObjectId;
  sequence: number;
  kind: string;
  content: string | null;
  on: boolean | null;
  clientKey: string;
}

/** Keys are chosen by clients, and may hold anything. */
export const erasedKey = (sequence: number) => `erased-${sequence}`;

/** May be repeated. Answers whether the person had typed anything there. */
export type ChatEraser = (meetingId: ObjectId, userId: ObjectId) => Promise<boolean>;

export function createChatEraser(connection: Connection): ChatEraser {
  const database = connection.getClient().db(connection.name);
  const messages = database.collection<StoredMessage>("messages");
  const changes = database.collection<StoredChange>("messageChanges");

  async function eraseReactions(meetingId: ObjectId, userId: ObjectId): Promise<void> {
    const withTheirs = { meetingId, sequence: { $gte: 0 }, "reactions.userIds": userId };
    // In the store: a reaction of somebody else that is filed meanwhile stays.
    await messages.updateMany(withTheirs, { $pull: { "reactions.$[].userIds": userId } });
    await messages.updateMany(
      { meetingId, sequence: { $gte: 0 }, "reactions.userIds": { $size: 0 } },
      { $pull: { reactions: { userIds: { $size: 0 } } } },
    );
  }

  return async (meetingId, userId) => {
    const theirs = { meetingId, userId };
    for await (const { _id, sequence, clientKey, deleted } of messages.find(theirs)) {
      if (clientKey === erasedKey(sequence)) continue;
      const content = deleted ? "" : erasedText;
      await messages.updateOne(
        { _id },
        { $set: { content, attachments: [], original: null, clientKey: erasedKey(sequence) } },
      );
    }
    await eraseReactions(meetingId, userId);
    for await (const { _id, sequence, kind, clientKey } of changes.find(theirs)) {
      if (clientKey === erasedKey(sequence)) continue;
      await changes.updateOne(
        { _id },
        {
          $set: {
            clientKey: erasedKey(sequence),
            content: kind === "edit" ? erasedText : null,
            on: kind === "reaction" ? false : null,
          },
        },
      );
    }
    return (await messages.findOne(theirs)) !== null;
  };
}
