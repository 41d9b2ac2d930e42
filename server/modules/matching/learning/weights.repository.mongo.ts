// Weights of organisations in the store: one document a version, one a try at learning.
import mongoose from "mongoose";
import type { OrgId, UserId } from "../../../../shared/ids.ts";
import { createIndexes } from "../../../platform/create-indexes.ts";
import type { StoredLearning, StoredWeights, WeightsRepository } from "./weights.repository.ts";

interface WeightsDocument extends Omit<StoredWeights, "orgId" | "appliedBy"> {
  /** Organisation and version: no two are applied at once. */
  _id: string;
  orgId: string;
  version: number;
  appliedBy: string | null;
}
/** `_id`: the organisation. */
type LearningDocument = Omit<StoredLearning, "id" | "orgId"> & { _id: string; learning: string };

const options = { autoIndex: false, autoCreate: false, versionKey: false, minimize: false } as const;
const text = { type: String, required: true } as const;
const count = { type: Number, required: true } as const;
const time = { type: Date, required: true } as const;
const anything = { type: mongoose.Schema.Types.Mixed, default: null } as const;

const weightsSchema = new mongoose.Schema<WeightsDocument>(
  {
    _id: text,
    orgId: text,
    version: count,
    weights: { type: mongoose.Schema.Types.Mixed, required: true },
    source: text,
    revertedTo: { type: Number, default: null },
    appliedBy: { type: String, default: null },
    appliedAt: time,
    report: anything,
  },
  { ...options, collection: "matchingWeights", strict: "throw" },
);
weightsSchema.index({ orgId: 1, version: -1 });
weightsSchema.index({ appliedBy: 1 });

const learningSchema = new mongoose.Schema<LearningDocument>(
  { _id: text, learning: text, state: text, at: time, against: count, weights: anything, report: anything },
  { ...options, collection: "matchingLearning", strict: "throw" },
);

export async function createWeightsRepository(connection: mongoose.Connection): Promise<WeightsRepository> {
  const versions = connection.model<WeightsDocument>("MatchingWeights", weightsSchema);
  const learnings = connection.model<LearningDocument>("MatchingLearning", learningSchema);
  await createIndexes(versions);

  return {
    async versions(orgId, limit) {
      const found = await versions
        .find({ orgId })
        .sort({ version: -1 })
        .limit(limit)
        .lean<WeightsDocument[]>();
      return found.map(toWeights);
    },
    async version(orgId, version) {
      const found = await versions.findById(`${orgId}/${version}`).lean<WeightsDocument>();
      return found === null ? null : toWeights(found);
    },
    async add(stored) {
      const { version } = stored.weights;
      try {
        await versions.create({ ...stored, _id: `${stored.orgId}/${version}`, version });
        return true;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === 11_000) return false;
        throw error;
      }
    },
    async learning(orgId) {
      const found = await learnings.findById(orgId).lean<LearningDocument>();
      if (found === null) return null;
      const { _id, learning, ...rest } = found;
      return { ...rest, id: learning, orgId: _id as OrgId };
    },
    async startLearning({ id, orgId, ...learning }) {
      await learnings.updateOne({ _id: orgId }, { $set: { ...learning, learning: id } }, { upsert: true });
    },
    async endLearning(orgId, id, result) {
      await learnings.updateOne({ _id: orgId, learning: id }, { $set: result });
    },
  };
}

function toWeights({
  _id: _key,
  version: _version,
  orgId,
  appliedBy,
  ...rest
}: WeightsDocument): StoredWeights {
  return { ...rest, orgId: orgId as OrgId, appliedBy: appliedBy as UserId | null };
}
