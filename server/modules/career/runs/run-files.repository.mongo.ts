// The files of runs in the document store: one row a run, model and type; the bytes are in the file store.
import mongoose from "mongoose";
import type { FileId } from "../../../../shared/ids.ts";
import { artifactTypeSchema, type ArtifactType } from "../../../../shared/schemas/career/enums.ts";
import { createIndexes } from "../../../platform/create-indexes.ts";
import type { FieldCipher } from "../../../platform/privacy/field-cipher.ts";
import type { RunFilesRepository, StoredRunFile } from "./run-files.ts";
import { soonDurable } from "./runs.models.mongo.ts";
import { writerOf } from "./runs.repository.ts";

interface ArtefactDocument {
  /** From run, model and type. */
  _id: string;
  runId: string;
  modelKey: string | null;
  artifactType: string;
  edition: number;
  writer: number;
  /** Encrypted. */
  fileName: string;
  storageId: string;
  mimeType: string;
  sizeBytes: number;
  isDeleted: boolean;
  deletedAt: Date | null;
  createdAt: Date;
}

const text = { type: String, required: true } as const;
const artefactSchema = new mongoose.Schema<ArtefactDocument>(
  {
    _id: text,
    runId: text,
    modelKey: { type: String, default: null },
    artifactType: { ...text, enum: artifactTypeSchema.options },
    edition: { type: Number, required: true },
    writer: { type: Number, required: true },
    fileName: text,
    storageId: text,
    mimeType: text,
    sizeBytes: { type: Number, required: true },
    isDeleted: { type: Boolean, required: true },
    deletedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  {
    collection: "generatedArtifacts",
    strict: "throw",
    autoIndex: false,
    autoCreate: false,
    versionKey: false,
  },
);
artefactSchema.index({ runId: 1 });
artefactSchema.index({ runId: 1, artifactType: 1 });
artefactSchema.index({ runId: 1, modelKey: 1 });
artefactSchema.index({ storageId: 1 });

/** Which bytes the files of runs name; for a start at which nothing else of runs is there yet. */
export function namesOfRunFiles(connection: mongoose.Connection) {
  const artefacts = connection
    .getClient()
    .db(connection.name)
    .collection<ArtefactDocument>("generatedArtifacts");
  return {
    /** Those of these that are named. */
    async among(ids: readonly FileId[]): Promise<ReadonlySet<string>> {
      const found = artefacts.find({ storageId: { $in: [...ids] } }, { projection: { storageId: 1 } });
      return new Set((await found.toArray()).map(({ storageId }) => storageId));
    },
    /** The next of all, in an order that stays; also of those that were deleted and can be restored. */
    async page(after: string | null, limit: number) {
      const found = artefacts
        .find({ _id: { $gt: after ?? "" } }, { projection: { storageId: 1, createdAt: 1 } })
        .sort({ _id: 1 })
        .limit(limit);
      return (await found.toArray()).map(({ _id, storageId, createdAt }) => ({
        ...{ key: _id, id: storageId as FileId, createdAt, isWritten: true },
      }));
    },
  };
}

export async function createRunFilesRepository(
  connection: mongoose.Connection,
  cipher: FieldCipher,
): Promise<RunFilesRepository> {
  const own = cipher.of("generatedArtifacts");
  const toStored = (document: ArtefactDocument) => ({
    ...storedOf(document),
    fileName: own.open(document._id, "fileName", document.fileName),
  });
  const artefacts = connection.model<ArtefactDocument>("GeneratedArtefact", artefactSchema);
  await createIndexes(artefacts);
  return {
    async put(lease, { artifactId, ...file }, now) {
      const writer = writerOf(lease);
      const fileName = own.seal(artifactId, "fileName", file.fileName);
      try {
        const before = await artefacts
          .findOneAndUpdate(
            { _id: artifactId, writer: { $lte: writer } },
            { $set: { ...file, fileName, writer, isDeleted: false, deletedAt: null, createdAt: now } },
            { upsert: true, returnDocument: "before", ...soonDurable },
          )
          .lean();
        return before === null ? null : (before.storageId as FileId);
      } catch (error) {
        // A later claim has written here.
        if (error instanceof mongoose.mongo.MongoServerError && error.code === 11_000) return undefined;
        throw error;
      }
    },

    async of(runId, edition) {
      const found = await artefacts.find({ runId, edition, isDeleted: false }).lean<ArtefactDocument[]>();
      return found
        .map(toStored)
        .sort((a, b) => (a.fileName + (a.modelKey ?? "") < b.fileName + (b.modelKey ?? "") ? -1 : 1));
    },

    async find(runId, artifactId) {
      const found = await artefacts
        .findOne({ _id: artifactId, runId, isDeleted: false })
        .lean<ArtefactDocument>();
      return found === null ? null : toStored(found);
    },

    async allOf(runIds) {
      const found = await artefacts.find({ runId: { $in: [...runIds] } }).lean<ArtefactDocument[]>();
      return found.map(toStored);
    },

    async removeAll(runIds) {
      await artefacts.deleteMany({ runId: { $in: [...runIds] } });
    },
  };
}

function storedOf(document: ArtefactDocument): StoredRunFile {
  const { _id, runId, edition, modelKey, artifactType, fileName, mimeType, sizeBytes, storageId } = document;
  return {
    artifactId: _id,
    runId,
    edition,
    modelKey,
    artifactType: artifactType as ArtifactType,
    fileName,
    mimeType,
    sizeBytes,
    storageId: storageId as FileId,
  };
}
