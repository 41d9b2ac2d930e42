// Two résumés compared field by field: a field counts where it is said under the right role, project or study.
import { skillCategories, type ResumeContent } from "../../shared/schemas/career/resume.ts";

export interface Counts {
  expected: number;
  found: number;
  right: number;
}

export const fieldKinds = [
  "contact",
  "summary",
  "employer",
  "title",
  "dates",
  "place",
  "bullet under its role",
  "project",
  "study",
  "skill",
  "award",
  "link",
] as const;
export type FieldKind = (typeof fieldKinds)[number];

/** Texts by their kind; each text names what it belongs to. `found` null: nothing was read. */
export function compareResumes(
  truth: ResumeContent,
  found: ResumeContent | null,
  miss: (sentence: string) => void,
): Map<FieldKind, Counts> {
  const [wanted, had] = [fieldsOf(truth), found === null ? new Map<FieldKind, string[]>() : fieldsOf(found)];
  return new Map(
    fieldKinds.map((kind) => {
      const expected = wanted.get(kind) ?? [];
      const left = [...(had.get(kind) ?? [])];
      const all = left.length;
      let right = 0;
      for (const text of expected) {
        const at = left.indexOf(text);
        if (at < 0) {
          miss(`${kind} missing: ${text}`);
          continue;
        }
        left.splice(at, 1);
        right += 1;
      }
      for (const text of left) miss(`${kind} not there: ${text}`);
      return [kind, { expected: expected.length, found: all, right }];
    }),
  );
}

function fieldsOf(content: ResumeContent): Map<FieldKind, string[]> {
  const fields = new Map<FieldKind, string[]>();
  const put = (kind: FieldKind, under: string, text: string | undefined) => {
    if (text === undefined || plain(text) === "") return;
    const list = fields.get(kind) ?? [];
    fields.set(kind, [...list, under === "" ? plain(text) : `${plain(under)} > ${plain(text)}`]);
  };
  for (const [name, value] of Object.entries(content.basics)) put("contact", name, value);
  put("summary", "", content.summary);
  for (const role of content.workExperience) {
    // Whose it is says the employer and when: several roles at one are told apart.
    const under = `${role.company} ${role.dateRange}`;
    put("employer", "", role.company);
    put("title", role.company, role.title);
    put("dates", role.company, role.dateRange);
    put("place", under, role.location);
    for (const { text } of role.bullets) put("bullet under its role", under, text);
  }
  for (const project of content.projects) {
    put("project", project.name, project.date ?? "-");
    for (const { text } of project.bullets) put("bullet under its role", project.name, text);
  }
  for (const study of content.education) {
    put("study", study.institution, "school");
    put("study", study.institution, study.degree);
    put("study", `${study.institution} dates`, study.dates);
  }
  for (const category of skillCategories)
    for (const skill of content.skills[category]) put("skill", "", skill);
  for (const { name, year } of content.awards) put("award", name, year);
  for (const link of content.links)
    put("link", "", link.replace(/^https?:\/\/(?:www\.)?|^www\./, "").replace(/\/$/, ""));
  return fields;
}

/** Neither dashes nor case nor spaces make a difference. */
function plain(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\u2010-\u2015]/g, "-")
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}
