// Bullets, their evidence and their embeddings in the store: made of a résumé, and made anew where they are missing.
import mongoose from "mongoose";
import type { MasterResumeId } from "../../../../shared/ids.ts";
import type { EvidenceScore, ResumeBullet } from "../../../../shared/schemas/career/bullets.ts";
import { parentTypeSchema } from "../../../../shared/schemas/career/enums.ts";
import { createIndexes } from "../../../platform/create-indexes.ts";
import type { FieldCipher } from "../../../platform/privacy/field-cipher.ts";
import type { ResumesRepository } from "./resumes.repository.ts";

interface BulletDocument {
  _id: string;
  masterResumeId: string;
  bulletId: string;
  parentType: string;
  parentId: string;
  /** Encrypted, as every text from here on; tags as JSON. */
  company: string | null;
  role: string | null;
  projectName: string | null;
  dates: string | null;
  location: string | null;
  text: string;
  tags: string | null;
  order: number;
  createdAt: Date;
}

interface EmbeddingDocument {
  _id: string;
  userId: string;
  masterResumeId: string;
  masterResumeHash: string;
  bulletId: string;
  textHash: string;
  embedKeyHash: string;
  embeddingModel: string;
  dims: number;
  embedding: number[];
  createdAt: Date;
}

interface EvidenceDocument {
  _id: string;
  masterResumeId: string;
  masterResumeHash: string;
  rulesHash: string;
  rulesVersion: string;
  /** A list as JSON, encrypted: it quotes tools and verbs. */
  scores: string;
  cachedAt: Date;
}

const text = { type: String, required: true } as const;
const optional = { type: String, default: null } as const;
const plainly = { strict: "throw", autoIndex: false, autoCreate: false, versionKey: false } as const;

const bulletSchema = new mongoose.Schema<BulletDocument>(
  {
    _id: text,
    masterResumeId: text,
    bulletId: text,
    parentType: { ...text, enum: parentTypeSchema.options },
    parentId: text,
    company: optional,
    role: optional,
    projectName: optional,
    dates: optional,
    location: optional,
    text,
    tags: optional,
    order: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: "resumeBullets", ...plainly },
)
  .index({ masterResumeId: 1 })
  .index({ masterResumeId: 1, parentType: 1, parentId: 1 });

