// Counts of objectives in the store: one document an objective and five minutes, which every process adds to.
import mongoose from "mongoose";
import type { ObjectiveName } from "../../../shared/schemas/objectives.ts";
import { createIndexes } from "../../platform/create-indexes.ts";

export interface ObjectiveStep {
  name: ObjectiveName;
  at: Date;
  good: number;
  total: number;
}

export interface ObjectivesRepository {
  add(step: ObjectiveStep): Promise<void>;
  /** From `from` on, oldest first, at most a month of all objectives. */
  since(from: Date): Promise<ObjectiveStep[]>;
}

interface StepDocument {
  _id: string;
  name: ObjectiveName;
  at: Date;
  good: number;
  total: number;
}

const keptSeconds = 31 * 24 * 60 * 60;
const stepsMost = 50_000;

const stepSchema = new mongoose.Schema<StepDocument>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    at: { type: Date, required: true },
    good: { type: Number, required: true },
    total: { type: Number, required: true },
  },
  { collection: "objectiveSteps", strict: "throw", autoIndex: false, autoCreate: false, versionKey: false },
).index({ at: 1 }, { expireAfterSeconds: keptSeconds });

export async function createObjectivesRepository(
  connection: mongoose.Connection,
): Promise<ObjectivesRepository> {
  const steps = connection.model<StepDocument>("ObjectiveStep", stepSchema);
  await createIndexes(steps);
  return {
    async add({ name, at, good, total }) {
      await steps.updateOne(
        { _id: `${name}/${at.toISOString()}` },
        { $inc: { good, total }, $setOnInsert: { name, at } },
        { upsert: true },
      );
    },
    async since(from) {
      const found = await steps
        .find({ at: { $gte: from } })
        .sort({ at: 1 })
        .limit(stepsMost)
        .lean();
      return found.map(({ name, at, good, total }) => ({ name, at, good, total }));
    },
  };
}
