// The tailored résumé as it stands on the page: what was selected under its roles, the most fitting first, and what stays as it is.
import type { Rubric } from "../../../../shared/schemas/career/rubric.ts";
import type { AwardEntry, ResumeContent, Skills } from "../../../../shared/schemas/career/resume.ts";
import { skillCategories } from "../../../../shared/schemas/career/resume.ts";
import type { SelectedBullet, SelectionPlan } from "../../../../shared/schemas/career/selection.ts";
import type { TailoredBullet, TailoredResume } from "../../../../shared/schemas/career/tailored.ts";
import { bulletsOf } from "../resume/bullets.ts";
import { contentHash } from "../resume/hash.ts";
import { skillNames } from "../text/skills.ts";

export interface PageInput {
  content: ResumeContent;
  plan: SelectionPlan;
  rubric: Pick<Rubric, "keywords">;
  bullets: readonly TailoredBullet[];
  summary: string;
  modelKey: string;
  modelName: string;
  enforcement: TailoredResume["selectionEnforcement"];
}

export function pageOf(input: PageInput): TailoredResume {
  const { content, plan, rubric, bullets, summary, modelKey, modelName } = input;
  const textOf = new Map(bullets.map((bullet) => [bullet.bulletId, bullet]));
  const under = (selected: readonly SelectedBullet[], parentId: string | undefined): TailoredBullet[] =>
    byFit(selected.filter((bullet) => bullet.parentId === parentId)).flatMap(
      ({ bulletId }) => textOf.get(bulletId) ?? [],
    );
  const page = {
    summary,
    workExperience: content.workExperience.flatMap((role) => {
      const own = under(plan.selected.workExperience, role.roleId);
      if (own.length === 0 || role.roleId === undefined) return [];
      const { roleId, company, title, dateRange, location } = role;
      return [
        { roleId, company, title, dateRange, ...(location !== undefined && { location }), bullets: own },
      ];
    }),
    projects: content.projects.flatMap((project) => {
      const own = under(plan.selected.projects, project.projectId);
      if (own.length === 0 || project.projectId === undefined) return [];
      const { projectId, name, date } = project;
      return [{ projectId, name, ...(date !== undefined && { date }), bullets: own }];
    }),
    education: content.education,
    skills: orderedSkills(content.skills, rubric),
    awards: selectedAwards(content, plan),
    selectionEnforcement: input.enforcement,
  };
  const words = wordsIn([
    ...fixedTexts(content, summary),
    ...page.workExperience.flatMap((role) => [
      ...[role.company, role.title, role.dateRange, role.location ?? ""],
      ...role.bullets.map(({ tailoredText }) => tailoredText),
    ]),
    ...page.projects.flatMap((project) => [
      ...[project.name, project.date ?? ""],
      ...project.bullets.map(({ tailoredText }) => tailoredText),
    ]),
    ...page.awards.flatMap(({ name, issuer, year, details }) => [name, issuer, year, details ?? ""]),
  ]);
  return {
    modelKey,
    modelName,
    tailoredHash: contentHash({ ...page, modelKey }),
    ...page,
    wordCountEstimate: words,
  };
}

/** Words on the page whatever is chosen: name, contact, summary, education, skills. */
export function fixedWordsOf(content: ResumeContent): number {
  return wordsIn(fixedTexts(content, content.summary ?? ""));
}

function fixedTexts({ basics, education, skills, links }: ResumeContent, summary: string): string[] {
  return [
    ...Object.values(basics).map((value) => value ?? ""),
    summary,
    ...education.flatMap(({ institution, degree, dates, location, gpa }) => [
      ...[institution, degree, dates, location ?? "", gpa ?? ""],
    ]),
    ...skillCategories.flatMap((category) => skills[category]),
    ...links,
  ];
}

function wordsIn(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.split(/\s+/u).filter((word) => word !== "").length, 0);
}

/** What speaks best for what is asked comes first; what is equal stays in its owner's order. */
function byFit(bullets: readonly SelectedBullet[]): SelectedBullet[] {
  const fit = ({ matches }: SelectedBullet) => Math.max(0, ...matches.map(({ edgeScore }) => edgeScore));
  return bullets.toSorted((a, b) => fit(b) - fit(a));
}

/** What the posting asks for comes first in each category; nothing comes in and nothing goes. */
function orderedSkills(skills: Skills, { keywords }: Pick<Rubric, "keywords">): Skills {
  const importance = new Map(keywords.map(({ term, importance: own }) => [term.toLowerCase(), own]));
  const wanted = (skill: string) =>
    Math.max(
      importance.get(skill.toLowerCase()) ?? 0,
      ...skillNames(skill, { byCase: false }).map((name) => importance.get(name.toLowerCase()) ?? 0),
    );
  const ordered = (own: readonly string[]) => own.toSorted((a, b) => wanted(b) - wanted(a));
  return Object.fromEntries(
    skillCategories.map((category) => [category, ordered(skills[category])]),
  ) as unknown as Skills;
}

function selectedAwards(content: ResumeContent, plan: SelectionPlan): AwardEntry[] {
  const ids = bulletsOf({ ...content, workExperience: [], projects: [] }).map(({ bulletId }) => bulletId);
  const selected = new Set(plan.selected.awards.map(({ bulletId }) => bulletId));
  return content.awards.filter((_, place) => selected.has(ids[place] ?? ""));
}
