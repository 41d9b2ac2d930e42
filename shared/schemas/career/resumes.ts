// Master résumés as their owner keeps them: several of them, one active, each with what it came from and how far it is prepared.
import { z } from "zod";
import { masterResumeIdSchema } from "../../ids.ts";
import { plainText, requiredText, timestampSchema } from "../common.ts";
import { careerBounds as bounds } from "./bounds.ts";
import { evidenceScoreSchema } from "./bullets.ts";
import { currentResumeSchema, resumeContentSchema } from "./resume.ts";

/** What a résumé came from; `written` where it was typed in here. */
export const resumeSourceSchema = z.enum(["pdf", "docx", "json-resume", "json", "written"]);
export type ResumeSource = z.infer<typeof resumeSourceSchema>;

/** How far what is computed of each bullet is: it is done once, and for a changed bullet again. */
export const resumePreparationSchema = z.object({
  state: z.enum(["preparing", "ready"]),
  bullets: z.number().int(),
  scored: z.number().int(),
  embedded: z.number().int(),
});
export type ResumePreparation = z.infer<typeof resumePreparationSchema>;

/** What a public page can show beside the name and the headline; ways to reach the person are a choice of their own. */
export const publicParts = [
  "contact",
  "links",
  "summary",
  "experience",
  "projects",
  "education",
  "skills",
  "awards",
  "mentorship",
] as const;
export const publicPartSchema = z.enum(publicParts);
export type PublicPart = z.infer<typeof publicPartSchema>;

export const publishResumeSchema = z.object({
  parts: z.array(publicPartSchema).min(1).max(publicParts.length),
});
export type PublishResume = z.infer<typeof publishResumeSchema>;

const name = requiredText(bounds.labelMaxChars);

export const resumeSummarySchema = z.object({
  id: masterResumeIdSchema,
  name: z.string(),
  /** The one that runs take where none is named; one of a person's. */
  isActive: z.boolean(),
  source: resumeSourceSchema,
  /** SHA-256 of the content: what is computed of it is kept under this. */
  contentHash: z.string(),
  bullets: z.number().int(),
  /** LaTeX of its owner's, which runs can set its pages by. */
  hasOwnTemplate: z.boolean(),
  /** Raised by every change; a change names the one that it was made of. */
  revision: z.number().int(),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
});
export type ResumeSummary = z.infer<typeof resumeSummarySchema>;

export const resumeListSchema = z.object({
  items: z.array(resumeSummarySchema),
  /** Deleted ones that can still be had back. */
  deleted: z.array(resumeSummarySchema.extend({ deletedAt: timestampSchema })),
});
export type ResumeList = z.infer<typeof resumeListSchema>;

export const resumeSchema = resumeSummarySchema.extend({
  content: currentResumeSchema,
  evidence: z.array(evidenceScoreSchema),
  preparation: resumePreparationSchema,
  customLatexTemplate: z.string().nullable(),
  /** Whoever has the address sees these parts of it, as they are now; null where it is nobody's but one's own. */
  publicPage: z
    .object({ path: z.string(), parts: z.array(publicPartSchema), since: timestampSchema })
    .nullable(),
  /** The file that it was read from; null where there is none. */
  original: z
    .object({
      name: z.string(),
      type: z.string(),
      /** Its text, line by line, as it was read. */
      lines: z.array(z.object({ page: z.number().int(), text: z.string() })),
      /** Headings of parts that no field holds. */
      leftOut: z.array(z.string()),
    })
    .nullable(),
});
export type Resume = z.infer<typeof resumeSchema>;

export const createResumeSchema = z.object({
  name: name.optional(),
  /** Our JSON, also under older names, or JSON Resume. */
  content: z.looseObject({}),
});
export type CreateResume = z.infer<typeof createResumeSchema>;

export const updateResumeSchema = z
  .object({
    revision: z.number().int(),
    name: name.optional(),
    content: resumeContentSchema.optional(),
    /** An empty text takes it away. */
    customLatexTemplate: plainText(bounds.templateMaxChars).optional(),
  })
  .refine(
    ({ revision: _revision, ...change }) => Object.values(change).some((value) => value !== undefined),
    "must change something",
  );
export type UpdateResume = z.infer<typeof updateResumeSchema>;

export const importResumeQuerySchema = z.object({
  /** The file's. */
  name: z.string().max(300).optional(),
});
