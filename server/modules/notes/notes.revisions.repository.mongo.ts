// Revisions in MongoDB: one small document each, found by their place in the log.
import mongoose, { Schema, type Connection } from "mongoose";
import type { UserId } from "../../../shared/ids.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import { parseDocument } from "./notes.documents.ts";
import type { Revision, RevisionsRepository } from "./notes.revisions.ts";

type ObjectId = mongoose.mongo.ObjectId;
const { ObjectId } = mongoose.mongo;

interface RevisionDocument extends Omit<Revision, "authors"> {
  documentId: string;
  meetingId: ObjectId;
  authors: { userId: ObjectId | null; edits: number }[];
}

const revisionSchema = new Schema<RevisionDocument>(
  {
    documentId: { type: String, required: true },
    meetingId: { type: Schema.Types.ObjectId, required: true },
    firstSequence: { type: Number, required: true },
    lastSequence: { type: Number, required: true },
    startedAt: { type: Date, required: true },
    endedAt: { type: Date, required: true },
    authors: {
      type: [
        new Schema(
          {
            userId: { type: Schema.Types.ObjectId, default: null },
            edits: { type: Number, required: true },
          },
          { _id: false, strict: "throw" },
        ),
      ],
      required: true,
    },
    edits: { type: Number, required: true },
    insertedChars: { type: Number, required: true },
    deletedChars: { type: Number, required: true },
    kind: { type: String, required: true, enum: ["edit", "template", "restore"] },
    restoredVersion: { type: Number, default: null },
  },
  { collection: "noteRevisions", strict: "throw", versionKey: false, autoIndex: false, autoCreate: false },
);
revisionSchema.index({ documentId: 1, firstSequence: 1 }, { unique: true });
revisionSchema.index({ meetingId: 1 });

export async function createMongoRevisionsRepository(connection: Connection): Promise<RevisionsRepository> {
  const Revisions = connection.model<RevisionDocument>("NoteRevision", revisionSchema);
  await createIndexes(Revisions);
  // By the driver, without casting: it is written often, and by this file alone.
  const revisions = connection.getClient().db(connection.name).collection<RevisionDocument>("noteRevisions");
  return {
    async last(documentId) {
      const found = await Revisions.findOne({ documentId }).sort({ firstSequence: -1 }).lean();
      return found === null ? null : fromDocument(found);
    },

    async page(documentId, { before, limit }) {
      const found = await Revisions.find({ documentId, firstSequence: { $lt: before } })
        .sort({ firstSequence: -1 })
        .limit(limit)
        .lean();
      return found.map(fromDocument);
    },

    async write(grown) {
      const writes = grown.map(({ documentId, revision }) => ({
        updateOne: {
          // One that has grown further meanwhile stays as it is.
          filter: {
            documentId,
            firstSequence: revision.firstSequence,
            lastSequence: { $lte: revision.lastSequence },
          },
          update: {
            $set: {
              ...revision,
              meetingId: new ObjectId(parseDocument(documentId).meetingId),
              authors: revision.authors.map(({ userId, edits }) => ({
                userId: userId === null ? null : new ObjectId(userId),
                edits,
              })),
            },
          },
          upsert: true,
        },
      }));
      try {
        await revisions.bulkWrite(writes, { ordered: false });
      } catch (error) {
        const grownElsewhere = error instanceof Error && "code" in error && error.code === 11_000;
        if (!grownElsewhere) throw error;
      }
    },
  };
}

function fromDocument(document: RevisionDocument): Revision {
  const { firstSequence, lastSequence, startedAt, endedAt, edits, insertedChars, deletedChars } = document;
  return {
    firstSequence,
    lastSequence,
    startedAt,
    endedAt,
    authors: document.authors.map(({ userId, edits: count }) => ({
      userId: userId === null ? null : (userId.toHexString() as UserId),
      edits: count,
    })),
    edits,
    insertedChars,
    deletedChars,
    kind: document.kind,
    restoredVersion: document.restoredVersion,
  };
}
