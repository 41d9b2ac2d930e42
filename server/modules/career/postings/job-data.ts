// A schema.org JobPosting in a page's JSON-LD: at the root, in a list, or in a graph.
import { z } from "zod";
import { foundPosting, type FoundPosting } from "./found-posting.ts";
import { unescapedHtml } from "./page-text.ts";

/** What is of another kind than the vocabulary says counts as not there. */
const text = z
  .unknown()
  .optional()
  .transform((value) =>
    typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined,
  );
const object = z.record(z.string(), z.unknown());
const listed = z
  .unknown()
  .optional()
  .transform((value): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]));

const jobPostingSchema = z.object({
  title: text,
  name: text,
  description: text,
  responsibilities: text,
  qualifications: text,
  skills: text,
  educationRequirements: text,
  experienceRequirements: text,
  hiringOrganization: z.unknown().optional(),
  jobLocation: listed,
  jobLocationType: text,
  applicantLocationRequirements: listed,
  employmentType: listed,
  baseSalary: z.unknown().optional(),
});

/** Nested graphs end here. */
const depthMost = 6;

/** Null where none of the contents holds one. */
export function postingInData(contents: readonly string[], jobUrl: string): FoundPosting | null {
  for (const content of contents) {
    const found = jobPostingIn(parsed(content), 0);
    if (found === null) continue;
    const job = jobPostingSchema.parse(found);
    const description = unescapedHtml(job.description ?? "");
    const parts = (Object.keys(headingsOf) as (keyof typeof headingsOf)[]).flatMap((name) => {
      const html = job[name];
      return html === undefined ? [] : [{ heading: headingsOf[name], html: unescapedHtml(html) }];
    });
    if (description === "" && parts.length === 0) continue;
    const remote = job.jobLocationType?.toUpperCase() === "TELECOMMUTE" ? ["Remote"] : [];
    const places = [...job.jobLocation, ...(remote.length > 0 ? job.applicantLocationRequirements : [])];
    return foundPosting({
      jobUrl,
      platform: "schema.org",
      title: job.title ?? job.name,
      company: nameOf(job.hiringOrganization),
      location: [...new Set([...remote, ...places.flatMap(placeOf)])].join("; "),
      salary: salaryOf(job.baseSalary),
      employmentType: job.employmentType
        .filter((one) => typeof one === "string")
        .map(employmentOf)
        .join(", "),
      description,
      parts,
    });
  }
  return null;
}

const headingsOf = {
  responsibilities: "Responsibilities",
  qualifications: "Requirements",
  skills: "Skills",
  educationRequirements: "Education",
  experienceRequirements: "Experience",
};

function jobPostingIn(value: unknown, depth: number): Record<string, unknown> | null {
  if (depth > depthMost) return null;
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = jobPostingIn(item, depth + 1);
      if (found !== null) return found;
    }
    return null;
  }
  const fields = object.safeParse(value).data;
  if (fields === undefined) return null;
  const types = [fields["@type"]].flat();
  if (types.some((type) => typeof type === "string" && /(?:^|[/:])JobPosting$/u.test(type))) return fields;
  for (const name of ["@graph", "mainEntity", "itemListElement", "item"]) {
    const found = fields[name] === undefined ? null : jobPostingIn(fields[name], depth + 1);
    if (found !== null) return found;
  }
  return null;
}

/** Pages write line breaks into their strings, which JSON does not allow. */
function parsed(content: string): unknown {
  const bare = content
    .replace(/(?:\/\/|\/\*)?\s{0,9}(?:<!\[CDATA\[|\]\]>)\s*(?:\*\/)?/gu, "")
    .trim()
    .replace(/^<!--|-->$|^\/\*.*?\*\/|;$/gu, "");
  for (const attempt of [bare, bare.replace(/[\n\r\t]+/gu, " ")]) {
    try {
      return JSON.parse(attempt) as unknown;
    } catch {
      // The next attempt, or none: then the page's text is read.
    }
  }
  return null;
}

function nameOf(value: unknown): string | null {
  const [first] = [value].flat();
  if (typeof first === "string") return first;
  const name = object.safeParse(first).data?.["name"];
  return typeof name === "string" ? name : null;
}

function placeOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  const fields = object.safeParse(value).data;
  if (fields === undefined) return [];
  const { address = fields } = fields;
  if (typeof address === "string") return [address];
  const parts = object.safeParse(address).data ?? {};
  const named = ["addressLocality", "addressRegion", "addressCountry"].flatMap(
    (name) => nameOf(parts[name]) ?? [],
  );
  const place = named.length > 0 ? named.join(", ") : nameOf(fields);
  return place === null ? [] : [place];
}

const employmentNames: Record<string, string> = {
  FULL_TIME: "Full-time",
  PART_TIME: "Part-time",
  CONTRACTOR: "Contract",
  TEMPORARY: "Temporary",
  INTERN: "Internship",
  VOLUNTEER: "Volunteer",
  PER_DIEM: "By the day",
};

function employmentOf(value: unknown): string {
  const said = String(value);
  return employmentNames[said.toUpperCase().replace(/[\s-]+/gu, "_")] ?? said;
}

function salaryOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  const salary = object.safeParse(value).data;
  if (salary === undefined) return null;
  const amount = object.safeParse(salary["value"]).data ?? { value: salary["value"] };
  const [least, most, exact] = ["minValue", "maxValue", "value"].map((name) => figureOf(amount[name]));
  const range =
    least !== null && most !== null && least !== most ? `${least}–${most}` : (exact ?? least ?? most);
  if (range === null || range === undefined) return null;
  const unit = amount["unitText"] ?? salary["unitText"];
  const currency = salary["currency"] ?? amount["currency"];
  return [
    typeof currency === "string" ? currency : "",
    range,
    typeof unit === "string" ? `per ${unit.toLowerCase()}` : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function figureOf(value: unknown): string | null {
  const figure =
    typeof value === "number" ? value : typeof value === "string" ? Number(value.replace(/,/gu, "")) : NaN;
  return Number.isFinite(figure) && figure > 0
    ? figure.toLocaleString("en-GB", { maximumFractionDigits: 2 })
    : null;
}
