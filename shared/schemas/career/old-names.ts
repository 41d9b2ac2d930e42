// Brings a résumé in JSON under the names of today, so that files of earlier versions can be read.

type Fields = Record<string, unknown>;

/** By today's name: what else it was called, the first that is there counts. */
type Names = Readonly<Record<string, readonly string[]>>;

const topNames: Names = {
  basics: ["personalInfo", "personal_info", "contact", "header"],
  summary: ["professional_summary", "professionalSummary", "objective", "about"],
  skills: ["technical_skills", "technicalSkills"],
  workExperience: ["work_experience", "experience", "experiences", "work", "employment"],
  projects: ["personal_projects", "project"],
  education: ["educations"],
  awards: ["honors", "honours", "achievements", "awards_and_recognition"],
  mentorship: ["mentoring"],
  links: ["urls", "profiles"],
};
const basicsNames: Names = {
  name: ["fullName", "full_name"],
  headline: ["label", "title"],
  email: ["mail"],
  phone: ["telephone", "mobile"],
  location: ["address", "city"],
};
const roleNames: Names = {
  roleId: ["role_id", "id"],
  company: ["employer", "organization", "organisation", "name"],
  title: ["role", "position", "job_title", "jobTitle"],
  dateRange: ["dates", "date_range", "date", "duration", "period"],
  bullets: ["highlights", "responsibilities", "bullet_points", "bulletPoints", "points", "description"],
};
const projectNames: Names = {
  projectId: ["project_id", "id"],
  name: ["projectName", "project_name", "title"],
  date: ["dates", "dateRange", "date_range", "year"],
  url: ["link", "website"],
  bullets: ["highlights", "bullet_points", "bulletPoints", "points", "description"],
};
const educationNames: Names = {
  institution: ["school", "university", "college"],
  degree: ["qualification", "studyType"],
  dates: ["dateRange", "date_range", "date", "year"],
  gpa: ["score", "grade"],
};
const awardNames: Names = {
  name: ["title", "award"],
  issuer: ["awarder", "organization", "by"],
  year: ["date", "dates"],
  details: ["summary", "description"],
};
const bulletNames: Names = { bulletId: ["bullet_id", "id"], text: ["bullet", "content", "originalText"] };

/** Lists where a list is missing; what is no object is left to the schema, which says what is wrong. */
export function underCurrentNames(input: unknown): unknown {
  if (!isFields(input)) return input;
  const found = renamed(input, topNames);
  const basics = isFields(found["basics"]) ? found["basics"] : {};
  return {
    ...found,
    basics: renamed(
      { ...pick(input, ["name", "fullName", "full_name", "email", "phone", "location"]), ...basics },
      basicsNames,
    ),
    skills: skillsOf(found["skills"]),
    workExperience: listOf(found["workExperience"], roleNames, withBullets),
    projects: listOf(found["projects"], projectNames, withBullets),
    education: listOf(found["education"], educationNames, withTexts(["degree", "dates"])),
    awards: listOf(found["awards"], awardNames, (award) =>
      withTexts(["issuer", "year"])(typeof award === "string" ? { name: award } : award),
    ),
    mentorship: found["mentorship"] ?? [],
    links: linksOf(found["links"]),
  };
}

function listOf(value: unknown, names: Names, complete: (item: unknown) => unknown): unknown {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) => complete(isFields(item) ? renamed(item, names) : item));
}

function withBullets(item: unknown): unknown {
  if (!isFields(item)) return item;
  const { bullets } = item;
  const lines =
    typeof bullets === "string" ? bullets.split("\n").filter((line) => line.trim() !== "") : bullets;
  const completed = withTexts(["title", "dateRange"])(item) as Fields;
  if (lines === undefined || lines === null) return { ...completed, bullets: [] };
  if (!Array.isArray(lines)) return completed;
  return {
    ...completed,
    bullets: lines.map((line: unknown) =>
      typeof line === "string" ? { text: line } : isFields(line) ? renamed(line, bulletNames) : line,
    ),
  };
}

/** Texts that may be empty but not missing. */
function withTexts(fields: readonly string[]): (item: unknown) => unknown {
  return (item) => {
    if (!isFields(item)) return item;
    return { ...item, ...Object.fromEntries(fields.map((field) => [field, item[field] ?? ""])) };
  };
}

/** A plain list, or groups of other names, go to the other skills: nothing gets lost. */
function skillsOf(value: unknown): unknown {
  if (value === undefined || value === null) return {};
  if (Array.isArray(value)) return { other_skills: value };
  if (!isFields(value)) return value;
  const known = new Set([
    "programming_languages",
    "frameworks_libraries",
    "tools_cloud_technologies",
    "data_science_analytics",
    "machine_learning_ai",
    "other_skills",
  ]);
  const other = Object.entries(value).flatMap(([name, list]) =>
    name !== "other_skills" && known.has(name) ? [] : Array.isArray(list) ? (list as unknown[]) : [list],
  );
  const named = Object.fromEntries(Object.entries(value).filter(([name]) => known.has(name)));
  return { ...named, other_skills: other };
}

function linksOf(value: unknown): unknown {
  if (value === undefined || value === null) return [];
  if (isFields(value)) return Object.values(value);
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) => (isFields(item) ? (item["url"] ?? item["link"] ?? item) : item));
}

function renamed(fields: Fields, names: Names): Fields {
  const result: Fields = { ...fields };
  for (const [name, olds] of Object.entries(names)) {
    const used = olds.find((old) => result[name] === undefined && fields[old] !== undefined);
    if (used === undefined) continue;
    // Other tools have ids of other forms: then it is given one here.
    if (name.endsWith("Id") && !/^[a-z0-9_]{1,120}$/.test(String(fields[used]))) continue;
    result[name] = fields[used];
    if (!Object.hasOwn(names, used)) delete result[used];
  }
  for (const [name, value] of Object.entries(result)) {
    // JSON writes null where a field is empty, and years as numbers.
    if (value === null) delete result[name];
    else if (typeof value === "number") result[name] = String(value);
  }
  return result;
}

function pick(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(
    names.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]),
  );
}

/** Whether roles that stand under `work`, as JSON Resume's do, have fields that only ours and its older names have. */
export function areOurRoles(work: readonly unknown[]): boolean {
  const standard = ["name", "company", "position", "highlights", "description", "id"];
  const own = Object.entries(roleNames)
    .flatMap(([name, olds]) => [name, ...olds])
    .filter((name) => !standard.includes(name));
  return work.some((role) => isFields(role) && !("highlights" in role) && own.some((name) => name in role));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
