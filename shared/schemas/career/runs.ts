// A run: one résumé tailored to one posting, stage by stage, with what came of each; and two runs beside each other.
import { z } from "zod";
import { pageQuerySchema, timestampSchema } from "../common.ts";
import { careerBounds as bounds } from "./bounds.ts";
import {
  artifactTypeSchema,
  evidenceTierSchema,
  modelKeySchema,
  parentTypeSchema,
  runStageSchema,
  runStatusSchema,
  runTemplateSchema,
} from "./enums.ts";
import { bulletIdSchema } from "./resume.ts";
import { rubricSchema } from "./rubric.ts";
import { selectionConfigSchema, selectionPlanSchema } from "./selection.ts";
import { tailoredResumeSchema } from "./tailored.ts";

export const runIdSchema = z.uuid();
const documentIdSchema = z.string().regex(/^[0-9a-f]{24}$/, "must be an id of 24 hexadecimal digits");
const ms = z.number().min(0);

/** What stands for rewriting by rules on this server, in the place of a model's key. */
export const rulesModelKey = "rules";
export const modelVariantsMost = 4;

const chosenBulletsSchema = z.object({
  /** On the page whatever else is. */
  pins: z.array(bulletIdSchema).max(bounds.bulletsMaxItems),
  /** Never on the page. */
  bans: z.array(bulletIdSchema).max(bounds.bulletsMaxItems),
});
type ChosenBullets = z.infer<typeof chosenBulletsSchema>;
const notBoth = ({ pins, bans }: ChosenBullets) => !pins.some((id) => bans.includes(id));
const notBothSentence = "a bullet cannot be both pinned and banned";

export const changeSelectionSchema = chosenBulletsSchema.refine(notBoth, notBothSentence);
export type ChangeSelection = z.infer<typeof changeSelectionSchema>;

export const runPageSchema = z.object({
  template: runTemplateSchema,
  /** No page has more: where it would, fewer bullets are chosen. */
  pageLimit: z.number().int().min(1).max(bounds.pagesMost),
});
export type RunPage = z.infer<typeof runPageSchema>;
/** Also of runs that began before there was a choice. */
export const defaultRunPage: RunPage = { template: "classic", pageLimit: 1 };

export const startRunSchema = z
  .object({
    masterResumeId: documentIdSchema,
    jobId: documentIdSchema,
    /** Keys of what is offered by the run's options; without any, what is offered first. */
    modelVariants: z.array(modelKeySchema).min(1).max(modelVariantsMost).optional(),
    /** No model is asked, whatever is configured. */
    mockMode: z.boolean().default(false),
    config: selectionConfigSchema.optional(),
    template: runPageSchema.shape.template.default(defaultRunPage.template),
    pageLimit: runPageSchema.shape.pageLimit.default(defaultRunPage.pageLimit),
    pins: chosenBulletsSchema.shape.pins.default([]),
    bans: chosenBulletsSchema.shape.bans.default([]),
  })
  .refine(notBoth, notBothSentence);
export type StartRun = z.infer<typeof startRunSchema>;

export const runOptionsSchema = z.object({
  /** Who may rewrite; the first is what a run takes where none is named. */
  variants: z.array(z.object({ modelKey: modelKeySchema, modelName: z.string() })),
  config: selectionConfigSchema,
  /** Looks of the page. `custom` takes a résumé that has LaTeX of its own. */
  templates: z.array(runTemplateSchema),
  pagesMost: z.number().int(),
  /** In words, where no model may be asked. */
  note: z.string().nullable(),
});
export type RunOptions = z.infer<typeof runOptionsSchema>;

export const runTimingSchema = z.object({
  rubricMs: ms.optional(),
  embeddingMs: ms.optional(),
  selectionMs: ms.optional(),
  tailorMs: ms.optional(),
  latexMs: ms.optional(),
  pdfMs: ms.optional(),
  totalMs: ms.optional(),
});
export type RunTiming = z.infer<typeof runTimingSchema>;

const prompts = z.object({
  tailor: z.string().optional(),
  latex: z.string().optional(),
  rubric: z.string().optional(),
});
export type RunPrompts = z.infer<typeof prompts>;

export const runCacheHitsSchema = z.object({
  embeddings: z.boolean().optional(),
  evidenceScores: z.boolean().optional(),
});
export type RunCacheHits = z.infer<typeof runCacheHitsSchema>;

export const coverageCountsSchema = selectionPlanSchema.shape.coverage.omit({ uncoveredRequirements: true });
export type CoverageCounts = z.infer<typeof coverageCountsSchema>;

