// What a model says of a posting, checked against its text: a statement stays only with words that stand there.
import { careerBounds as bounds } from "../../../../shared/schemas/career/bounds.ts";
import type { Keyword, Requirement, Rubric } from "../../../../shared/schemas/career/rubric.ts";

/** As a model answers; nothing of it is trusted. */
export interface ReadPosting {
  requirements: readonly {
    type: "must" | "nice";
    weight: number;
    requirement: string;
    category: string;
    quotes: readonly string[];
  }[];
  keywords: readonly { term: string; importance: number; type: Keyword["type"]; quotes: readonly string[] }[];
  yearsExperienceMin: number | null;
  /** Quotes. */
  education: readonly string[];
  certifications: readonly string[];
  workAuthorization: readonly string[];
  ambiguities: readonly string[];
}

/** Quotes that differ in case and spaces alone are taken as they stand in the text; others are dropped and counted. */
export function verifiedRubric(
  read: ReadPosting,
  text: string,
): { rubric: Pick<Rubric, "requirements" | "keywords" | "constraints" | "notes">; droppedQuotes: number } {
  const find = finderIn(text);
  let droppedQuotes = 0;
  const held = (quotes: readonly string[]) => {
    const found = quotes.slice(0, bounds.quotesMaxItems).map(find);
    const places = found.filter((place) => place !== null);
    droppedQuotes += found.length - places.length;
    return {
      jdEvidence: places.map(({ start, end }) => text.slice(start, end)),
      jdOffsets: places,
    };
  };
  const requirements: Requirement[] = [];
  for (const { type, weight, requirement, category, quotes } of read.requirements) {
    const evidence = held(quotes);
    const said = line(requirement);
    if (evidence.jdEvidence.length === 0 || said === "" || requirements.length >= bounds.requirementsMaxItems)
      continue;
    requirements.push({
      reqId: `R${requirements.length + 1}`,
      type,
      weight: fromOneToFive(weight),
      requirement: said,
      ...evidence,
      category: line(category).slice(0, bounds.labelMaxChars) || "other",
    });
  }
  const keywords: Keyword[] = [];
  for (const { term, importance, type, quotes } of read.keywords) {
    const evidence = held(quotes);
    const said = line(term);
    const known = keywords.some((one) => one.term.toLowerCase() === said.toLowerCase());
    if (evidence.jdEvidence.length === 0 || said === "" || known) continue;
    if (keywords.length < bounds.keywordsMaxItems)
      keywords.push({ term: said, importance: fromOneToFive(importance), type, ...evidence });
  }
  const constraint = (quotes: readonly string[]) => held(quotes).jdEvidence;
  const [education, certifications, workAuthorization] = [
    constraint(read.education),
    constraint(read.certifications),
    constraint(read.workAuthorization),
  ];
  const years = read.yearsExperienceMin;
  // A number of years that no quote has is one of the model's own.
  const isSaid = years !== null && years >= 0 && years <= 60 && saysYears(text, years);
  return {
    droppedQuotes,
    rubric: {
      requirements,
      keywords,
      constraints: {
        ...(isSaid ? { yearsExperienceMin: years } : {}),
        ...(education.length === 0 ? {} : { education }),
        ...(certifications.length === 0 ? {} : { certifications }),
        ...(workAuthorization.length === 0 ? {} : { workAuthorization }),
      },
      notes: {
        ambiguities: read.ambiguities
          .map(line)
          .filter((one) => one !== "")
          .slice(0, bounds.ambiguitiesMaxItems),
      },
    },
  };
}

function finderIn(text: string): (quote: string) => { start: number; end: number } | null {
  const { folded, starts } = foldedWithPlaces(text);
  return (quote) => {
    const trimmed = quote.trim();
    if (trimmed === "" || trimmed.length > bounds.bulletMaxChars) return null;
    const at = text.indexOf(trimmed);
    if (at !== -1) return { start: at, end: at + trimmed.length };
    const wanted = foldedWithPlaces(trimmed).folded;
    const found = folded.indexOf(wanted);
    if (wanted === "" || found === -1) return null;
    const last = starts[found + wanted.length - 1] ?? 0;
    return { start: starts[found] ?? 0, end: last + 1 };
  };
}

/** Lower case, single spaces, straight marks; for each unit where it stands in the text. */
function foldedWithPlaces(text: string): { folded: string; starts: number[] } {
  let folded = "";
  const starts: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const unit = (text[at] ?? "").replace(/[‘’]/u, "'").replace(/[“”]/u, '"');
    const one = /\s/u.test(unit) ? " " : unit.toLowerCase();
    if (one.length !== 1 || (one === " " && folded.endsWith(" "))) continue;
    folded += one;
    starts.push(at);
  }
  return { folded, starts };
}

function line(text: string): string {
  return text.replace(/\s+/gu, " ").trim().slice(0, bounds.bulletMaxChars).toWellFormed();
}

function fromOneToFive(value: number): number {
  return Number.isFinite(value) ? Math.min(5, Math.max(1, Math.round(value))) : 3;
}

const numberWords = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");

function saysYears(text: string, years: number): boolean {
  const word = numberWords[years];
  return new RegExp(`\\b(?:${years}${word === undefined ? "" : `|${word}`})\\b`, "iu").test(text);
}
