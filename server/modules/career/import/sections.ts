// Which part of a résumé lines belong to: headings by their words, in several wordings and languages.
import { datesIn } from "./find-dates.ts";
import { isSetApart, kindOfSentence, kindOfWords } from "./heading-words.ts";
import type { TextLine } from "./lines.ts";

export type SectionKind =
  | "header"
  | "summary"
  | "experience"
  | "projects"
  | "education"
  | "skills"
  | "awards"
  | "volunteering"
  | "languages"
  | "links"
  | "other";

export interface Section {
  kind: SectionKind;
  heading: string;
  lines: TextLine[];
}

const wordings: Readonly<Record<Exclude<SectionKind, "header">, readonly string[]>> = {
  summary: [
    "summary",
    "professional summary",
    "executive summary",
    "career summary",
    "profile",
    "professional profile",
    "about",
    "about me",
    "objective",
    "career objective",
    "personal statement",
    "personal profile",
    "overview",
    "introduction",
    "profil",
  ],
  experience: [
    "experience",
    "work experience",
    "professional experience",
    "employment",
    "employment history",
    "work history",
    "career history",
    "professional history",
    "relevant experience",
    "research",
    "teaching",
    "research experience",
    "teaching experience",
    "industry experience",
    "clinical experience",
    "work",
    "career",
    "internships",
    "internship experience",
    "professional background",
    "appointments",
    "academic appointments",
    "additional experience",
    "other experience",
    "leadership experience",
    "experiences",
    "work experiences",
    "positions",
    "berufserfahrung",
    "experiencia",
    "experiencia laboral",
    "experience professionnelle",
    "experiences professionnelles",
  ],
  projects: [
    "projects",
    "personal projects",
    "selected projects",
    "side projects",
    "academic projects",
    "key projects",
    "project experience",
    "open source",
    "open source projects",
    "open source contributions",
    "technical projects",
    "projekte",
    "portfolio",
  ],
  education: [
    "education",
    "academic background",
    "education and training",
    "academic qualifications",
    "qualifications",
    "studies",
    "education and qualifications",
    "academic history",
    "ausbildung",
    "bildung",
    "formation",
    "educacion",
    "education and certifications",
  ],
  skills: [
    "skills",
    "technical skills",
    "core skills",
    "key skills",
    "skills and tools",
    "technologies",
    "core competencies",
    "competencies",
    "expertise",
    "areas of expertise",
    "technical expertise",
    "tools",
    "skills and technologies",
    "tech stack",
    "professional skills",
    "programming skills",
    "technical proficiencies",
    "computer skills",
    "skills and expertise",
    "toolbox",
    "programming languages",
    "kenntnisse",
    "competences",
    "skills and interests",
    "clinical skills",
    "skills and languages",
    "skill set",
    "skillset",
    "technical summary",
    "strengths",
  ],
  awards: [
    "awards",
    "honors",
    "honours",
    "awards and honors",
    "honors and awards",
    "honours and awards",
    "achievements",
    "accomplishments",
    "certifications",
    "certificates",
    "licenses and certifications",
    "certifications and licenses",
    "licenses",
    "publications",
    "selected publications",
    "patents",
    "scholarships",
    "awards and achievements",
    "professional certifications",
    "accreditations",
    "recognition",
    "awards and recognition",
    "talks",
    "presentations",
    "certification",
    "licensure and certifications",
    "licensure",
    "courses and certifications",
    "fellowships and awards",
  ],
  volunteering: [
    "volunteering",
    "volunteer experience",
    "volunteer work",
    "volunteer",
    "community",
    "community service",
    "mentorship",
    "mentoring",
    "leadership",
    "leadership and activities",
    "extracurricular activities",
    "activities",
    "community involvement",
    "service",
    "extracurriculars",
    "leadership and volunteering",
    "activities and leadership",
  ],
  languages: ["languages", "spoken languages", "language skills", "sprachen", "langues", "idiomas"],
  links: ["links", "online", "profiles", "websites", "find me online"],
  other: [
    "interests",
    "hobbies",
    "hobbies and interests",
    "references",
    "referees",
    "personal details",
    "personal information",
    "contact",
    "contact details",
    "contact information",
    "contact me",
    "details",
    "personal",
    "interests and hobbies",
    "additional information",
    "memberships",
    "professional memberships",
    "affiliations",
    "professional affiliations",
    "coursework",
    "relevant coursework",
    "courses",
    "training",
    "professional development",
    "declaration",
    "miscellaneous",
    "other",
  ],
};

