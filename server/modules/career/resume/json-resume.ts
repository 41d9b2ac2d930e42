// JSON Resume in and out: what it has no field for travels beside its fields, so that a way out and back loses nothing.
import type { JsonResume, JsonResumeDocument } from "../../../../shared/schemas/career/json-resume.ts";
import { careerBounds } from "../../../../shared/schemas/career/bounds.ts";
import {
  bulletIdSchema,
  skillCategories,
  type ResumeContent,
  type SkillCategory,
} from "../../../../shared/schemas/career/resume.ts";
import { shownDate, shownRange, standardRange } from "./dates.ts";

const schemaUrl = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.2.1/schema.json";

const categoryTitles: Readonly<Record<SkillCategory, string>> = {
  programming_languages: "Programming languages",
  frameworks_libraries: "Frameworks and libraries",
  tools_cloud_technologies: "Tools and cloud technologies",
  data_science_analytics: "Data science and analytics",
  machine_learning_ai: "Machine learning and AI",
  other_skills: "Other skills",
};

/**
 * Not yet checked: `resumeContentSchema` is to be applied to it. Lines without a text and roles without a name are left
 * out; nothing is made up for a name that is missing.
 */
export function contentOfJsonResume(resume: JsonResume): unknown {
  const { basics } = resume;
  const location = basics?.location;
  return {
    basics: {
      name: basics?.name,
      headline: basics?.label,
      email: basics?.email,
      phone: basics?.phone,
      location: joined([location?.city, field(location, "region"), field(location, "countryCode")]),
    },
    summary: basics?.summary,
    skills: skillsOf(resume),
    workExperience: resume.work.flatMap((work) => {
      const company = filled(work.name) ?? filled(work.company);
      if (company === undefined) return [];
      return [
        {
          roleId: ownId(work.id),
          company,
          title: work.position ?? "",
          dateRange:
            work.dateRange ?? shownRange({ start: work.startDate, end: work.endDate, ongoing: true }),
          location: filled(work.location),
          bullets: bulletsOf(work.summary, work),
        },
      ];
    }),
    projects: resume.projects.flatMap((project) => {
      const name = filled(project.name);
      if (name === undefined) return [];
      const date =
        project.dateRange ?? shownRange({ start: project.startDate, end: project.endDate, ongoing: false });
      return [
        {
          projectId: ownId(project.id),
          name,
          date: filled(date),
          url: filled(project.url),
          bullets: bulletsOf(project.description, project),
        },
      ];
    }),
    education: resume.education.flatMap((entry) => {
      const institution = filled(entry.institution);
      if (institution === undefined) return [];
      return [
        {
          institution,
          degree: joined([entry.studyType, entry.area]) ?? "",
          dates:
            entry.dateRange ?? shownRange({ start: entry.startDate, end: entry.endDate, ongoing: false }),
          location: filled(entry.location),
          gpa: filled(entry.score) ?? filled(entry.gpa),
          links: filled(entry.url) === undefined ? undefined : [entry.url],
        },
      ];
    }),
    awards: [
      ...resume.awards.map((award) => ({ ...award, name: award.title, issuer: award.awarder })),
      ...resume.certificates,
      ...resume.publications.map((one) => ({ ...one, issuer: one.publisher, date: one.releaseDate })),
    ].flatMap(({ name, issuer, date, summary }) =>
      filled(name) === undefined
        ? []
        : [
            {
              name,
              issuer: issuer ?? "",
              year: shownDate(date ?? ""),
              details: typeof summary === "string" ? filled(summary) : undefined,
            },
          ],
    ),
    mentorship: resume.volunteer.flatMap(({ organization, position, summary, highlights }) => {
      const head = joined([position, organization]);
      const lines = [summary, ...highlights].flatMap((line) => filled(line) ?? []);
      return lines.length === 0 ? (head ?? []) : lines.map((line) => joined([head, line], ": ") ?? line);
    }),
    links: [basics?.url ?? basics?.website, ...(basics?.profiles ?? []).map(({ url }) => url)].flatMap(
      (url) => filled(url) ?? [],
    ),
  };
}

