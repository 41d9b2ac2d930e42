// Which bullets go on the page for a posting, and why: the configuration, and the plan.
import { z } from "zod";
import { evidenceTierSchema, parentTypeSchema, requirementTypeSchema, rewriteIntentSchema } from "./enums.ts";
import { careerBounds as bounds } from "./bounds.ts";

const count = z.number().int().min(0).max(100_000);
const share = z.number().min(0).max(1);
const weight = z.number().min(0).max(10);
const ids = z.array(z.string()).max(bounds.bulletsMaxItems);

export const selectionConfigSchema = z.object({
  configVersion: z.string().min(1).max(bounds.labelMaxChars),
  budgets: z
    .object({
      targetResumeWordsMin: count,
      targetResumeWordsMax: count,
      experienceBulletsMin: count,
      experienceBulletsMax: count,
      projectBulletsMin: count,
      projectBulletsMax: count,
      awardLinesMin: count,
      awardLinesMax: count,
      perRoleCaps: z.object({ mostRecent: count, next: count, older: count }),
      maxBulletsPerRequirement: z.number().int().min(1).max(20),
    })
    .refine(
      (budgets) =>
        budgets.targetResumeWordsMin <= budgets.targetResumeWordsMax &&
        budgets.experienceBulletsMin <= budgets.experienceBulletsMax &&
        budgets.projectBulletsMin <= budgets.projectBulletsMax &&
        budgets.awardLinesMin <= budgets.awardLinesMax,
      "a minimum must not lie above its maximum",
    ),
  thresholds: z.object({
    mustMinRel: share,
    niceMinRel: share,
    coverThreshold: share,
    redundancy: z
      .object({ hardBlock: share, penaltyStart: share })
      .refine(
        ({ hardBlock, penaltyStart }) => penaltyStart < hardBlock,
        "the penalty must start below the block",
      ),
    minEvidenceTierNice: evidenceTierSchema,
  }),
  weights: z.object({
    edge: z.object({ wRel: weight, wEvd: weight, wRed: weight, wRisk: weight }),
    fill: z.object({ alpha: weight, beta: weight, gamma: weight }),
  }),
});
export type SelectionConfig = z.infer<typeof selectionConfigSchema>;

/** One page of an experienced person. */
export const defaultSelectionConfig: SelectionConfig = {
  configVersion: "v1",
  budgets: {
    targetResumeWordsMin: 350,
    targetResumeWordsMax: 600,
    experienceBulletsMin: 6,
    experienceBulletsMax: 14,
    projectBulletsMin: 0,
    projectBulletsMax: 6,
    awardLinesMin: 0,
    awardLinesMax: 3,
    perRoleCaps: { mostRecent: 6, next: 4, older: 3 },
    maxBulletsPerRequirement: 3,
  },
  thresholds: {
    mustMinRel: 0.35,
    niceMinRel: 0.3,
    coverThreshold: 0.45,
    redundancy: { hardBlock: 0.92, penaltyStart: 0.85 },
    minEvidenceTierNice: "weak",
  },
  weights: {
    edge: { wRel: 0.6, wEvd: 0.35, wRed: 0.2, wRisk: 0.15 },
    fill: { alpha: 0.5, beta: 0.3, gamma: 0.2 },
  },
};

export const selectedBulletSchema = z.object({
  bulletId: z.string(),
  parentType: parentTypeSchema,
  parentId: z.string(),
  originalText: z.string(),
  company: z.string().optional(),
  role: z.string().optional(),
  dateRange: z.string().optional(),
  evidence: z.object({ score: share, tier: evidenceTierSchema }),
  matches: z.array(z.object({ reqId: z.string(), rel: share, edgeScore: z.number() })),
  redundancy: z.object({
    /** To any other bullet of the plan. */
    maxSim: share,
    /** True only for a pinned bullet that repeats another pinned one. */
    blocked: z.boolean(),
    penalty: z.number().min(0),
  }),
  rewriteIntent: rewriteIntentSchema,
  /** Sentences for a person. */
  reasons: z.array(z.string()),
});
export type SelectedBullet = z.infer<typeof selectedBulletSchema>;

export const selectionPlanSchema = z.object({
  version: z.string(),
  masterResumeHash: z.string(),
  jobExtractedHash: z.string(),
  rubricHash: z.string(),
  embeddingModel: z.string(),
  config: selectionConfigSchema,
  coverage: z.object({
    mustTotal: count,
    niceTotal: count,
    mustCovered: count,
    niceCovered: count,
    uncoveredRequirements: z.array(
      z.object({ reqId: z.string(), type: requirementTypeSchema, weight: z.number(), reason: z.string() }),
    ),
  }),
  selected: z.object({
    workExperience: z.array(selectedBulletSchema),
    projects: z.array(selectedBulletSchema),
    awards: z.array(selectedBulletSchema),
  }),
  budgetsUsed: z.object({
    experienceBullets: count,
    projectBullets: count,
    awardLines: count,
    perRole: z.record(z.string(), count),
    /** Bullets, headers of their roles and what is on the page anyway. */
    words: count,
  }),
  selectionNotes: z.object({
    droppedDueToRedundancy: ids,
    droppedDueToBudget: ids,
    /** Not relevant enough to any requirement. */
    droppedAsIrrelevant: ids,
    pinned: ids,
    banned: ids,
    /** Minimums that the résumé cannot meet, in words. */
    shortfalls: z.array(z.string()),
  }),
  solution: z.object({
    method: z.enum(["exact", "greedy-and-swap"]),
    /** Proven: no plan under these budgets is worth more. */
    optimal: z.boolean(),
    value: z.number(),
    /** No plan is worth more than this. */
    bound: z.number(),
  }),
});
export type SelectionPlan = z.infer<typeof selectionPlanSchema>;
