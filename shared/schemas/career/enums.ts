// Names that the career pipeline's documents share: stages, states, tiers, and the key of a model.
import { z } from "zod";

/** In the order in which a run goes through them; the last is where it may end from any other. */
export const runStageSchema = z.enum([
  "initialized",
  "extracting",
  "rubric_generating",
  "rubric_generated",
  "embedding_jd",
  "selecting",
  "selection_complete",
  "tailoring",
  "tailored",
  "generating_latex",
  "generating_pdf",
  "DONE",
  "ERROR",
]);
export const runStages = runStageSchema.options;
export type RunStage = z.infer<typeof runStageSchema>;

export const runStatusSchema = z.enum(["pending", "running", "success", "error"]);
export type RunStatus = z.infer<typeof runStatusSchema>;

export const applicationStatusSchema = z.enum([
  "not_applied",
  "applied",
  "viewed",
  "screening",
  "interviewing",
  "offer",
  "accepted",
  "rejected",
  "withdrawn",
  "ghosted",
]);
export type ApplicationStatus = z.infer<typeof applicationStatusSchema>;

/** What its owner thinks of a posting; how an application goes stands with the application. */
export const postingStatusSchema = z.enum(["new", "shortlisted", "passed"]);
export type PostingStatus = z.infer<typeof postingStatusSchema>;

/** `json` is ours; `json-resume` is JSON Resume, for other programs. */
export const artifactTypeSchema = z.enum(["pdf", "docx", "tex", "json", "json-resume"]);
export type ArtifactType = z.infer<typeof artifactTypeSchema>;

/** From the best to the worst. */
export const evidenceTierSchema = z.enum(["strong", "medium", "weak"]);
export const evidenceTiers = evidenceTierSchema.options;
export type EvidenceTier = z.infer<typeof evidenceTierSchema>;

export const parentTypeSchema = z.enum(["experience", "project", "award"]);
export type ParentType = z.infer<typeof parentTypeSchema>;

export const rewriteIntentSchema = z.enum(["light", "medium", "heavy"]);
export type RewriteIntent = z.infer<typeof rewriteIntentSchema>;

export const requirementTypeSchema = z.enum(["must", "nice"]);
export type RequirementType = z.infer<typeof requirementTypeSchema>;

/** Two looks of ours, and the LaTeX that a résumé's owner has given it. */
export const runTemplateSchema = z.enum(["classic", "modern", "custom"]);
export const runTemplates = runTemplateSchema.options;
export type RunTemplate = z.infer<typeof runTemplateSchema>;

export const modelKeySchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[a-z0-9-]+$/, "must be a model's key: lower-case letters, digits and hyphens");
export type ModelKey = z.infer<typeof modelKeySchema>;

/** `GPT-4o mini` → `gpt-4o-mini`: the same model has the same key in every document. */
export function deriveModelKey(modelName: string): ModelKey {
  return modelName
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, "-")
    .replace(/-+/g, "-");
}
