// A master résumé's content: our JSON, in which old names of fields are understood.
import { z } from "zod";
import { plainText, requiredText } from "../common.ts";
import { careerBounds as bounds } from "./bounds.ts";
import { underCurrentNames } from "./old-names.ts";

const shortText = plainText(bounds.shortTextMaxChars);
const label = requiredText(bounds.labelMaxChars);
const url = plainText(bounds.urlMaxChars);

/** As in `exp_bose_ds_intern_b1`. */
export const bulletIdSchema = z.string().regex(/^[a-z0-9_]{1,120}$/, "must be a bullet's id");

const tags = z.array(label).max(bounds.tagsMaxItems);

/** Without an id where it was just typed or imported; `withBulletIds` gives it one. */
export const resumeBulletInputSchema = z.object({
  bulletId: bulletIdSchema.optional(),
  text: requiredText(bounds.bulletMaxChars),
  tags: tags.optional(),
});
const bullets = z.array(resumeBulletInputSchema).max(bounds.bulletsPerParentMaxItems);

export const skillCategories = [
  "programming_languages",
  "frameworks_libraries",
  "tools_cloud_technologies",
  "data_science_analytics",
  "machine_learning_ai",
  "other_skills",
] as const;
export type SkillCategory = (typeof skillCategories)[number];

const skillList = z.array(label).max(bounds.skillsPerCategoryMaxItems).default([]);
export const skillsSchema = z.object({
  programming_languages: skillList,
  frameworks_libraries: skillList,
  tools_cloud_technologies: skillList,
  data_science_analytics: skillList,
  machine_learning_ai: skillList,
  other_skills: skillList,
});
export type Skills = z.infer<typeof skillsSchema>;

export const educationEntrySchema = z.object({
  institution: label,
  degree: shortText,
  dates: shortText,
  location: shortText.optional(),
  gpa: shortText.optional(),
  links: z.array(url).max(bounds.linksMaxItems).optional(),
});
export type EducationEntry = z.infer<typeof educationEntrySchema>;

export const awardEntrySchema = z.object({
  name: label,
  issuer: shortText,
  year: shortText,
  details: plainText(bounds.bulletMaxChars).optional(),
});
export type AwardEntry = z.infer<typeof awardEntrySchema>;

export const resumeRoleSchema = z.object({
  roleId: bulletIdSchema.optional(),
  company: label,
  title: shortText,
  /** As it is written on the page: `Mar 2019 - Present`. */
  dateRange: shortText,
  location: shortText.optional(),
  bullets,
});
export type ResumeRole = z.infer<typeof resumeRoleSchema>;

export const resumeProjectSchema = z.object({
  projectId: bulletIdSchema.optional(),
  name: label,
  date: shortText.optional(),
  url: url.optional(),
  bullets,
});
export type ResumeProject = z.infer<typeof resumeProjectSchema>;

/** Under the names of today alone: what the interface answers. */
export const currentResumeSchema = z
  .object({
    basics: z.object({
      name: label,
      headline: shortText.optional(),
      email: shortText.optional(),
      phone: shortText.optional(),
      location: shortText.optional(),
    }),
    summary: plainText(bounds.summaryMaxChars).optional(),
    skills: skillsSchema,
    /** The most recent first. */
    workExperience: z.array(resumeRoleSchema).max(bounds.rolesMaxItems),
    projects: z.array(resumeProjectSchema).max(bounds.projectsMaxItems),
    education: z.array(educationEntrySchema).max(bounds.educationMaxItems),
    awards: z.array(awardEntrySchema).max(bounds.awardsMaxItems),
    mentorship: z.array(plainText(bounds.bulletMaxChars)).max(bounds.awardsMaxItems),
    links: z.array(url).max(bounds.linksMaxItems),
  })
  .refine(
    ({ workExperience, projects, awards }) =>
      [...workExperience, ...projects].reduce((sum, { bullets: own }) => sum + own.length, awards.length) <=
      bounds.bulletsMaxItems,
    `must not hold more than ${bounds.bulletsMaxItems} bullets`,
  );

/** Reads what earlier versions and other tools wrote, too: see `old-names.ts`. */
export const resumeContentSchema = z.preprocess(underCurrentNames, currentResumeSchema);
export type ResumeContent = z.infer<typeof resumeContentSchema>;
