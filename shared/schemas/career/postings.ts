// Postings as their owner adds, lists and reads them.
import { z } from "zod";
import { postingIdSchema } from "../../ids.ts";
import { pageQuerySchema, plainText, requiredText, timestampSchema } from "../common.ts";
import { careerBounds as bounds } from "./bounds.ts";
import { postingStatusSchema } from "./enums.ts";
import { rubricSchema } from "./rubric.ts";

const shortText = plainText(bounds.shortTextMaxChars);
const rating = z.number().int().min(1).max(5).nullable();
const tag = requiredText(bounds.labelMaxChars);

function isWebAddress(value: string): boolean {
  return value === "" || (/^https?:\/\//iu.test(value) && URL.canParse(value));
}

/** From the web, or as a text that its owner has. */
export const addPostingSchema = z.union([
  z.strictObject({ url: requiredText(bounds.urlMaxChars) }),
  z.strictObject({
    text: requiredText(bounds.postingMaxChars),
    title: plainText(bounds.labelMaxChars).optional(),
    company: shortText.optional(),
    location: shortText.optional(),
    jobUrl: plainText(bounds.urlMaxChars)
      .refine(isWebAddress, "must begin with https:// or http://")
      .optional(),
  }),
]);
export type AddPosting = z.infer<typeof addPostingSchema>;

export const postingSummarySchema = z.object({
  id: postingIdSchema,
  /** Empty where it is not from the web. */
  jobUrl: z.string(),
  /** `greenhouse`, `lever`, `ashby`, `schema.org`, `page`, `pasted`, `file`. */
  platform: z.string(),
  title: z.string(),
  company: z.string().nullable(),
  location: z.string().nullable(),
  salary: z.string().nullable(),
  employmentType: z.string().nullable(),
  seniority: z.string().nullable(),
  userTags: z.array(z.string()),
  isFavorite: z.boolean(),
  status: postingStatusSchema,
  rating,
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
  /** Null where it is there. */
  deletedAt: timestampSchema.nullable(),
});
export type PostingSummary = z.infer<typeof postingSummarySchema>;

export const postingViewSchema = postingSummarySchema.extend({
  /** What the rubric's offsets count in. */
  text: z.string(),
  notes: z.string(),
  descriptionHash: z.string(),
});
export type PostingView = z.infer<typeof postingViewSchema>;

export const addedPostingSchema = z.object({
  posting: postingViewSchema,
  /** It was there already, by its text: nothing was added. */
  existing: z.boolean(),
});
export type AddedPosting = z.infer<typeof addedPostingSchema>;

export const changePostingSchema = z
  .strictObject({
    title: requiredText(bounds.labelMaxChars),
    company: shortText.nullable(),
    location: shortText.nullable(),
    salary: shortText.nullable(),
    employmentType: shortText.nullable(),
    seniority: shortText.nullable(),
    userTags: z.array(tag).max(bounds.tagsMaxItems),
    notes: plainText(bounds.summaryMaxChars),
    isFavorite: z.boolean(),
    status: postingStatusSchema,
    rating,
  })
  .partial();
export type ChangePosting = z.infer<typeof changePostingSchema>;

const flag = z.enum(["true", "false"]).transform((value) => value === "true");

export const listPostingsQuerySchema = pageQuerySchema.extend({
  /** Beginnings of words in title, company, place and tags; all of them. */
  q: plainText(bounds.postingSearchMaxChars).optional(),
  status: postingStatusSchema.optional(),
  favorite: flag.optional(),
  tag: tag.optional(),
  ratingAtLeast: z.coerce.number().int().min(1).max(5).optional(),
  sort: z.enum(["newest", "rating", "title"]).default("newest"),
  /** Those that were deleted and can still be restored, instead of those that are there. */
  deleted: flag.optional(),
});
export type ListPostings = z.infer<typeof listPostingsQuerySchema>;

export const postingListSchema = z.object({
  items: z.array(postingSummarySchema),
  nextCursor: z.string().nullable(),
  /** Under these filters, on all pages. */
  total: z.number().int(),
  /** All of one's tags, by name. */
  tags: z.array(z.string()),
});
export type PostingList = z.infer<typeof postingListSchema>;

export const rubricMakerSchema = z.enum(["rules", "model"]);
export type RubricMaker = z.infer<typeof rubricMakerSchema>;

export const postingRubricSchema = z.object({
  rubric: rubricSchema,
  madeBy: rubricMakerSchema,
  /** `rules`, or the model's name. */
  generatedBy: z.string(),
  rubricHash: z.string(),
  promptHash: z.string().nullable(),
  /** Quotes of a model that are not in the posting: what rested on them was left out. */
  droppedQuotes: z.number().int(),
  /** What may make one now, as the organisation's switch and the settings say. */
  available: rubricMakerSchema,
  /** In words, where a model was asked for and rules answered. */
  note: z.string().nullable(),
  createdAt: timestampSchema,
});
export type PostingRubric = z.infer<typeof postingRubricSchema>;

export const makeRubricSchema = z.strictObject({ by: rubricMakerSchema });

export const deletedSchema = z.object({
  /** Until then it can be restored. */
  restorableUntil: timestampSchema,
});