const embeddingSchema = new mongoose.Schema<EmbeddingDocument>(
  {
    _id: text,
    userId: text,
    masterResumeId: text,
    masterResumeHash: text,
    bulletId: text,
    textHash: text,
    embedKeyHash: text,
    embeddingModel: text,
    dims: { type: Number, required: true },
    embedding: { type: [Number], required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: "resumeBulletEmbeddings", ...plainly },
)
  .index({ masterResumeId: 1 })
  .index({ masterResumeHash: 1, embedKeyHash: 1 })
  .index({ masterResumeId: 1, bulletId: 1, embedKeyHash: 1 }, { unique: true });

const evidenceSchema = new mongoose.Schema<EvidenceDocument>(
  {
    _id: text,
    masterResumeId: text,
    masterResumeHash: text,
    rulesHash: text,
    rulesVersion: text,
    scores: text,
    cachedAt: { type: Date, required: true },
  },
  { collection: "evidenceScores", ...plainly },
)
  .index({ masterResumeId: 1 })
  .index({ masterResumeHash: 1, rulesHash: 1 });

const texts = ["company", "role", "projectName", "dates", "location", "text"] as const;

type Computed = Pick<
  ResumesRepository,
  "putBullets" | "evidence" | "putEvidence" | "embeddings" | "putEmbeddings" | "keepEmbeddings"
> & { removeComputed(id: MasterResumeId): Promise<void> };

export async function createComputedRepository(
  connection: mongoose.Connection,
  cipher: FieldCipher,
): Promise<Computed> {
  const bullets = connection.model<BulletDocument>("ResumeBullet", bulletSchema);
  const embeddings = connection.model<EmbeddingDocument>("ResumeBulletEmbedding", embeddingSchema);
  const evidence = connection.model<EvidenceDocument>("EvidenceScores", evidenceSchema);
  await createIndexes(bullets, embeddings, evidence);
  const sealedBullets = cipher.of("resumeBullets");
  const sealedEvidence = cipher.of("evidenceScores");

  function documentOf(id: MasterResumeId, bullet: ResumeBullet) {
    const key = `${id}/${bullet.bulletId}`;
    const { bulletId, parentType, parentId, order, tags } = bullet;
    return {
      masterResumeId: id,
      bulletId,
      parentType,
      parentId,
      order,
      ...(Object.fromEntries(
        texts.map((field) => [field, sealedBullets.seal(key, field, bullet[field] ?? null)]),
      ) as Pick<BulletDocument, (typeof texts)[number]>),
      tags: sealedBullets.seal(key, "tags", tags === undefined ? null : JSON.stringify(tags)),
    };
  }

  return {
    async putBullets(id, current, createdAt) {
      const known = current.map(({ bulletId }) => `${id}/${bulletId}`);
      await bullets.deleteMany({ masterResumeId: id, _id: { $nin: known } });
      if (current.length === 0) return;
      await bullets.bulkWrite(
        current.map((bullet) => ({
          updateOne: {
            filter: { _id: `${id}/${bullet.bulletId}` },
            update: { $set: documentOf(id, bullet), $setOnInsert: { createdAt } },
            upsert: true,
          },
        })),
      );
    },

    async evidence(id, { masterResumeHash, rulesHash }) {
      const found = await evidence.findOne({ masterResumeHash, rulesHash, masterResumeId: id }).lean();
      if (found === null) return null;
      return {
        masterResumeHash,
        rulesHash,
        rulesVersion: found.rulesVersion,
        scores: JSON.parse(sealedEvidence.open(found._id, "scores", found.scores)) as EvidenceScore[],
      };
    },

    async putEvidence(id, { scores, ...hashes }, cachedAt) {
      const key = `${id}/${hashes.rulesHash}`;
      await evidence.updateOne(
        { _id: key },
        {
          $set: {
            masterResumeId: id,
            ...hashes,
            scores: sealedEvidence.seal(key, "scores", JSON.stringify(scores)),
            cachedAt,
          },
        },
        { upsert: true },
      );
      // Rules of before.
      await evidence.deleteMany({ masterResumeId: id, _id: { $ne: key } });
    },

    async embeddings(id, embedKeyHash) {
      const found = await embeddings.find({ masterResumeId: id }).lean();
      return found
        .filter((each) => each.embedKeyHash === embedKeyHash)
        .map(({ bulletId, textHash, embedding }) => ({ bulletId, textHash, embedding }));
    },

    async putEmbeddings({ id, userId, contentHash }, configuration, made, createdAt) {
      if (made.length === 0) return;
      await embeddings.bulkWrite(
        made.map(({ bulletId, textHash, embedding }) => ({
          updateOne: {
            filter: { _id: `${id}/${configuration.embedKeyHash}/${bulletId}` },
            update: {
              $set: {
                userId,
                masterResumeId: id,
                masterResumeHash: contentHash,
                bulletId,
                textHash,
                ...configuration,
                dims: embedding.length,
                embedding,
                createdAt,
              },
            },
            upsert: true,
          },
        })),
      );
    },

    async keepEmbeddings({ id, contentHash }, embedKeyHash, bulletIds) {
      await embeddings.deleteMany({
        masterResumeId: id,
        $or: [{ embedKeyHash: { $ne: embedKeyHash } }, { bulletId: { $nin: [...bulletIds] } }],
      });
      await embeddings.updateMany(
        { masterResumeId: id, masterResumeHash: { $ne: contentHash } },
        { $set: { masterResumeHash: contentHash } },
      );
    },

    async removeComputed(id) {
      await bullets.deleteMany({ masterResumeId: id });
      await embeddings.deleteMany({ masterResumeId: id });
      await evidence.deleteMany({ masterResumeId: id });
    },
  };
}
