// What a posting asks for: requirements with verbatim quotes, keywords, constraints, and what it leaves open.
import { z } from "zod";
import { careerBounds as bounds } from "./bounds.ts";
import { requirementTypeSchema } from "./enums.ts";

const importance = z.number().int().min(1).max(5);
const text = z.string().min(1).max(bounds.bulletMaxChars);
const quotes = z.array(text).min(1).max(bounds.quotesMaxItems);
/** Of the quote in the same place: UTF-16 units in the posting's text, the end behind it. */
const offsets = z
  .array(z.object({ start: z.number().int().min(0), end: z.number().int().min(0) }))
  .max(bounds.quotesMaxItems);

export const requirementSchema = z.object({
  /** `R1`, `R2`, … */
  reqId: z.string().regex(/^R\d{1,4}$/, "must be a requirement's id"),
  type: requirementTypeSchema,
  weight: importance,
  requirement: text,
  jdEvidence: quotes,
  jdOffsets: offsets,
  category: z.string().min(1).max(bounds.labelMaxChars),
});
export type Requirement = z.infer<typeof requirementSchema>;

export const keywordTypeSchema = z.enum(["skill", "tool", "domain", "methodology"]);
export type KeywordType = z.infer<typeof keywordTypeSchema>;

export const keywordSchema = z.object({
  term: text,
  importance,
  type: keywordTypeSchema,
  jdEvidence: quotes,
  jdOffsets: offsets,
});
export type Keyword = z.infer<typeof keywordSchema>;

export const rubricSchema = z.object({
  version: z.string().min(1).max(bounds.labelMaxChars),
  jobMeta: z.object({
    jobTitle: z.string(),
    company: z.string().optional(),
    location: z.string().optional(),
    employmentType: z.string().optional(),
    seniority: z.string().optional(),
    jobUrl: z.string().optional(),
    platform: z.string().optional(),
  }),
  requirements: z.array(requirementSchema).max(bounds.requirementsMaxItems),
  keywords: z.array(keywordSchema).max(bounds.keywordsMaxItems),
  constraints: z.object({
    yearsExperienceMin: z.number().min(0).max(60).optional(),
    education: z.array(text).max(bounds.quotesMaxItems).optional(),
    certifications: z.array(text).max(bounds.quotesMaxItems).optional(),
    workAuthorization: z.array(text).max(bounds.quotesMaxItems).optional(),
  }),
  notes: z.object({
    summary: z.string().optional(),
    ambiguities: z.array(text).max(bounds.ambiguitiesMaxItems).optional(),
  }),
});
export type Rubric = z.infer<typeof rubricSchema>;
