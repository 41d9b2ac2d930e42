// From lines to a résumé: what each section says, in our fields. The same lines give the same résumé.
import { careerBounds as bounds } from "../../../../shared/schemas/career/bounds.ts";
import { resumeContentSchema, type ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import { contactOf, distinct } from "./contact.ts";
import { entriesOf, type Entry } from "./entries.ts";
import { tidyDates, trimmed } from "./find-dates.ts";
import { namesIn } from "./heads.ts";
import { joined, type TextLine } from "./lines.ts";
import { awardsOf } from "./awards.ts";
import { isDegree, languagesIn, skillsOf, studyOf, wholeLines, type FoundSkills } from "./other-sections.ts";
import { isTitleOfPage, sectionsOf, type Section } from "./sections.ts";

export interface Understood {
  content: ResumeContent;
  /** Headings of sections that have no field of ours, and what a field cannot hold: their owner is told that it was left out. */
  leftOut: string[];
  /** No name was found; the one in the content is to be asked for. */
  nameMissing: boolean;
}

const openingLeastWords = 8;
/** So many words after a colon say what a project is. */
const saidLeastWords = 4;

/** In the place of a name that was not found: an empty one has no place in a résumé. */
export const missingName = "Name";

export function understand(lines: readonly TextLine[], linked: readonly string[]): Understood {
  const sections = sectionsOf(lines);
  const of = (...kinds: Section["kind"][]) => sections.filter(({ kind }) => kinds.includes(kind));
  const isContact = ({ kind, heading }: Section) =>
    kind === "links" ||
    (kind === "other" &&
      /contact|contatti|kontakt|coordonn[ée]es|personal(?:details|info)|pers[öo]nliche|personenbezogen|datospersonales|^details$/i.test(
        heading.replace(/\s/g, ""),
      ));
  const header = of("header").flatMap((section) => section.lines);
  const details = sections.filter(isContact).flatMap((section) => section.lines);
  // Where the top says no more than what kind of page it is, the name stands below personal details.
  const contact = header.every(({ text }) => isTitleOfPage(text))
    ? contactOf(details, [], linked)
    : contactOf(header, details, linked);
  const roles = rolesOf(of("experience").flatMap((section) => [...entriesOf(section.lines)]));
  const summary = [
    ...of("summary").map((section) => paragraph(section.lines)),
    // Without a heading only what is a sentence or two.
    ...(of("summary").length === 0 && contact.rest.join(" ").split(" ").length >= openingLeastWords
      ? [contact.rest.join(" ")]
      : []),
  ]
    .filter((text) => text !== "")
    .join("\n");
  const skills = mergedSkills([
    ...of("skills").map((section) => skillsOf(section.lines, section.heading)),
    {
      other_skills: of("languages").flatMap((section) =>
        wholeLines(section.lines).flatMap((text) => languagesIn(text)),
      ),
    },
  ]);
  const tooMany: string[] = [];
  const first = <Item>(items: readonly Item[], most: number, what: string): Item[] => {
    if (items.length > most) tooMany.push(`${what} after the first ${most}`);
    return items.slice(0, most);
  };
  const projects = projectsOf(of("projects").flatMap((section) => entriesOf(section.lines)));
  const awards = first(
    of("awards").flatMap((section) => awardsOf(section.lines)),
    bounds.awardsMaxItems,
    "awards, certificates and publications",
  );
  // Of the lines of all together, too, there is a most.
  let room = bounds.bulletsMaxItems - awards.length;
  const withLines = <Parent extends { bullets: readonly unknown[] }>(parents: readonly Parent[]): Parent[] =>
    parents.map((parent) => {
      const own = parent.bullets.slice(0, Math.min(room, bounds.bulletsPerParentMaxItems));
      room -= own.length;
      const what = `some of the ${parent.bullets.length} lines of one entry`;
      if (own.length < parent.bullets.length && !tooMany.includes(what)) tooMany.push(what);
      return { ...parent, bullets: own };
    });
  const raw = {
    basics: { ...contact.basics, name: contact.basics.name ?? missingName },
    ...(summary === "" ? {} : { summary: cut(summary, bounds.summaryMaxChars) }),
    skills,
    workExperience: withLines(first(roles, bounds.rolesMaxItems, "roles")),
    projects: withLines(first(projects, bounds.projectsMaxItems, "projects")),
    education: first(
      of("education").flatMap((section) => studiesOf(section.lines)),
      bounds.educationMaxItems,
      "studies",
    ),
    awards,
    mentorship: first(
      of("volunteering")
        .flatMap((section) => entriesOf(section.lines))
        .flatMap(activities),
      bounds.awardsMaxItems,
      "volunteering",
    ),
    links: distinct(contact.links).slice(0, bounds.linksMaxItems),
  };
  return {
    content: resumeContentSchema.parse(raw),
    leftOut: [
      ...of("other")
        .filter((section) => !isContact(section) && section.lines.length > 0)
        .map(({ heading }) => heading),
      ...tooMany,
    ],
    nameMissing: contact.basics.name === undefined,
  };
}

function rolesOf(entries: readonly Entry[]): ResumeContent["workExperience"] {
  let employer = "";
  /** Where the employer named above is, for the roles below it. */
  let at: string | undefined;
  return entries.flatMap((entry) => {
    const { title, company, location: own } = namesIn(entry.heads);
    if (company !== "") {
      employer = company;
      at = own;
    }
    const location = own ?? (company === "" ? at : undefined);
    // An employer with several roles: its own line has neither dates nor bullets, those below name no employer.
    if (title === "" && entry.dates === "" && entry.bullets.length === 0) return [];
    const named = company === "" ? employer : company;
    if (named === "" && title === "" && entry.bullets.length === 0) return [];
    return [
      {
        company: cut(named === "" ? title : named, bounds.labelMaxChars) || "—",
        title: cut(named === "" ? "" : title, bounds.shortTextMaxChars),
        dateRange: tidyDates(entry.dates),
        ...(location === undefined ? {} : { location: cut(location, bounds.shortTextMaxChars) }),
        bullets: bulletsOf(entry),
      },
    ];
  });
}

/** A list of projects, each in one line: "Name: what it is". */
function oneByOne(entry: Entry): Entry[] {
  const named = entry.bullets.filter((text) => /^.{2,60}?(?::\s|\s[\u2013\u2014-]\s)/u.test(text));
  if (entry.heads.length > 0 || entry.bullets.length < 2 || named.length < entry.bullets.length)
    return [entry];
  return entry.bullets.map((text) => ({ ...entry, bullets: [text] }));
}

function projectsOf(found: readonly Entry[]): ResumeContent["projects"] {
  return found.flatMap(oneByOne).flatMap((entry) => {
    const head = entry.heads.flat();
    const [first = entry.bullets[0] ?? "", ...others] = head;
    const url = /(?:https?:\/\/|www\.)\S+|\b(?:github|gitlab)\.com\/\S+/i.exec(head.join(" "))?.[0];
    const alone = head.length === 0;
    const [before = "", ...about] = first
      .split(/\s+[|\u2013\u2014]\s+|\s*\|\s*|\s+-\s+/u)
      .map((part) => trimmed(part.replace(url ?? "\u0000", "")));
    // "Name: what it is"; a head of a few words with a colon is a name.
    const [, named, said] = /^(.{2,60}?):\s+(.+)$/u.exec(before) ?? [];
    const isSaid =
      named !== undefined && said !== undefined && (alone || said.split(" ").length > saidLeastWords);
    const name = isSaid ? named : before;
    if (isSaid) about.unshift(said);
    if (name === "") return [];
    const bullets = alone
      ? bulletsOf({
          ...entry,
          bullets: [...(about.length > 0 ? [about.join(": ")] : []), ...entry.bullets.slice(1)],
        })
      : bulletsOf(entry);
    const described = [...others, ...(alone ? [] : about)]
      .map((text) => trimmed(text.replace(url ?? "\u0000", "")))
      .filter((text) => text.split(" ").length > 6);
    return [
      {
        name: cut(name, bounds.labelMaxChars),
        ...(entry.dates === "" ? {} : { date: tidyDates(entry.dates) }),
        ...(url === undefined ? {} : { url }),
        bullets: [...described.map((text) => ({ text: cut(text, bounds.bulletMaxChars) })), ...bullets],
      },
    ];
  });
}

function studiesOf(lines: readonly TextLine[]) {
  let school = "";
  return entriesOf(lines)
    .flatMap((entry) => studyOf(entry) ?? [])
    .map((study) => {
      // A degree below another one of the same school.
      const belongs = study.degree === "" && school !== "" && isDegree(study.institution);
      const named = belongs ? { institution: school, degree: study.institution } : study;
      school = named.institution;
      return {
        ...study,
        institution: cut(named.institution, bounds.labelMaxChars),
        degree: cut(named.degree, bounds.shortTextMaxChars),
      };
    });
}

function activities(entry: Entry): string[] {
  const head = [entry.heads.flat().join(", "), entry.dates].filter((part) => part !== "").join(", ");
  const lines =
    entry.bullets.length === 0
      ? [head]
      : entry.bullets.map((text) => (head === "" ? text : `${head}: ${text}`));
  return lines.filter((text) => text !== "").map((text) => cut(text, bounds.bulletMaxChars));
}

function bulletsOf(entry: Entry): { text: string }[] {
  return entry.bullets
    .filter((text) => text.trim() !== "")
    .map((text) => ({ text: cut(text, bounds.bulletMaxChars) }));
}

function paragraph(lines: readonly TextLine[]): string {
  return lines.reduce(
    (text, line) => (line.bullet && text !== "" ? `${text}\n${line.text}` : joined(text, line.text)),
    "",
  );
}

function mergedSkills(all: readonly FoundSkills[]): FoundSkills {
  const merged: FoundSkills = {};
  for (const skills of all)
    for (const [category, names] of Object.entries(skills) as [keyof FoundSkills, string[]][]) {
      const list = (merged[category] ??= []);
      for (const name of names)
        if (!list.includes(name) && list.length < bounds.skillsPerCategoryMaxItems) list.push(name);
    }
  return merged;
}

function cut(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : text.slice(0, maxChars).trimEnd();
}
