// Changes of chat messages in MongoDB, one small document each, numbered with the messages of their chat.
import mongoose, { Schema, type Connection } from "mongoose";
import type { MeetingId, MessageId, UserId } from "../../../shared/ids.ts";
import type { ReactionEmoji } from "../../../shared/schemas/messages.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { StoredChange } from "./messages.ts";

type ObjectId = mongoose.mongo.ObjectId;
const { ObjectId } = mongoose.mongo;

export interface ChangeDocument {
  _id: ObjectId;
  meetingId: ObjectId;
  messageId: ObjectId;
  messageSequence: number;
  sequence: number;
  userId: ObjectId;
  clientKey: string;
  kind: "edit" | "delete" | "reaction";
  /** Of edits; empty once the message was deleted. */
  content: string | null;
  emoji: ReactionEmoji | null;
  on: boolean | null;
  timestamp: Date;
}

const id = { type: Schema.Types.ObjectId, required: true };
const number = { type: Number, required: true };
const changeSchema = new Schema<ChangeDocument>(
  {
    meetingId: id,
    messageId: id,
    messageSequence: number,
    sequence: number,
    userId: id,
    clientKey: { type: String, required: true },
    kind: { type: String, required: true, enum: ["edit", "delete", "reaction"] },
    content: { type: String, default: null },
    emoji: { type: String, default: null },
    on: { type: Boolean, default: null },
    timestamp: { type: Date, required: true },
  },
  { collection: "messageChanges", strict: "throw", versionKey: false, autoIndex: false, autoCreate: false },
);
changeSchema.index({ meetingId: 1, sequence: 1 }, { unique: true });
changeSchema.index({ meetingId: 1, userId: 1, clientKey: 1 }, { unique: true });
changeSchema.index({ meetingId: 1, messageId: 1, sequence: 1 });

export type ChangesCollection = Awaited<ReturnType<typeof openChanges>>;

export async function openChanges(connection: Connection) {
  const Changes = connection.model<ChangeDocument>("MessageChange", changeSchema);
  await createIndexes(Changes);
  const durably = { writeConcern: { w: "majority", j: true } } as const;

  return {
    async lastSequence(meetingId: MeetingId): Promise<number> {
      const last = await Changes.findOne({ meetingId: new ObjectId(meetingId) })
        .sort({ sequence: -1 })
        .select({ sequence: 1 })
        .lean();
      return last?.sequence ?? 0;
    },

    /** What is there already stays as it is. */
    async insert(change: StoredChange): Promise<void> {
      try {
        await Changes.collection.insertOne(toDocument(change), durably);
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === 11_000)) throw error;
      }
    },

    /** Of all edits of the message that are there. */
    async removeWords(meetingId: MeetingId, messageId: MessageId): Promise<void> {
      await Changes.collection.updateMany(
        { meetingId: new ObjectId(meetingId), messageId: new ObjectId(messageId), kind: "edit" },
        { $set: { content: "" } },
        durably,
      );
    },

    async read(
      meetingId: MeetingId,
      fromSequence: number,
      { before, limit }: { before?: number; limit: number },
    ): Promise<StoredChange[]> {
      const found = await Changes.find({
        meetingId: new ObjectId(meetingId),
        sequence: { $gte: fromSequence },
        ...(before === undefined ? {} : { messageSequence: { $lt: before } }),
      })
        .sort({ sequence: 1 })
        .limit(limit)
        .lean();
      return found.map(fromDocument);
    },

    async editsOf(meetingId: MeetingId, messageId: MessageId): Promise<StoredChange[]> {
      const found = await Changes.find({
        meetingId: new ObjectId(meetingId),
        messageId: new ObjectId(messageId),
        kind: "edit",
      })
        .sort({ sequence: 1 })
        .lean();
      return found.map(fromDocument);
    },

    async findByKeys(
      meetingId: MeetingId,
      keys: { userId: UserId; clientKey: string }[],
    ): Promise<StoredChange[]> {
      const byUser = Map.groupBy(keys, ({ userId }) => userId);
      const found = await Promise.all(
        [...byUser].map(([userId, own]) =>
          Changes.find({
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

function toDocument({ meetingId, messageSequence, clientKey, change }: StoredChange): ChangeDocument {
  return {
    _id: new ObjectId(),
    meetingId: new ObjectId(meetingId),
    messageId: new ObjectId(change.messageId),
    messageSequence,
    sequence: change.sequence,
    userId: new ObjectId(change.userId),
    clientKey,
    kind: change.kind,
    content: change.kind === "edit" ? change.content : null,
    emoji: change.kind === "reaction" ? change.emoji : null,
    on: change.kind === "reaction" ? change.on : null,
    timestamp: change.at,
  };
}

function fromDocument(document: ChangeDocument): StoredChange {
  const { meetingId, messageSequence, clientKey } = document;
  const change = changeOf(document);
  return { meetingId: meetingId.toHexString() as MeetingId, messageSequence, clientKey, change };
}

function changeOf({ kind, content, emoji, on, ...document }: ChangeDocument): StoredChange["change"] {
  const made = {
    sequence: document.sequence,
    messageId: document.messageId.toHexString() as MessageId,
    userId: document.userId.toHexString() as UserId,
    at: document.timestamp,
  };
  if (kind === "edit") return { ...made, kind, content: content ?? "" };
  if (kind === "delete") return { ...made, kind };
  if (emoji === null || on === null) throw new Error("a stored reaction says nothing");
  return { ...made, kind, emoji, on };
}
