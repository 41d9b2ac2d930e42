// The collections of runs: a run, its rubric, its plans by edition, and what was tailored by model; words are encrypted.
import mongoose from "mongoose";
import { runStages, runStatusSchema } from "../../../../shared/schemas/career/enums.ts";
import type { Rubric } from "../../../../shared/schemas/career/rubric.ts";
import type { RunPage, RunTailored } from "../../../../shared/schemas/career/runs.ts";
import type { SelectionPlan } from "../../../../shared/schemas/career/selection.ts";
import { createIndexes } from "../../../platform/create-indexes.ts";
import type { StoredRun } from "./runs.repository.ts";

const { Mixed } = mongoose.Schema.Types;
const text = { type: String, required: true } as const;
const textOrNull = { type: String, default: null } as const;
const dateOrNull = { type: Date, default: null } as const;
const date = { type: Date, required: true } as const;
const count = { type: Number, required: true } as const;
const options = { strict: "throw", autoIndex: false, autoCreate: false, versionKey: false } as const;

/**
 * For what the stages of a run write: lost in a power cut, it is made again from the stage before. Not waiting for the
 * disk each time leaves it to live calls. The end of a run waits, and with it all that was written before.
 */
export const soonDurable = { writeConcern: { w: "majority", j: false } } as const;

export interface RunDocument extends Omit<StoredRun, "userId" | "orgId" | "variants" | "page"> {
  userId: string;
  orgId: string | null;
  /** None in runs of before there was a choice. */
  page?: RunPage;
  modelVariants: string[];
  /** The names of those keys, in the same order. */
  modelNames: string[];
  isDeleted: boolean;
}

const runSchema = new mongoose.Schema<RunDocument>(
  {
    runId: text,
    userId: text,
    orgId: textOrNull,
    masterResumeId: text,
    jobId: text,
    resumeName: text,
    jobTitle: text,
    company: textOrNull,
    status: { ...text, enum: runStatusSchema.options },
    stage: { ...text, enum: runStages },
    failedStage: { ...textOrNull, enum: [...runStages, null] },
    errorMessage: textOrNull,
    cancelledAt: dateOrNull,
    mockMode: { type: Boolean, required: true },
    modelVariants: { type: [String], required: true },
    modelNames: { type: [String], required: true },
    primaryModelKey: text,
    promptVersions: { type: Mixed, required: true },
    promptHashes: { type: Mixed, required: true },
    config: { type: Mixed, required: true },
    page: { type: Mixed },
    pins: { type: [String], required: true },
    bans: { type: [String], required: true },
    edition: count,
    fence: count,
    masterResumeHash: textOrNull,
    jobExtractedHash: textOrNull,
    rubricHash: textOrNull,
    timing: { type: Mixed, required: true },
    cacheHits: { type: Mixed, required: true },
    coverage: { type: Mixed, default: null },
    pageFit: { type: Mixed, default: null },
    startedAt: dateOrNull,
    completedAt: dateOrNull,
    isDeleted: { type: Boolean, required: true },
    deletedAt: dateOrNull,
    createdAt: date,
    updatedAt: date,
  },
  { collection: "runs", minimize: false, ...options },
);
runSchema.index({ runId: 1 }, { unique: true });
runSchema.index({ userId: 1 });
runSchema.index({ jobId: 1 });
runSchema.index({ masterResumeId: 1 });
// With the order in which they are listed.
runSchema.index({ userId: 1, status: 1, createdAt: -1, runId: -1 });
// By which what a crash left behind is found.
runSchema.index({ status: 1, updatedAt: 1 });
runSchema.index({ userId: 1, createdAt: -1, runId: -1 });
// By which what was deleted long ago is found.
runSchema.index({ deletedAt: 1 }, { partialFilterExpression: { isDeleted: true } });

/** What a stage has made, and by which claim. */
export interface MadeDocument {
  _id: string;
  runId: string;
  edition: number;
  /** The run's edition and its job's claim as one number that only rises. */
  writer: number;
  createdAt: Date;
}
const made = { _id: text, runId: text, edition: count, writer: count, createdAt: date };

export type RubricDocument = MadeDocument & Rubric & { rubricHash: string };
const rubricSchema = new mongoose.Schema<RubricDocument>(
  {
    ...made,
    version: text,
    jobMeta: { type: Mixed, required: true },
    requirements: { type: Mixed, required: true },
    keywords: { type: Mixed, required: true },
    constraints: { type: Mixed, required: true },
    notes: { type: Mixed, required: true },
    rubricHash: text,
  },
  { collection: "runRubrics", minimize: false, ...options },
);
rubricSchema.index({ runId: 1 });

export type PlanDocument = MadeDocument & SelectionPlan;
const planSchema = new mongoose.Schema<PlanDocument>(
  {
    ...made,
    version: text,
    masterResumeHash: text,
    jobExtractedHash: text,
    rubricHash: text,
    embeddingModel: text,
    config: { type: Mixed, required: true },
    coverage: { type: Mixed, required: true },
    selected: { type: Mixed, required: true },
    budgetsUsed: { type: Mixed, required: true },
    selectionNotes: { type: Mixed, required: true },
    solution: { type: Mixed, required: true },
  },
  { collection: "selectionPlans", minimize: false, ...options },
);
planSchema.index({ runId: 1 });

export type TailoredDocument = MadeDocument & RunTailored;
const tailoredSchema = new mongoose.Schema<TailoredDocument>(
  {
    ...made,
    modelKey: text,
    modelName: text,
    tailoredHash: text,
    summary: { type: String, default: "" },
    originalSummary: { type: String, default: null },
    workExperience: { type: Mixed, required: true },
    projects: { type: Mixed, required: true },
    education: { type: Mixed, required: true },
    skills: { type: Mixed, required: true },
    awards: { type: Mixed, default: undefined },
    selectionEnforcement: { type: Mixed, required: true },
    wordCountEstimate: count,
    generatedBy: text,
    planHash: { type: String, default: "" },
    notes: { type: [String], required: true },
    findings: { type: Mixed, required: true },
  },
  { collection: "tailoredResumes", minimize: false, ...options },
);
tailoredSchema.index({ runId: 1 });
tailoredSchema.index({ runId: 1, modelKey: 1 });

export async function createRunModels(connection: mongoose.Connection) {
  const runs = connection.model<RunDocument>("CareerRun", runSchema);
  const rubrics = connection.model<RubricDocument>("CareerRubric", rubricSchema);
  const plans = connection.model<PlanDocument>("SelectionPlan", planSchema);
  const tailored = connection.model<TailoredDocument>("TailoredResume", tailoredSchema);
  await createIndexes(runs, rubrics, plans, tailored);
  return { runs, rubrics, plans, tailored };
}