export function jsonResumeOf(content: ResumeContent): JsonResumeDocument {
  const { basics, links } = content;
  return {
    $schema: schemaUrl,
    basics: {
      name: basics.name,
      label: basics.headline,
      email: basics.email,
      phone: basics.phone,
      summary: content.summary,
      location: basics.location === undefined ? undefined : { city: basics.location },
      profiles: links.map((url) => ({ url })),
    },
    work: content.workExperience.map((role) => ({
      name: role.company,
      position: role.title,
      location: role.location,
      ...standardRange(role.dateRange),
      dateRange: role.dateRange,
      id: role.roleId,
      ...highlightsOf(role.bullets),
    })),
    volunteer: content.mentorship.map((summary) => ({ summary })),
    education: content.education.map((entry) => ({
      institution: entry.institution,
      studyType: entry.degree,
      ...standardRange(entry.dates),
      dateRange: entry.dates,
      location: entry.location,
      score: entry.gpa,
      url: entry.links?.[0],
    })),
    awards: content.awards.map(({ name, issuer, year, details }) => ({
      title: name,
      awarder: issuer,
      date: year,
      summary: details,
    })),
    skills: skillCategories
      .filter((category) => content.skills[category].length > 0)
      .map((category) => ({ name: categoryTitles[category], keywords: content.skills[category] })),
    projects: content.projects.map((project) => ({
      name: project.name,
      url: project.url,
      ...standardRange(project.date ?? ""),
      dateRange: project.date,
      id: project.projectId,
      ...highlightsOf(project.bullets),
    })),
  };
}

function highlightsOf(bullets: ResumeContent["projects"][number]["bullets"]) {
  return {
    highlights: bullets.map(({ text }) => text),
    ...(bullets.some(({ bulletId }) => bulletId !== undefined)
      ? { highlightIds: bullets.map(({ bulletId }) => bulletId ?? "") }
      : {}),
  };
}

/** What is said above the highlights comes before them. */
function bulletsOf(
  said: string | undefined,
  { highlights, highlightIds }: { highlights: readonly string[]; highlightIds: readonly string[] },
) {
  const lines = highlights.map((line, at) => ({ line, bulletId: ownId(highlightIds[at]) }));
  const above = inPieces(filled(said) ?? "").map((line) => ({ line, bulletId: undefined }));
  return [...above, ...lines].flatMap(({ line, bulletId }) => {
    const text = filled(line);
    return text === undefined ? [] : [{ text, bulletId }];
  });
}

/** Between sentences, where it is longer than a bullet may be. */
function inPieces(text: string): string[] {
  const pieces: string[] = [];
  for (const sentence of text.split(/(?<=[.!?])\s+|\n+/u)) {
    const whole = [...pieces.slice(-1), sentence].join(" ");
    if (pieces.length > 0 && whole.length <= careerBounds.bulletMaxChars) pieces[pieces.length - 1] = whole;
    else pieces.push(sentence);
  }
  return pieces;
}

/** Other programs have ids of other forms: then it is given one here. */
function ownId(id: string | undefined): string | undefined {
  return bulletIdSchema.safeParse(id).data;
}

function skillsOf({ skills, languages }: JsonResume): Partial<Record<SkillCategory, string[]>> {
  const found: Partial<Record<SkillCategory, string[]>> = {};
  for (const { name, keywords } of skills) {
    const category = skillCategories.find((one) => categoryTitles[one] === name) ?? "other_skills";
    const own = keywords.flatMap((keyword) => filled(keyword) ?? []);
    const alone = filled(name);
    found[category] = [
      ...(found[category] ?? []),
      ...(own.length > 0 || alone === undefined ? own : [alone]),
    ];
  }
  const spoken = languages.flatMap(({ language, fluency }) => joined([language, fluency], " - ") ?? []);
  return spoken.length === 0 ? found : { ...found, other_skills: [...(found.other_skills ?? []), ...spoken] };
}

function field(of: object | null | undefined, name: string): string | undefined {
  const value = (of as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === "string" ? value : undefined;
}

function filled(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}

function joined(parts: readonly (string | undefined)[], between = ", "): string | undefined {
  const present = parts.flatMap((part) => filled(part) ?? []);
  return present.length === 0 ? undefined : present.join(between);
}
