// JSON Resume 1.2.1, as tolerantly as its own schema reads it, and with its older names.
import { z } from "zod";
import { careerBounds as bounds } from "./bounds.ts";

/** Its fields are all optional; writers leave them empty, null or of another simple type. */
const text = z
  .union([z.string().max(bounds.summaryMaxChars), z.number(), z.null()])
  .optional()
  .transform((value) => (value === null || value === undefined ? undefined : String(value)));

const texts = z
  .array(text)
  .max(bounds.skillsPerCategoryMaxItems)
  .nullish()
  .transform((list) => (list ?? []).filter((item) => item !== undefined));

function listOf<Item extends z.ZodType>(item: Item, most: number) {
  return z
    .array(item)
    .max(most)
    .nullish()
    .transform((list) => list ?? []);
}

const dated = { startDate: text, endDate: text, dateRange: text };
/** Ids of ours beside the standard's fields, so that bullets keep them on the way out and back. */
const identified = { id: text, highlightIds: texts };

export const jsonResumeSchema = z.looseObject({
  basics: z
    .looseObject({
      name: text,
      label: text,
      email: text,
      phone: text,
      url: text,
      website: text,
      summary: text,
      location: z
        .union([
          z.string().transform((city) => ({ city })),
          z.looseObject({ address: text, city: text, region: text, countryCode: text, postalCode: text }),
        ])
        .nullish(),
      profiles: listOf(z.looseObject({ network: text, username: text, url: text }), bounds.linksMaxItems),
    })
    .nullish(),
  work: listOf(
    z.looseObject({
      name: text,
      company: text,
      position: text,
      location: text,
      summary: text,
      highlights: texts,
      ...dated,
      ...identified,
    }),
    bounds.rolesMaxItems,
  ),
  volunteer: listOf(
    z.looseObject({ organization: text, position: text, summary: text, highlights: texts, ...dated }),
    bounds.rolesMaxItems,
  ),
  education: listOf(
    z.looseObject({
      institution: text,
      area: text,
      studyType: text,
      score: text,
      gpa: text,
      location: text,
      url: text,
      ...dated,
    }),
    bounds.educationMaxItems,
  ),
  awards: listOf(
    z.looseObject({ title: text, date: text, awarder: text, summary: text }),
    bounds.awardsMaxItems,
  ),
  certificates: listOf(
    z.looseObject({ name: text, date: text, issuer: text, url: text }),
    bounds.awardsMaxItems,
  ),
  publications: listOf(
    z.looseObject({ name: text, publisher: text, releaseDate: text, url: text, summary: text }),
    bounds.awardsMaxItems,
  ),
  skills: listOf(
    z.looseObject({ name: text, level: text, keywords: texts }),
    bounds.skillsPerCategoryMaxItems,
  ),
  languages: listOf(z.looseObject({ language: text, fluency: text }), bounds.linksMaxItems),
  projects: listOf(
    z.looseObject({ name: text, description: text, highlights: texts, url: text, ...dated, ...identified }),
    bounds.projectsMaxItems,
  ),
});
export type JsonResume = z.infer<typeof jsonResumeSchema>;
/** As files hold it. */
export type JsonResumeDocument = z.input<typeof jsonResumeSchema>;
