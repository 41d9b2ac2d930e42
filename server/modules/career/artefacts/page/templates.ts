// The templates of ours: two looks of one column, without tables and pictures, dates beside what they date.
import type { SectionName } from "./page.ts";

export const ownTemplates = ["classic", "modern"] as const;
/** Serif letters, centred, with a rule under each heading; or sans-serif ones with one quiet colour. */
export type OwnTemplate = (typeof ownTemplates)[number];

export const papers = ["a4", "letter"] as const;
export type Paper = (typeof papers)[number];

export interface Look {
  template: OwnTemplate;
  paper: Paper;
}

export const sectionOrders: Readonly<Record<OwnTemplate, readonly SectionName[]>> = {
  classic: ["summary", "experience", "projects", "education", "skills", "awards", "mentorship"],
  modern: ["summary", "skills", "experience", "projects", "education", "awards", "mentorship"],
};
