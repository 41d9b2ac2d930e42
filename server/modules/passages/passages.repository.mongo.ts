// Embeddings and the index that is in use, in MongoDB; and MongoDB's own vector search over them.
import { createHash } from "node:crypto";
import mongoose from "mongoose";
import { meetingIdSchema } from "../../../shared/ids.ts";
import type { Clock } from "../../platform/clock.ts";
import type { KeptVector, Metadata, MongoVectorSearch, VectorFilter } from "../../vendors/vectors/index.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { IndexMeta, PassagesRepository } from "./passages.repository.ts";

const { Binary } = mongoose.mongo;
type Binary = mongoose.mongo.Binary;

interface EmbeddingDocument {
  /** `<id of the vector>/<hash of the configuration>`. */
  _id: string;
  sourceType: string;
  sourceId: string;
  namespace: string;
  meetingId: string;
  /** Numbers of 32 bits, one after another; null after it was deleted. */
  vector: Binary | null;
  model: string;
  dimensions: number;
  version: string;
  metadata: Metadata;
  createdAt: Date;
  updatedAt: Date;
  /** Set in what was deleted: other processes hear of it by then. */
  expiresAt?: Date;
}

interface MetaDocument extends Omit<IndexMeta, "id" | "after"> {
  _id: string;
  after: string | null;
  createdAt: Date;
  updatedAt: Date;
}

const options = { strict: "throw", autoIndex: false, autoCreate: false, versionKey: false } as const;
const text = { type: String, required: true } as const;
const number = { type: Number, required: true } as const;
const date = { type: Date, required: true } as const;
const anything = { type: mongoose.Schema.Types.Mixed, required: true } as const;

// The seeds' fields; beside them namespace and meeting, by which they are found, and when they changed.
const embeddingSchema = new mongoose.Schema<EmbeddingDocument>(
  {
    _id: text,
    sourceType: text,
    sourceId: text,
    namespace: text,
    meetingId: text,
    vector: { type: mongoose.Schema.Types.Mixed, default: null },
    model: text,
    dimensions: number,
    version: text,
    metadata: anything,
    createdAt: date,
    updatedAt: date,
    expiresAt: { type: Date },
  },
  { ...options, collection: "embeddings", minimize: false },
)
  .index({ namespace: 1, updatedAt: 1 })
  .index({ meetingId: 1 })
  .index({ sourceType: 1, sourceId: 1 })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const metaSchema = new mongoose.Schema<MetaDocument>(
  {
    _id: text,
    provider: text,
    indexName: text,
    config: anything,
    status: text,
    after: { type: String, default: null },
    done: number,
    total: number,
    step: number,
    createdAt: date,
    updatedAt: date,
  },
  { ...options, collection: "vectorIndexMeta" },
)
  .index({ provider: 1 })
  .index({ status: 1 });

/** Writes of other processes may become visible in another order than their times. */
const overlapMs = 10_000;
const tombstonesKeptMs = 2 * 24 * 60 * 60 * 1_000;
const pageSize = 500;

export interface EmbeddingConfiguration {
  model: string;
  version: string;
}

