// Chat messages in MongoDB, one document each, as they are now; their changes stand beside them.
import mongoose, { Schema, type Connection } from "mongoose";
import type { MeetingId, MessageId, UserId } from "../../../shared/ids.ts";
import type { Attachment } from "../../../shared/schemas/attachments.ts";
import type { Reactions } from "../../../shared/schemas/messages.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import { openChanges } from "./changes.mongo.ts";
import { withChange, type StoredMessage } from "./messages.ts";
import type { MessagesRepository } from "./messaging.repository.ts";

type ObjectId = mongoose.mongo.ObjectId;
const { ObjectId } = mongoose.mongo;

interface MessageDocument {
  _id: ObjectId;
  meetingId: ObjectId;
  userId: ObjectId;
  content: string;
  parentId: ObjectId | null;
  /** Absent in documents from before there were any. */
  attachments?: Attachment[];
  sequence: number;
  clientKey: string;
  timestamp: Date;
  /** The rest is absent until the message is changed for the first time. */
  original?: string | null;
  editedAt?: Date | null;
  deleted?: { at: Date; by: ObjectId } | null;
  reactions?: { emoji: Reactions[number]["emoji"]; userIds: ObjectId[] }[];
  revision?: number;
}

// The seeds' fields with what order and exactly-once need.
const messageSchema = new Schema<MessageDocument>(
  {
    meetingId: { type: Schema.Types.ObjectId, required: true },
    userId: { type: Schema.Types.ObjectId, required: true },
    // Empty where a message brings files alone; Mongoose takes an empty text for none.
    content: { type: String, default: "" },
    parentId: { type: Schema.Types.ObjectId, default: null },
    attachments: {
      type: [
        {
          _id: false,
          id: String,
          name: String,
          type: { type: String },
          bytes: Number,
          width: Number,
          height: Number,
        },
      ],
      default: [],
    },
    sequence: { type: Number, required: true },
    clientKey: { type: String, required: true },
    timestamp: { type: Date, required: true },
    original: String,
    editedAt: Date,
    deleted: { type: { _id: false, at: Date, by: Schema.Types.ObjectId } },
    reactions: {
      type: [{ _id: false, emoji: String, userIds: [Schema.Types.ObjectId] }],
      default: undefined,
    },
    revision: Number,
  },
  { collection: "messages", strict: "throw", versionKey: false, autoIndex: false, autoCreate: false },
);
messageSchema.index({ meetingId: 1, sequence: 1 }, { unique: true });
messageSchema.index({ meetingId: 1, userId: 1, clientKey: 1 }, { unique: true });
messageSchema.index({ meetingId: 1, timestamp: 1 });

