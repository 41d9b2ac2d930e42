// What a source says of a posting, brought to the bounds that postings have.
import { AppError } from "../../../../shared/errors.ts";
import { careerBounds as bounds } from "../../../../shared/schemas/career/bounds.ts";
import { plainLines, textOfHtml } from "./page-text.ts";

export interface FoundPosting {
  /** Empty where it is not from the web. */
  jobUrl: string;
  platform: string;
  title: string;
  company: string | null;
  location: string | null;
  salary: string | null;
  employmentType: string | null;
  seniority: string | null;
  /** As the source gave it. */
  rawDescription: string;
  /** What is shown, and what quotes are taken from. */
  extractedText: string;
}

/** Less says nothing that a résumé could be made for. */
const textMinChars = 40;

/** `description` may be HTML; `parts` follow it under their headings, where it does not hold them already. */
export function foundPosting(source: {
  jobUrl: string;
  platform: string;
  title: string | null | undefined;
  company?: string | null | undefined;
  location?: string | null | undefined;
  salary?: string | null | undefined;
  employmentType?: string | null | undefined;
  description: string;
  parts?: readonly { heading: string; html: string }[];
}): FoundPosting {
  const parts = source.parts ?? [];
  const sections = [textOfHtml(source.description)];
  for (const { heading, html } of parts) {
    const text = textOfHtml(html);
    if (text !== "" && !folded(sections.join("\n")).includes(folded(text)))
      sections.push([plainLines(heading), text].filter((line) => line !== "").join("\n"));
  }
  const extractedText = sections.filter((section) => section !== "").join("\n\n");
  if (extractedText.length < textMinChars)
    throw new AppError(
      "VALIDATION_ERROR",
      "There is no posting to be read here: it may be shown by a program alone. Paste its text instead.",
    );
  if (extractedText.length > bounds.postingMaxChars)
    throw new AppError(
      "VALIDATION_ERROR",
      "This is much longer than a posting. Paste the text of the posting alone.",
    );
  const raw = plainRaw(
    [source.description, ...parts.map(({ heading, html }) => `<h3>${heading}</h3>${html}`)].join("\n"),
  );
  const title = lineOf(source.title, bounds.labelMaxChars) ?? titleIn(extractedText);
  const short = (text: string | null | undefined) => lineOf(text, bounds.shortTextMaxChars);
  return {
    jobUrl: source.jobUrl,
    platform: source.platform,
    title,
    company: short(source.company),
    location: short(source.location),
    salary: short(source.salary),
    employmentType: short(source.employmentType),
    seniority: seniorityOf(title),
    rawDescription: raw.length <= bounds.postingMaxChars ? raw : extractedText,
    extractedText,
  };
}

/** The first line that says something; a posting has a title. */
function titleIn(text: string): string {
  const first = text.split("\n").find((line) => line.trim() !== "") ?? "";
  return (
    lineOf(first.replace(/^(?:[-•*#]|job title:?|position:?)\s*/iu, ""), bounds.labelMaxChars) ?? "Posting"
  );
}

const levels: readonly [string, RegExp][] = [
  ["Internship", /\b(?:intern(?:ship)?|trainee|apprentice|working student)\b/iu],
  ["Entry", /\b(?:junior|jr|entry[- ]level|graduate)\b/iu],
  ["Director", /\b(?:director|vice president|vp|head of|chief)\b/iu],
  ["Lead", /\b(?:staff|principal|lead|manager)\b/iu],
  ["Senior", /\b(?:senior|sr|experienced)\b/iu],
  ["Mid", /\b(?:mid[- ]?level|intermediate)\b/iu],
];

function seniorityOf(title: string): string | null {
  return levels.find(([, pattern]) => pattern.test(title))?.[0] ?? null;
}

function lineOf(text: string | null | undefined, maxChars: number): string | null {
  const line = plainLines(text ?? "")
    .replace(/\s+/gu, " ")
    .slice(0, maxChars)
    .trim();
  return line === "" ? null : line.toWellFormed();
}

function plainRaw(text: string): string {
  const whole = text.toWellFormed().normalize("NFC");
  // eslint-disable-next-line no-control-regex -- these are what schemas refuse
  return whole.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/gu, "").trim();
}

function folded(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s-]+/gu, " ")
    .trim();
}
