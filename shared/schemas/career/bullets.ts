// Bullets of a résumé as the pipeline works on them, and what each is worth as evidence.
import { z } from "zod";
import { plainText, requiredText } from "../common.ts";
import { careerBounds as bounds } from "./bounds.ts";
import { evidenceTierSchema, parentTypeSchema } from "./enums.ts";
import { bulletIdSchema } from "./resume.ts";

const shortText = plainText(bounds.shortTextMaxChars);
const share = z.number().min(0).max(1);

export const resumeBulletSchema = z.object({
  bulletId: bulletIdSchema,
  parentType: parentTypeSchema,
  parentId: bulletIdSchema,
  company: shortText.optional(),
  role: shortText.optional(),
  projectName: shortText.optional(),
  dates: shortText.optional(),
  location: shortText.optional(),
  text: requiredText(bounds.bulletMaxChars),
  tags: z.array(shortText).max(bounds.tagsMaxItems).optional(),
  /** Among the bullets of its parent, from 0. */
  order: z.number().int().min(0),
});
export type ResumeBullet = z.infer<typeof resumeBulletSchema>;

export const evidenceScoreSchema = z.object({
  bulletId: bulletIdSchema,
  score: share,
  tier: evidenceTierSchema,
  breakdown: z.object({ action: share, tools: share, outcome: share, metric: share, scope: share }),
  /** Is subtracted. */
  fluffPenalty: share,
  matchedTools: z.array(z.string()),
  matchedVerbs: z.array(z.string()),
});
export type EvidenceScore = z.infer<typeof evidenceScoreSchema>;

export const evidenceScoresSchema = z.object({
  masterResumeHash: z.string(),
  rulesHash: z.string(),
  rulesVersion: z.string(),
  scores: z.array(evidenceScoreSchema).max(bounds.bulletsMaxItems),
});
export type EvidenceScores = z.infer<typeof evidenceScoresSchema>;