export const runSummarySchema = z.object({
  runId: runIdSchema,
  masterResumeId: documentIdSchema,
  jobId: documentIdSchema,
  /** As they were called when the run began. */
  resumeName: z.string(),
  jobTitle: z.string(),
  company: z.string().nullable(),
  status: runStatusSchema,
  stage: runStageSchema,
  /** Where it stopped; null unless it has. */
  failedStage: runStageSchema.nullable(),
  errorMessage: z.string().nullable(),
  /** It stopped because its owner said so. */
  cancelled: z.boolean(),
  mockMode: z.boolean(),
  modelVariants: z.array(modelKeySchema),
  primaryModelKey: modelKeySchema,
  /** Rises when it is run again, from wherever. */
  edition: z.number().int().min(1),
  promptVersions: prompts,
  promptHashes: prompts,
  timing: runTimingSchema,
  cacheHits: runCacheHitsSchema,
  coverage: coverageCountsSchema.nullable(),
  startedAt: timestampSchema.nullable(),
  completedAt: timestampSchema.nullable(),
  deletedAt: timestampSchema.nullable(),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
});
export type RunSummary = z.infer<typeof runSummarySchema>;

/** A tailored résumé with who made it, which may be rules in the place of a model. */
export const runTailoredSchema = tailoredResumeSchema.extend({
  generatedBy: z.string(),
  /** As its owner wrote it; null where the page was made before that was kept. */
  originalSummary: z.string().nullable().default(null),
  /** Of the plan that it was made for; empty where it was made before such were kept. */
  planHash: z.string().default(""),
  /** In words: what a reader must know of how it was made. */
  notes: z.array(z.string()),
  /** What enforcement found in what a model wrote, by bullet; without the words. */
  findings: z.array(
    z.object({
      bulletId: z.string(),
      kinds: z.array(z.string()),
      outcome: z.enum(["repaired", "kept-original"]),
    }),
  ),
});
export type RunTailored = z.infer<typeof runTailoredSchema>;

export const runFileSchema = z.object({
  artifactId: z.string(),
  artifactType: artifactTypeSchema,
  modelKey: modelKeySchema.nullable(),
  fileName: z.string(),
  mimeType: z.string(),
  sizeBytes: z.number().int().min(0),
});
export type RunFile = z.infer<typeof runFileSchema>;

export const runBulletSchema = z.object({
  bulletId: z.string(),
  parentType: parentTypeSchema,
  /** Employer and role, or the project. */
  parent: z.string(),
  text: z.string(),
  tier: evidenceTierSchema,
});
export type RunBullet = z.infer<typeof runBulletSchema>;

export const planDifferenceSchema = z.object({
  added: z.array(z.string()),
  dropped: z.array(z.string()),
  newlyCovered: z.array(z.string()),
  noLongerCovered: z.array(z.string()),
});
export type PlanDifference = z.infer<typeof planDifferenceSchema>;

export const runViewSchema = runSummarySchema.extend({
  config: selectionConfigSchema,
  template: runTemplateSchema,
  pageLimit: z.number().int(),
  pins: z.array(z.string()),
  bans: z.array(z.string()),
  rubric: rubricSchema.nullable(),
  plan: selectionPlanSchema.nullable(),
  /** Against the plan before the run was changed; null for the first. */
  planChange: planDifferenceSchema.nullable(),
  tailored: z.array(runTailoredSchema),
  /** Of the résumé as it is now; empty where it is gone. */
  bullets: z.array(runBulletSchema),
  files: z.array(runFileSchema),
});
export type RunView = z.infer<typeof runViewSchema>;

export const listRunsQuerySchema = pageQuerySchema.extend({
  masterResumeId: documentIdSchema.optional(),
  jobId: documentIdSchema.optional(),
  status: runStatusSchema.optional(),
  /** Those that were deleted, instead of the others. */
  deleted: z.stringbool().optional(),
});
export type ListRunsQuery = z.infer<typeof listRunsQuerySchema>;

/** The newest runs, live. */
export const runsSnapshotSchema = z.object({ items: z.array(runSummarySchema), more: z.boolean() });

export const compareRunsQuerySchema = z.object({ with: runIdSchema });

const comparedBulletSchema = z.object({
  bulletId: z.string(),
  text: z.string(),
  inFirst: z.boolean(),
  inSecond: z.boolean(),
});
const comparedRequirementSchema = z.object({
  requirement: z.string(),
  type: z.enum(["must", "nice"]),
  /** Null where the run's posting does not ask for it. */
  first: z.boolean().nullable(),
  second: z.boolean().nullable(),
});
export const runComparisonSchema = z.object({
  first: runSummarySchema,
  second: runSummarySchema,
  bullets: z.array(comparedBulletSchema),
  requirements: z.array(comparedRequirementSchema),
  words: z.object({ first: z.number(), second: z.number() }),
  /** What was configured otherwise, by its path. */
  config: z.array(z.object({ path: z.string(), first: z.string(), second: z.string() })),
});
export type RunComparison = z.infer<typeof runComparisonSchema>;