export async function createPassagesRepository(
  connection: mongoose.Connection,
  { clock, configuration }: { clock: Clock; configuration: EmbeddingConfiguration },
): Promise<PassagesRepository & { search: MongoVectorSearch & { isThere(): Promise<boolean> } }> {
  const embeddings = connection.model<EmbeddingDocument>("Embedding", embeddingSchema);
  const metas = connection.model<MetaDocument>("VectorIndexMeta", metaSchema);
  await createIndexes(embeddings, metas);
  const database = connection.getClient().db(connection.name);
  const { model, version } = configuration;
  const suffix = `/${createHash("sha256").update(version).digest("hex").slice(0, 12)}`;
  const documentId = (id: string) => `${id}${suffix}`;
  const vectorId = (_id: string) => _id.slice(0, _id.lastIndexOf("/"));

  function toKept({ _id, vector, metadata, updatedAt }: EmbeddingDocument): KeptVector {
    return {
      id: vectorId(_id),
      vector: vector === null ? new Float32Array(0) : toFloats(vector),
      metadata,
      change: updatedAt.getTime(),
      deleted: vector === null,
    };
  }

  return {
    async *changedSince(namespace, change) {
      const from = new Date(Math.max(0, change - overlapMs));
      const cursor = embeddings
        .find({ namespace, updatedAt: { $gte: from }, version })
        .sort({ updatedAt: 1 })
        .lean<EmbeddingDocument[]>()
        .cursor({ batchSize: pageSize });
      let page: KeptVector[] = [];
      for await (const document of cursor) {
        page.push(toKept(document as EmbeddingDocument));
        if (page.length < pageSize) continue;
        yield page;
        page = [];
      }
      if (page.length > 0) yield page;
    },

    async put(namespace, vectors) {
      if (vectors.length === 0) return;
      const now = clock.now();
      await embeddings.bulkWrite(
        vectors.map(({ id, vector, metadata }) => ({
          updateOne: {
            filter: { _id: documentId(id) },
            update: {
              $set: {
                sourceType: String(metadata["sourceType"] ?? ""),
                sourceId: id,
                namespace,
                meetingId: String(metadata["meetingId"] ?? ""),
                vector: toBinary(vector),
                model,
                dimensions: vector.length,
                version,
                metadata,
                updatedAt: now,
              },
              $unset: { expiresAt: 1 },
              $setOnInsert: { createdAt: now },
            },
            upsert: true,
          },
        })),
      );
    },

    async remove(namespace, ids) {
      const now = clock.now();
      await embeddings.updateMany(
        { namespace, sourceId: { $in: [...ids] } },
        {
          $set: {
            sourceType: "deleted",
            vector: null,
            metadata: {},
            updatedAt: now,
            expiresAt: new Date(now.getTime() + tombstonesKeptMs),
          },
        },
      );
    },

    async count() {
      // What was deleted has lost what it is of.
      return await embeddings.countDocuments({ sourceType: "transcriptSegment" });
    },

    async known(meetingId) {
      const found = await embeddings
        .find({ meetingId, version, vector: { $ne: null } })
        .lean<EmbeddingDocument[]>();
      return new Map(
        found.map(({ _id, vector, metadata }) => [
          vectorId(_id),
          {
            textHash: String(metadata["textHash"] ?? ""),
            vector: vector === null ? new Float32Array(0) : toFloats(vector),
          },
        ]),
      );
    },

    async idsOf(meetingId) {
      const found = await embeddings
        .find({ meetingId }, { _id: 1, namespace: 1, expiresAt: 1 })
        .lean<EmbeddingDocument[]>();
      return found.map((each) => ({
        id: vectorId(each._id),
        namespace: each.namespace,
        gone: each.expiresAt !== undefined,
      }));
    },

    async nextMeeting(after) {
      const found = await embeddings
        .findOne({ meetingId: { $gt: after ?? "" } }, { meetingId: 1 })
        .sort({ meetingId: 1 })
        .lean();
      return found === null ? null : meetingIdSchema.parse(found.meetingId);
    },

    async countMeetings() {
      return (await embeddings.distinct("meetingId", { meetingId: { $gt: "" } })).length;
    },

    async metas() {
      return (
        await metas.find({ status: { $in: ["active", "inactive", "migrating"] } }).lean<MetaDocument[]>()
      ).map(toMeta);
    },

    async addMeta({ id, ...meta }, now) {
      await metas.updateOne(
        { _id: id },
        { $setOnInsert: { ...meta, createdAt: now, updatedAt: now } },
        { upsert: true },
      );
    },

    async moveMeta({ id, step }, { id: _id, ...change }, now) {
      const result = await metas.updateOne(
        { _id: id, step },
        { $set: { ...change, step: step + 1, updatedAt: now } },
      );
      return result.matchedCount === 1;
    },

    search: {
      async isThere() {
        try {
          await database.command({
            aggregate: "embeddings",
            pipeline: [{ $listSearchIndexes: {} }],
            cursor: {},
          });
          return true;
        } catch (error) {
          if (error instanceof mongoose.mongo.MongoServerError) return false;
          throw error;
        }
      },

      async prepare(dimensions) {
        const name = searchIndexOf(dimensions);
        const { cursor } = await database.command({
          aggregate: "embeddings",
          pipeline: [{ $listSearchIndexes: { name } }],
          cursor: {},
        });
        if ((cursor as { firstBatch: unknown[] }).firstBatch.length > 0) return;
        try {
          await database.command({
            createSearchIndexes: "embeddings",
            indexes: [
              {
                name,
                type: "vectorSearch",
                definition: {
                  fields: [
                    { type: "vector", path: "vector", numDimensions: dimensions, similarity: "cosine" },
                    ...filterPaths.map((path) => ({ type: "filter", path })),
                  ],
                },
              },
            ],
          });
        } catch (error) {
          // Another process was quicker.
          if (!(error instanceof mongoose.mongo.MongoServerError) || error.code !== indexAlreadyExists)
            throw error;
        }
      },

      async search({ namespace, vector, limit, filter }) {
        const { cursor } = await database.command({
          aggregate: "embeddings",
          cursor: { batchSize: limit },
          pipeline: [
            {
              $vectorSearch: {
                index: searchIndexOf(vector.length),
                path: "vector",
                queryVector: [...vector],
                numCandidates: Math.min(10_000, limit * 20),
                limit,
                filter: {
                  $and: [
                    { namespace: { $eq: namespace } },
                    { version: { $eq: version } },
                    ...(filter === undefined ? [] : [inMetadata(filter)]),
                  ],
                },
              },
            },
            { $project: { metadata: 1, score: { $meta: "vectorSearchScore" } } },
          ],
        });
        const found = (cursor as { firstBatch: (EmbeddingDocument & { score: number })[] }).firstBatch;
        // MongoDB tells (1 + cosine) / 2.
        return found.map(({ _id, metadata, score }) => ({
          id: vectorId(_id),
          metadata,
          score: score * 2 - 1,
        }));
      },

      async idsWhere(namespace, filter) {
        const found = await embeddings
          .find({ namespace, version, vector: { $ne: null }, ...inMetadata(filter) }, { _id: 1 })
          .lean<EmbeddingDocument[]>();
        return found.map(({ _id }) => vectorId(_id));
      },
    },
  };
}

const indexAlreadyExists = 68;
/** What searches choose by; the server takes no other field in a filter. */
const filterPaths = ["namespace", "version", "metadata.meetingId", "metadata.startMs"];

/** One for each length of vectors: an index takes one length, and two may be there while passages move. */
function searchIndexOf(dimensions: number): string {
  return `passages-${dimensions}`;
}

function inMetadata(filter: VectorFilter): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(filter).map(([key, value]) =>
      key === "$and" || key === "$or"
        ? [key, (value as readonly VectorFilter[]).map(inMetadata)]
        : [`metadata.${key}`, value],
    ),
  );
}

function toBinary(vector: Float32Array): Binary {
  return Binary.fromFloat32Array(vector);
}

function toFloats(vector: Binary): Float32Array {
  return vector.toFloat32Array();
}

function toMeta({ _id, after, createdAt: _c, updatedAt: _u, ...meta }: MetaDocument): IndexMeta {
  return { ...meta, id: _id, after: after === null ? null : meetingIdSchema.parse(after) };
}
