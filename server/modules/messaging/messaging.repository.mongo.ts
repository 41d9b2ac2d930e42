// Chat messages in MongoDB, one document each.
import mongoose, { Schema, type Connection } from "mongoose";
import type { MeetingId, MessageId, UserId } from "../../../shared/ids.ts";
import type { Attachment } from "../../../shared/schemas/attachments.ts";
import type { StoredMessage } from "./messages.ts";
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
  },
  { collection: "messages", strict: "throw", versionKey: false, autoIndex: false, autoCreate: false },
);
messageSchema.index({ meetingId: 1, sequence: 1 }, { unique: true });
messageSchema.index({ meetingId: 1, userId: 1, clientKey: 1 }, { unique: true });
messageSchema.index({ meetingId: 1, timestamp: 1 });

export async function createMongoMessagesRepository(connection: Connection): Promise<MessagesRepository> {
  const MessageModel = connection.model<MessageDocument>("Message", messageSchema);
  await MessageModel.createIndexes();

  return {
    async lastSequence(meetingId) {
      const last = await MessageModel.findOne({ meetingId: new ObjectId(meetingId) })
        .sort({ sequence: -1 })
        .select({ sequence: 1 })
        .lean();
      return last?.sequence ?? 0;
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

    async exists(meetingId, messageId) {
      const message = await MessageModel.findOne({ _id: new ObjectId(messageId) })
        .select({ meetingId: 1 })
        .lean();
      return message?.meetingId.toHexString() === meetingId;
    },
  };
}

function toDocument({ id, meetingId, userId, parentId, ...message }: StoredMessage): MessageDocument {
  return {
    _id: new ObjectId(id),
    meetingId: new ObjectId(meetingId),
    userId: new ObjectId(userId),
    parentId: parentId === null ? null : new ObjectId(parentId),
    ...message,
  };
}

function fromDocument(document: MessageDocument): StoredMessage {
  const { _id, meetingId, userId, parentId, content, attachments, sequence, clientKey, timestamp } = document;
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
  };
}
