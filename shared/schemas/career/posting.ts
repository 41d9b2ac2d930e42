// A job posting, wherever it came from, and what its owner notes about it.
import { z } from "zod";
import { plainText, requiredText } from "../common.ts";
import { careerBounds as bounds } from "./bounds.ts";

const shortText = plainText(bounds.shortTextMaxChars);

export const postingSchema = z.object({
  /** Empty where the text was pasted. */
  jobUrl: plainText(bounds.urlMaxChars),
  /** `greenhouse`, `lever`, `ashby`, `page`, `pasted`, … */
  platform: requiredText(bounds.labelMaxChars),
  title: requiredText(bounds.labelMaxChars),
  company: shortText.optional(),
  location: shortText.optional(),
  salary: shortText.optional(),
  employmentType: shortText.optional(),
  seniority: shortText.optional(),
  rawDescription: requiredText(bounds.postingMaxChars),
  extractedText: plainText(bounds.postingMaxChars).optional(),
});
export type Posting = z.infer<typeof postingSchema>;

export const postingNotesSchema = z.object({
  userTags: z.array(requiredText(bounds.labelMaxChars)).max(bounds.tagsMaxItems).optional(),
  notes: plainText(bounds.summaryMaxChars).optional(),
  isFavorite: z.boolean().optional(),
});
export type PostingNotes = z.infer<typeof postingNotesSchema>;
