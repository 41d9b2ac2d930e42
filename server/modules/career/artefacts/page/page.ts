// What stands on the page, apart from how it looks: every template, the Word document and the checks read this alone.
import {
  skillCategories,
  type ResumeContent,
  type SkillCategory,
} from "../../../../../shared/schemas/career/resume.ts";
import { pageText, rangeText } from "./text.ts";

export interface Page {
  name: string;
  /** Empty where there is none; so are all texts here. */
  headline: string;
  /** E-mail, telephone, place. */
  contact: string[];
  links: string[];
  sections: PageSection[];
}

export const headings = {
  summary: "Summary",
  experience: "Experience",
  projects: "Projects",
  education: "Education",
  skills: "Skills",
  awards: "Awards",
  mentorship: "Mentorship",
} as const;
export type SectionName = keyof typeof headings;

interface Section<Kind extends string> {
  kind: Kind;
  name: SectionName;
  heading: string;
}
export type PageSection =
  | (Section<"text"> & { text: string })
  | (Section<"entries"> & { entries: PageEntry[] })
  | (Section<"skills"> & { groups: { title: string; items: string }[] })
  | (Section<"list"> & { items: string[] });

export interface PageEntry {
  title: string;
  organisation: string;
  place: string;
  dates: string;
  /** A project's or school's address. */
  links: string[];
  /** As in `GPA 3.9`. */
  note: string;
  bullets: string[];
}

export const skillTitles: Readonly<Record<SkillCategory, string>> = {
  programming_languages: "Programming languages",
  frameworks_libraries: "Frameworks and libraries",
  tools_cloud_technologies: "Tools and cloud technologies",
  data_science_analytics: "Data science and analytics",
  machine_learning_ai: "Machine learning and AI",
  other_skills: "Other skills",
};

/** In the order in which most readers look for them; a template may take another one. */
export function pageOf(content: ResumeContent): Page {
  const { basics } = content;
  const text = (value: string | undefined) => pageText(value ?? "");
  const texts = (values: readonly (string | undefined)[]) => values.map(text).filter((value) => value !== "");
  const sections: PageSection[] = [
    { kind: "text", name: "summary", heading: headings.summary, text: text(content.summary) },
    {
      kind: "entries",
      name: "experience",
      heading: headings.experience,
      entries: content.workExperience.map((role) => ({
        title: text(role.title),
        organisation: text(role.company),
        place: text(role.location),
        dates: rangeText(role.dateRange),
        links: [],
        note: "",
        bullets: texts(role.bullets.map((bullet) => bullet.text)),
      })),
    },
    {
      kind: "entries",
      name: "projects",
      heading: headings.projects,
      entries: content.projects.map((project) => ({
        title: text(project.name),
        organisation: "",
        place: "",
        dates: rangeText(project.date ?? ""),
        links: texts([project.url]),
        note: "",
        bullets: texts(project.bullets.map((bullet) => bullet.text)),
      })),
    },
    {
      kind: "entries",
      name: "education",
      heading: headings.education,
      entries: content.education.map((entry) => ({
        title: text(entry.degree),
        organisation: text(entry.institution),
        place: text(entry.location),
        dates: rangeText(entry.dates),
        links: texts(entry.links ?? []),
        note: text(entry.gpa) === "" ? "" : `GPA ${text(entry.gpa)}`,
        bullets: [],
      })),
    },
    {
      kind: "skills",
      name: "skills",
      heading: headings.skills,
      groups: skillCategories.flatMap((category) => {
        const items = texts(content.skills[category]).join(", ");
        return items === "" ? [] : [{ title: skillTitles[category], items }];
      }),
    },
    {
      kind: "list",
      name: "awards",
      heading: headings.awards,
      items: content.awards.map(({ name, issuer, year, details }) =>
        [text(name), text(issuer), rangeText(year), text(details)].filter((part) => part !== "").join(", "),
      ),
    },
    {
      kind: "list",
      name: "mentorship",
      heading: headings.mentorship,
      items: texts(content.mentorship),
    },
  ];
  return {
    name: text(basics.name),
    headline: text(basics.headline),
    contact: texts([basics.email, basics.phone, basics.location]),
    links: texts(content.links),
    sections: sections.filter((section) => !isEmpty(section)),
  };
}

/** The same page with its sections in another order; what the order does not name comes last. */
export function inOrder(page: Page, order: readonly SectionName[]): Page {
  const rank = ({ name }: PageSection) => (order.includes(name) ? order.indexOf(name) : order.length);
  return { ...page, sections: [...page.sections].sort((a, b) => rank(a) - rank(b)) };
}

/** Every text of a page, line by line, with a sentence's words for where it stands. */
export function textsOf(page: Page): { text: string; where: string }[] {
  const lines = [
    { text: page.name, where: "the name" },
    { text: page.headline, where: "the headline" },
    ...page.contact.map((text) => ({ text, where: "the contact details" })),
    ...page.links.map((text) => ({ text, where: "the links" })),
    ...page.sections.flatMap((section) => sectionTexts(section)),
  ];
  return lines.filter(({ text }) => text !== "");
}

function sectionTexts(section: PageSection): { text: string; where: string }[] {
  const where = section.heading;
  if (section.kind === "text") return [{ text: section.text, where }];
  if (section.kind === "list")
    return section.items.map((text, at) => ({ text, where: `${where}, ${at + 1}` }));
  if (section.kind === "skills") return section.groups.map(({ items }) => ({ text: items, where }));
  return section.entries.flatMap((entry, at) =>
    [
      entry.title,
      entry.organisation,
      entry.place,
      entry.dates,
      entry.note,
      ...entry.links,
      ...entry.bullets,
    ].map((text) => ({ text, where: `${where}, ${entry.organisation || entry.title || String(at + 1)}` })),
  );
}

function isEmpty(section: PageSection): boolean {
  if (section.kind === "text") return section.text === "";
  if (section.kind === "entries") return section.entries.length === 0;
  if (section.kind === "skills") return section.groups.length === 0;
  return section.items.length === 0;
}
