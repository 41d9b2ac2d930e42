// Which part of a résumé lines belong to: headings by their words, in several wordings and languages.
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

/** In the order of the page; what stands before the first heading is the header. */
export function sectionsOf(lines: readonly TextLine[]): Section[] {
  const sections: Section[] = [{ kind: "header", heading: "", lines: [] }];
  const bodySize = usualSize(lines);
  const name = nameLine(lines, bodySize);
  for (const line of lines) {
    const kind = headingKind(line, bodySize);
    // Beside a column that was read before it.
    if (line === name) sections.push({ kind: "header", heading: "", lines: [line] });
    else if (kind === null) sections.at(-1)?.lines.push(line);
    else sections.push({ kind, heading: line.text, lines: [] });
  }
  return sections;
}

/** The largest line of the first page, where it stands out; a name, or what its owner wrote in its place. */
function nameLine(lines: readonly TextLine[], bodySize: number): TextLine | null {
  const possible = lines.filter(
    (line) =>
      line.page === 1 &&
      !line.bullet &&
      line.text.split(" ").length <= 8 &&
      /\p{L}{2}/u.test(line.text) &&
      headingKind(line, bodySize) === null &&
      !/^(?:curriculum vitae|r[eé]sum[eé]|cv)$/i.test(line.text),
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

function headingKind(line: TextLine, bodySize: number): SectionKind | null {
  if (line.bullet || line.segments.length > 1) return null;
  const words = normalised(line.text);
  const apart = spaced(words);
  if (words === "" || (apart === undefined && words.split(" ").length > headingMaxWords)) return null;
  const known = kinds.get(words) ?? apart;
  const upper = line.text === line.text.toUpperCase() && /\p{Lu}/u.test(line.text);
  const stands = line.heading || line.bold || upper || line.size > bodySize * 1.08 || /:$/.test(line.text);
  if (known === undefined) return null;
  // An ordinary word in the middle of a text is no heading.
  return stands || /^\p{Lu}/u.test(line.text) ? known : null;
}

function normalised(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/&|\+|\//g, " and ")
    .replace(/[^a-z ]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** "s k i l l s" as letters are set apart in headings, some of them not quite. */
function spaced(words: string): SectionKind | undefined {
  const pieces = words.split(" ");
  const together = pieces.join("");
  if (pieces.length < 4 || together.length > pieces.length * 1.7) return undefined;
  return [...kinds].find(([name]) => name.replaceAll(" ", "") === together)?.[1];
}
