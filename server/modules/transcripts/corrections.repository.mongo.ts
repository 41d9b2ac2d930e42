// A transcript's corrections in MongoDB, one small document each: the pages they correct are never written again.
import mongoose, { Schema, type Connection } from "mongoose";
import type { UserId } from "../../../shared/ids.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { CorrectionContent, StoredCorrection } from "./corrections.entries.ts";
import type { CorrectionsRepository } from "./corrections.repository.ts";

type ObjectId = mongoose.mongo.ObjectId;
const { ObjectId } = mongoose.mongo;

interface CorrectionDocument {
  _id: ObjectId;
  meetingId: ObjectId;
  revision: number;
  kind: CorrectionContent["kind"];
  /** The line; 0 for a speaker everywhere. */
  sequence: number;
  text: string | null;
  speakerId: ObjectId | null;
  speakerLabel: string | null;
  fromSpeakerId: ObjectId | null;
  fromLabel: string | null;
  throughSequence: number | null;
  authorId: ObjectId;
  clientKey: string;
  createdAt: Date;
}

const correctionSchema = new Schema<CorrectionDocument>(
  {
    meetingId: { type: Schema.Types.ObjectId, required: true },
    revision: { type: Number, required: true },
    kind: { type: String, required: true, enum: ["text", "line-speaker", "speaker"] },
    sequence: { type: Number, required: true },
    text: { type: String, default: null },
    speakerId: { type: Schema.Types.ObjectId, default: null },
    speakerLabel: { type: String, default: null },
    fromSpeakerId: { type: Schema.Types.ObjectId, default: null },
    fromLabel: { type: String, default: null },
    throughSequence: { type: Number, default: null },
    authorId: { type: Schema.Types.ObjectId, required: true },
    clientKey: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  {
    collection: "transcriptCorrections",
    strict: "throw",
    versionKey: false,
    autoIndex: false,
    autoCreate: false,
  },
);
correctionSchema.index({ meetingId: 1, revision: 1 }, { unique: true });
correctionSchema.index({ meetingId: 1, sequence: 1, revision: 1 });
correctionSchema.index({ meetingId: 1, clientKey: 1 });

export async function createMongoCorrectionsRepository(
  connection: Connection,
): Promise<CorrectionsRepository> {
  const Corrections = connection.model<CorrectionDocument>("TranscriptCorrection", correctionSchema);
  await createIndexes(Corrections);

  return {
    async lastRevision(meetingId) {
      const found = await Corrections.findOne({ meetingId: new ObjectId(meetingId) })
        .sort({ revision: -1 })
        .select({ revision: 1 })
        .lean();
      return found?.revision ?? 0;
    },

    async insert(meetingId, corrections) {
      if (corrections.length === 0) return;
      try {
        await Corrections.collection.insertMany(
          corrections.map((correction) => toDocument(new ObjectId(meetingId), correction)),
          { ordered: false, writeConcern: { w: "majority", j: true } },
        );
      } catch (error) {
        // Under a number stands one correction only: an earlier try had landed.
        if (!(error instanceof Error && "code" in error && error.code === 11_000)) throw error;
      }
    },

    async read(meetingId, fromRevision, limit) {
      const found = await Corrections.find({
        meetingId: new ObjectId(meetingId),
        revision: { $gte: fromRevision },
      })
        .sort({ revision: 1 })
        .limit(limit)
        .lean();
      return found.map(fromDocument);
    },

    async concerning(meetingId, first, last) {
      const meeting = new ObjectId(meetingId);
      const found = await Promise.all([
        Corrections.find({ meetingId: meeting, sequence: 0 }).lean(),
        Corrections.find({ meetingId: meeting, sequence: { $gte: Math.max(1, first), $lte: last } }).lean(),
      ]);
      return found.flat().map(fromDocument);
    },

    async findByClientKeys(meetingId, clientKeys) {
      const found = await Corrections.find({
        meetingId: new ObjectId(meetingId),
        clientKey: { $in: clientKeys },
      }).lean();
      return found.map(fromDocument);
    },
  };
}

function toDocument(
  meetingId: ObjectId,
  { revision, authorId, clientKey, createdAt, content }: StoredCorrection,
): CorrectionDocument {
  const idOf = (id: UserId | null) => (id === null ? null : new ObjectId(id));
  return {
    _id: new ObjectId(),
    meetingId,
    revision,
    kind: content.kind,
    sequence: content.kind === "speaker" ? 0 : content.sequence,
    text: content.kind === "text" ? content.text : null,
    speakerId: content.kind === "text" ? null : idOf(content.speakerId),
    speakerLabel: content.kind === "text" ? null : content.speakerLabel,
    fromSpeakerId: content.kind === "speaker" ? idOf(content.fromSpeakerId) : null,
    fromLabel: content.kind === "speaker" ? content.fromLabel : null,
    throughSequence: content.kind === "speaker" ? content.throughSequence : null,
    authorId: new ObjectId(authorId),
    clientKey,
    createdAt,
  };
}

function fromDocument(document: CorrectionDocument): StoredCorrection {
  const { revision, authorId, clientKey, createdAt } = document;
  return {
    revision,
    authorId: authorId.toHexString() as UserId,
    clientKey,
    createdAt,
    content: contentOf(document),
  };
}

function contentOf(document: CorrectionDocument): CorrectionContent {
  const { kind, sequence, text, speakerLabel, fromLabel, throughSequence } = document;
  if (kind === "text") return { kind, sequence, text: text ?? "" };
  if (document.speakerId === null) throw new Error("a stored correction gives a line to nobody");
  const speaker = { speakerId: document.speakerId.toHexString() as UserId, speakerLabel };
  if (kind === "line-speaker") return { kind, sequence, ...speaker };
  const fromSpeakerId = document.fromSpeakerId?.toHexString() ?? null;
  return { kind, fromSpeakerId: fromSpeakerId as UserId | null, fromLabel, throughSequence, ...speaker };
}
