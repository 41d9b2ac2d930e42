// A tailored résumé: each bullet beside its original, and the record of what was checked.
import { z } from "zod";
import { careerBounds as bounds } from "./bounds.ts";
import { modelKeySchema } from "./enums.ts";
import { awardEntrySchema, educationEntrySchema, skillsSchema } from "./resume.ts";

const text = z.string().max(bounds.bulletMaxChars);
const count = z.number().int().min(0);

export const tailoredBulletSchema = z.object({
  bulletId: z.string(),
  originalText: text,
  tailoredText: text,
  wasRewritten: z.boolean(),
});
export type TailoredBullet = z.infer<typeof tailoredBulletSchema>;

const tailoredBullets = z.array(tailoredBulletSchema).max(bounds.bulletsPerParentMaxItems);

export const selectionEnforcementSchema = z.object({
  strippedUnselected: count,
  truncatedBullets: count,
  repairApplied: z.boolean(),
  /** What is on the page keeps to its sources; true unless there is a fault of ours. */
  compliant: z.boolean(),
  proxyWordCountExceeded: z.boolean(),
});
export type SelectionEnforcement = z.infer<typeof selectionEnforcementSchema>;

export const tailoredResumeSchema = z.object({
  modelKey: modelKeySchema,
  modelName: z.string(),
  tailoredHash: z.string(),
  summary: z.string().max(bounds.summaryMaxChars),
  workExperience: z.array(
    z.object({
      roleId: z.string(),
      company: z.string(),
      title: z.string(),
      dateRange: z.string(),
      location: z.string().optional(),
      bullets: tailoredBullets,
    }),
  ),
  projects: z.array(
    z.object({
      projectId: z.string(),
      name: z.string(),
      date: z.string().optional(),
      bullets: tailoredBullets,
    }),
  ),
  education: z.array(educationEntrySchema),
  skills: skillsSchema,
  awards: z.array(awardEntrySchema).optional(),
  selectionEnforcement: selectionEnforcementSchema,
  wordCountEstimate: count,
});
export type TailoredResume = z.infer<typeof tailoredResumeSchema>;