export async function createMongoMessagesRepository(connection: Connection): Promise<MessagesRepository> {
  const MessageModel = connection.model<MessageDocument>("Message", messageSchema);
  await createIndexes(MessageModel);
  const changes = await openChanges(connection);

  async function get(meetingId: MeetingId, messageId: MessageId): Promise<StoredMessage | null> {
    const found = await MessageModel.findOne({ _id: new ObjectId(messageId) }).lean();
    return found?.meetingId.toHexString() === meetingId ? fromDocument(found) : null;
  }

  /** Only over the state it was made of: another process may be filing the same changes, or its author be erased, which changes the key. */
  async function replace(message: StoredMessage, revision: number): Promise<boolean> {
    const document = toDocument(message);
    const { matchedCount } = await MessageModel.collection.updateOne(
      {
        _id: document._id,
        clientKey: document.clientKey,
        revision: revision === 0 ? { $exists: false } : revision,
      },
      { $set: { ...stateOf(message), content: document.content, attachments: message.attachments } },
      { writeConcern: { w: "majority", j: true } },
    );
    return matchedCount === 1;
  }

  return {
    get,
    readChanges: changes.read,
    editsOf: changes.editsOf,
    findChangesByKeys: changes.findByKeys,

    async change({ change, ...stored }) {
      const { meetingId } = stored;
      let message = await get(meetingId, change.messageId);
      while (message !== null && message.revision < change.sequence) {
        const changed = withChange(message, change);
        if (await replace(changed, message.revision)) message = changed;
        else message = await get(meetingId, change.messageId);
      }
      const wordless = message === null || message.deleted !== null;
      if (wordless) await changes.removeWords(meetingId, change.messageId);
      // Last: whoever finds it here takes all of it for done.
      const made = wordless && change.kind === "edit" ? { ...change, content: "" } : change;
      await changes.insert({ ...stored, change: made });
    },

    async lastSequence(meetingId) {
      const lastChange = await changes.lastSequence(meetingId);
      const last = await MessageModel.findOne({ meetingId: new ObjectId(meetingId) })
        .sort({ sequence: -1 })
        .select({ sequence: 1 })
        .lean();
      return Math.max(last?.sequence ?? 0, lastChange);
    },

    async insert(messages) {
      const documents = messages.map(toDocument);
      try {
        await MessageModel.collection.insertMany(documents, {
          ordered: true,
          writeConcern: { w: "majority", j: true },
        });
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === 11_000)) throw error;
        const present = await MessageModel.find({ _id: { $in: documents.map(({ _id }) => _id) } })
          .select({ _id: 1 })
          .lean();
        const known = new Set(present.map(({ _id }) => _id.toHexString()));
        const missing = documents.filter(({ _id }) => !known.has(_id.toHexString()));
        // Where nothing of it was there, the clash is with another message: that must not pass as written.
        if (missing.length === documents.length) throw error;
        if (missing.length > 0) {
          await MessageModel.collection.insertMany(missing, {
            ordered: true,
            writeConcern: { w: "majority", j: true },
          });
        }
      }
    },

    async read(meetingId, fromSequence, limit) {
      const found = await MessageModel.find({
        meetingId: new ObjectId(meetingId),
        sequence: { $gte: fromSequence },
      })
        .sort({ sequence: 1 })
        .limit(limit)
        .lean();
      return found.map(fromDocument);
    },

    async findByKeys(meetingId, keys) {
      const byUser = Map.groupBy(keys, ({ userId }) => userId);
      const found = await Promise.all(
        [...byUser].map(([userId, own]) =>
          MessageModel.find({
            meetingId: new ObjectId(meetingId),
            userId: new ObjectId(userId),
            clientKey: { $in: own.map(({ clientKey }) => clientKey) },
          }).lean(),
        ),
      );
      return found.flat().map(fromDocument);
    },
  };
}

function toDocument(message: StoredMessage): MessageDocument {
  const { id, meetingId, userId, parentId, content, attachments, sequence, clientKey, timestamp } = message;
  return {
    _id: new ObjectId(id),
    meetingId: new ObjectId(meetingId),
    userId: new ObjectId(userId),
    parentId: parentId === null ? null : new ObjectId(parentId),
    content,
    attachments,
    sequence,
    clientKey,
    timestamp,
    ...(message.revision === 0 ? {} : stateOf(message)),
  };
}

function stateOf({ original, editedAt, deleted, reactions, revision }: StoredMessage) {
  return {
    original,
    editedAt,
    deleted: deleted && { at: deleted.at, by: new ObjectId(deleted.by) },
    reactions: reactions.map(({ emoji, userIds }) => ({
      emoji,
      userIds: userIds.map((userId) => new ObjectId(userId)),
    })),
    revision,
  };
}

function fromDocument(document: MessageDocument): StoredMessage {
  const { _id, meetingId, userId, parentId, content, attachments, sequence, clientKey, timestamp } = document;
  const { original, editedAt, deleted, reactions, revision } = document;
  return {
    id: _id.toHexString() as MessageId,
    meetingId: meetingId.toHexString() as MeetingId,
    userId: userId.toHexString() as UserId,
    parentId: parentId === null ? null : (parentId.toHexString() as MessageId),
    content,
    attachments: attachments ?? [],
    sequence,
    clientKey,
    timestamp,
    original: original ?? null,
    editedAt: editedAt ?? null,
    deleted: deleted ? { at: deleted.at, by: deleted.by.toHexString() as UserId } : null,
    reactions: (reactions ?? []).map(({ emoji, userIds }) => ({
      emoji,
      userIds: userIds.map((id) => id.toHexString() as UserId),
    })),
    revision: revision ?? 0,
  };
}