const kinds = new Map(
  Object.entries(wordings).flatMap(([kind, names]) =>
    names.map((name) => [name, kind as SectionKind] as const),
  ),
);
const headingMaxWords = 5;
/** So many words without a sign or a date are prose. */
const proseLeastWords = 12;

/** In the order of the page; what stands before the first heading is the header. */
export function sectionsOf(lines: readonly TextLine[]): Section[] {
  const sections: Section[] = [{ kind: "header", heading: "", lines: [] }];
  const bodySize = usualSize(lines);
  const name = nameLine(lines, bodySize);
  const unnamed = unnamedHeadings(lines, bodySize, name);
  for (const line of lines) {
    const inList = sections.at(-1)?.kind === "skills";
    const kind = headingKind(line, bodySize, inList) ?? (unnamed.has(line) ? "other" : null);
    const beside = kind === null && !inList ? headingBeside(line, bodySize) : null;
    if (beside !== null) {
      sections.push(beside);
      continue;
    }
    // Beside a column that was read before it.
    if (line === name) sections.push({ kind: "header", heading: "", lines: [line] });
    else if (kind === null) sections.at(-1)?.lines.push(line);
    else sections.push({ kind, heading: line.text, lines: [] });
  }
  return withRoles(withOpening(sections));
}

/** What stands first, is prose and has a heading of its owner's own is what others call a summary. */
function withOpening(sections: Section[]): Section[] {
  const opening = sections.findIndex(({ kind }) => kind !== "header");
  const section = sections[opening];
  if (section?.kind !== "other" || kindOfHeading(section.heading) !== undefined) return sections;
  const words = section.lines.reduce((sum, { text }) => sum + text.split(" ").length, 0);
  const prose = words >= proseLeastWords && section.lines.every(({ segments }) => segments.length === 1);
  if (prose && !sections.some(({ kind }) => kind === "summary")) section.kind = "summary";
  return sections;
}

/** Where no heading says that roles follow, a heading of its owner's own says it that has dates and lines below it. */
function withRoles(sections: Section[]): Section[] {
  if (sections.some(({ kind }) => kind === "experience")) return sections;
  const section = sections.find(
    ({ kind, heading, lines }) =>
      kind === "other" &&
      kindOfHeading(heading) === undefined &&
      lines.filter(({ text }) => datesIn(text)?.isRange === true).length >= 2 &&
      lines.some(({ bullet }) => bullet),
  );
  if (section !== undefined) section.kind = "experience";
  return sections;
}

/** Headings whose words say nothing, but which look as those do whose words are known, and as nothing else does. */
function unnamedHeadings(
  lines: readonly TextLine[],
  bodySize: number,
  name: TextLine | null,
): ReadonlySet<TextLine> {
  const isUpper = ({ text }: TextLine) => text === text.toUpperCase() && /\p{Lu}{3}/u.test(text);
  const look = (line: TextLine) => `${line.size.toFixed(1)}/${line.bold}/${isUpper(line)}`;
  const known = lines.filter((line) => headingKind(line, bodySize) !== null);
  const looks = new Map<string, number>();
  for (const line of known) looks.set(look(line), (looks.get(look(line)) ?? 0) + 1);
  const found = lines.filter((line) => {
    if (line === name || line.bullet || line.segments.length > 1 || headingKind(line, bodySize) !== null)
      return false;
    const outstanding = line.size > bodySize * 1.08 || isUpper(line) || line.heading;
    const words = isSetApart(normalised(line.text)) ? 1 : line.text.split(" ").length;
    return (
      outstanding &&
      words <= headingMaxWords &&
      (looks.get(look(line)) ?? 0) >= 2 &&
      datesIn(line.text) === null
    );
  });
  // Where more of them say nothing than something, they are the heads of entries.
  return new Set(found.length > known.length ? [] : found);
}

