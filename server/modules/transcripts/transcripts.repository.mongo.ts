// The transcript's pages in MongoDB.
import mongoose, { Schema, type Connection } from "mongoose";
import type { UserId } from "../../../shared/ids.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { StoredChunk, StoredPage } from "./transcripts.chunks.ts";
import type { TranscriptsRepository } from "./transcripts.repository.ts";

type ObjectId = mongoose.mongo.ObjectId;
const { ObjectId } = mongoose.mongo;

interface ChunkDocument extends Omit<StoredChunk, "authorId" | "speakerId"> {
  authorId: ObjectId | null;
  speakerId: ObjectId;
}

interface PageDocument extends Omit<StoredPage, "chunks"> {
  _id: ObjectId;
  meetingId: ObjectId;
  chunks: ChunkDocument[];
  createdAt: Date;
}

const chunkSchema = new Schema<ChunkDocument>(
  {
    sequence: { type: Number, required: true },
    authorId: { type: Schema.Types.ObjectId, default: null },
    speakerId: { type: Schema.Types.ObjectId, required: true },
    speakerLabel: { type: String },
    text: { type: String, required: true },
    confidence: { type: Number, required: true },
    startMs: { type: Number, required: true },
    endMs: { type: Number, required: true },
    clientKey: { type: String, required: true },
    source: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { _id: false, strict: "throw" },
);

/*
 * Pages, not one document a chunk as the seeds have it: a document and four index entries for each utterance cost more
 * than everything else on its way, and readers want runs of them. And pages that are only ever inserted, not one growing
 * document a bucket: a bucket rewritten at each move would cost the square of its length, and a page that is written
 * once, under a unique first sequence, makes a repeated move harmless.
 */
const pageSchema = new Schema<PageDocument>(
  {
    meetingId: { type: Schema.Types.ObjectId, required: true },
    timeBucket: { type: String, required: true },
    sequence: { type: Number, required: true },
    lastSequence: { type: Number, required: true },
    startMs: { type: Number, required: true },
    endMs: { type: Number, required: true },
    chunks: { type: [chunkSchema], required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: "transcripts", strict: "throw", versionKey: false, autoIndex: false, autoCreate: false },
);
pageSchema.index({ meetingId: 1, sequence: 1 }, { unique: true });
pageSchema.index({ meetingId: 1, timeBucket: 1 });
pageSchema.index({ timeBucket: 1, sequence: 1 });
pageSchema.index({ meetingId: 1, startMs: 1 });
// Repeated chunks are found by their key, long after memory has forgotten them.
pageSchema.index({ meetingId: 1, "chunks.clientKey": 1 });

export async function createMongoTranscriptsRepository(
  connection: Connection,
): Promise<TranscriptsRepository> {
  const Page = connection.model<PageDocument>("TranscriptPage", pageSchema);
  await createIndexes(Page);

  return {
    async lastSequence(meetingId) {
      const page = await Page.findOne({ meetingId: new ObjectId(meetingId) })
        .sort({ sequence: -1 })
        .select({ lastSequence: 1 })
        .lean();
      return page?.lastSequence ?? 0;
    },

    async insertPages(pages) {
      if (pages.length === 0) return true;
      try {
        // By the driver: the pages are made by the function below, and casting each chunk again costs more than the write.
        await Page.collection.insertMany(
          pages.map(({ meetingId, chunks, ...page }) => ({
            _id: new ObjectId(),
            meetingId: new ObjectId(meetingId),
            ...page,
            chunks: chunks.map(toDocument),
            createdAt: chunks.at(-1)?.createdAt,
          })),
          { ordered: true, writeConcern: { w: "majority", j: true } },
        );
        return true;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === 11_000) return false;
        throw error;
      }
    },

    async read(meetingId, fromSequence, limit) {
      const meeting = new ObjectId(meetingId);
      const first = await Page.findOne({ meetingId: meeting, sequence: { $lte: fromSequence } })
        .sort({ sequence: -1 })
        .select({ sequence: 1 })
        .lean();
      const cursor = Page.find({ meetingId: meeting, sequence: { $gte: first?.sequence ?? 0 } })
        .sort({ sequence: 1 })
        .lean()
        .cursor({ batchSize: 100 });
      const chunks: StoredChunk[] = [];
      try {
        for await (const page of cursor) {
          for (const chunk of page.chunks)
            if (chunk.sequence >= fromSequence) chunks.push(fromDocument(chunk));
          if (chunks.length >= limit) break;
        }
      } finally {
        await cursor.close();
      }
      return chunks.slice(0, limit);
    },

    async findByClientKeys(meetingId, clientKeys) {
      const pages = await Page.find({
        meetingId: new ObjectId(meetingId),
        "chunks.clientKey": { $in: clientKeys },
      }).lean();
      const wanted = new Set(clientKeys);
      return pages.flatMap((page) =>
        page.chunks.filter((chunk) => wanted.has(chunk.clientKey)).map(fromDocument),
      );
    },
  };
}

function toDocument({ authorId, speakerId, ...chunk }: StoredChunk): ChunkDocument {
  return {
    ...chunk,
    authorId: authorId === null ? null : new ObjectId(authorId),
    speakerId: new ObjectId(speakerId),
  };
}

function fromDocument({ authorId, speakerId, ...chunk }: ChunkDocument): StoredChunk {
  return {
    ...chunk,
    authorId: authorId === null ? null : (authorId.toHexString() as UserId),
    speakerId: speakerId.toHexString() as UserId,
  };
}