/** The largest line of the first page, where it stands out; a name, or what its owner wrote in its place. */
function nameLine(lines: readonly TextLine[], bodySize: number): TextLine | null {
  const possible = lines.filter(
    (line) =>
      line.page === 1 &&
      !line.bullet &&
      couldBeName(line.text) &&
      headingKind(line, bodySize) === null &&
      !isTitleOfPage(line.text),
  );
  const largest = Math.max(...possible.map(({ size }) => size), 0);
  return largest < bodySize * 1.25 ? null : (possible.find(({ size }) => size >= largest - 0.25) ?? null);
}

/** The size of most letters. */
export function usualSize(lines: readonly TextLine[]): number {
  const letters = new Map<number, number>();
  for (const { size, text } of lines) {
    const rounded = Math.round(size * 2) / 2;
    letters.set(rounded, (letters.get(rounded) ?? 0) + text.length);
  }
  return [...letters].sort((one, other) => other[1] - one[1])[0]?.[0] ?? 11;
}

/** In capitals at the left, with the first line of what it heads beside it. */
function headingBeside(line: TextLine, bodySize: number): Section | null {
  const [first, ...others] = line.segments;
  if (first === undefined || others.length === 0 || line.bullet) return null;
  if (first.text !== first.text.toUpperCase() || !/\p{Lu}{4}/u.test(first.text)) return null;
  const kind = headingKind({ ...line, segments: [first], text: first.text }, bodySize);
  if (kind === null) return null;
  const rest = {
    ...line,
    x: others[0]?.x ?? line.x,
    segments: others,
    text: others.map(({ text }) => text).join(" "),
  };
  return { kind, heading: first.text, lines: [rest] };
}

/** Some words, or letters set apart. */
export function couldBeName(text: string): boolean {
  return /^\p{L}(?: \p{L}){3,39}$/u.test(text) || (text.split(" ").length <= 8 && /\p{L}{2}/u.test(text));
}

/** "Lebenslauf" above a name is none. */
export function isTitleOfPage(text: string): boolean {
  return /^(?:curriculum vitae|curriculum|r[eé]sum[eé]|cv|lebenslauf|curr[ií]culum(?: v[ií]tae)?|hoja de vida|europass.*)$/i.test(
    text.trim(),
  );
}

function kindOfHeading(text: string): SectionKind | undefined {
  const words = normalised(text);
  return kinds.get(words) ?? kindOfWords(words);
}

function headingKind(line: TextLine, bodySize: number, inList = false): SectionKind | null {
  if (line.bullet || line.segments.length > 1) return null;
  const words = normalised(line.text);
  const apart = spaced(words);
  const said = kindOfSentence(words);
  if (said !== undefined && (line.bold || line.heading || line.size > bodySize * 1.08)) return said;
  if (words === "" || (apart === undefined && words.split(" ").length > headingMaxWords)) return null;
  const listed = kinds.get(words) ?? apart;
  const known = listed ?? kindOfWords(words);
  const upper = line.text === line.text.toUpperCase() && /\p{Lu}/u.test(line.text);
  const stands = line.heading || line.bold || upper || line.size > bodySize * 1.08 || /:$/.test(line.text);
  if (known === undefined) return null;
  // An ordinary word in the middle of a text is no heading, nor is one of a list.
  return stands || (listed !== undefined && !inList && /^\p{Lu}/u.test(line.text)) ? known : null;
}

function normalised(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replace(/&|\+|\//g, " and ")
    .replace(/[^a-z ]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** "s k i l l s" as letters are set apart in headings, some of them not quite. */
function spaced(words: string): SectionKind | undefined {
  const together = words.replaceAll(" ", "");
  if (!isSetApart(words)) return undefined;
  return [...kinds].find(([name]) => name.replaceAll(" ", "") === together)?.[1];
}
