// A posting's rubric by rules alone: what it asks for with verbatim quotes, keywords, constraints and what it leaves open.
import type { Posting } from "../../../../shared/schemas/career/posting.ts";
import type { Keyword, Requirement, Rubric } from "../../../../shared/schemas/career/rubric.ts";
import { careerBounds } from "../../../../shared/schemas/career/bounds.ts";
import { contentStems, wordsOf } from "../../../platform/text/words.ts";
import { skillsIn, type SkillMention } from "../text/skills.ts";
import { constraintsOf } from "./constraints.ts";
import { postingLines, type PostingLine } from "./lines.ts";

/** Raised when the rules change. */
export const rubricVersion = "rules-v1";

const mustWords =
  /\b(?:must|essential|required?|requires|mandatory|need(?:s|ed)? to|at least|minimum|prerequisite|necessary)\b/iu;
const niceWords =
  /\b(?:nice to have|preferred|preferably|preference|desirable|desired|bonus|a plus|ideally|advantage(?:ous)?|beneficial|would be (?:great|good|useful|helpful|welcome)|not (?:essential|required|necessary)|optional|an asset|welcome|good to have)\b/iu;
const cues =
  /\b(?:experience|experienced|knowledge|proficien(?:t|cy)|ability to|able to|familiar(?:ity)?|understanding|degree|qualification|certificat(?:e|ion)|certified|licen[cs]e|registration|skills?|skilled|fluen(?:t|cy)|background in|track record|competen(?:t|ce|cy)|expertise|years?|diploma|trained|confident|willing(?:ness)?)\b/iu;

interface Asked {
  line: PostingLine;
  text: string;
  start: number;
  type: "must" | "nice";
  weight: number;
}

/** The same posting has the same rubric. Every quote is in the text that was given, at its offset. */
export function rubricOf(posting: Pick<Posting, "title" | "rawDescription"> & Partial<Posting>): Rubric {
  const text = posting.extractedText ?? posting.rawDescription;
  const lines = postingLines(text);
  const asked = lines.filter(({ isHeading }) => !isHeading).flatMap(askedIn);
  const mentions = skillsIn(text);
  const { title, company, location, employmentType, seniority, jobUrl, platform } = posting;
  const optional = { company, location, employmentType, seniority, jobUrl, platform };
  return {
    version: rubricVersion,
    jobMeta: {
      jobTitle: title,
      ...Object.fromEntries(
        Object.entries(optional).filter(([, value]) => value !== undefined && value !== ""),
      ),
    },
    requirements: requirementsOf(asked, mentions),
    keywords: keywordsOf(text, lines, asked, mentions),
    constraints: constraintsOf(lines.filter(({ state }) => state !== "other").map((line) => line.text)),
    notes: { ambiguities: ambiguitiesOf(asked) },
  };
}

/** A line's sentences that ask for something. */
function askedIn(line: PostingLine): Asked[] {
  if (line.state === "other") return [];
  const inSection = line.state === "must" || line.state === "nice";
  return sentencesOf(line).flatMap(({ text, start }): Asked[] => {
    const nice = niceWords.test(text);
    const must = !nice && mustWords.test(text);
    // Duties ask only where they say so, prose and bare lists where they speak of what one has.
    const asks =
      must || nice || (line.state !== "duties" && (cues.test(text) || (inSection && line.isListed)));
    if (!asks || wordsOf(text).length < 2) return [];
    const type = nice || (line.state === "nice" && !must) ? "nice" : "must";
    const weight =
      type === "must"
        ? must
          ? 5
          : line.state === "must"
            ? 4
            : 3
        : /\b(?:plus|bonus)\b/iu.test(text)
          ? 1
          : 2;
    return [{ line, text, start, type, weight }];
  });
}

function sentencesOf({ text, start }: PostingLine): { text: string; start: number }[] {
  const found: { text: string; start: number }[] = [];
  for (const match of text.matchAll(/\S(?:[^.!?;]|[.!?](?!\s+\p{Lu}|$)|;(?!\s))*[.!?;]?/gu))
    found.push({ text: match[0].trimEnd().replace(/;$/u, ""), start: start + match.index });
  return found;
}

function requirementsOf(asked: readonly Asked[], mentions: readonly SkillMention[]): Requirement[] {
  const found = new Map<string, Requirement>();
  for (const { text, start, type, weight } of asked) {
    const key = contentStems(wordsOf(text)).sort().join(" ") || text.toLowerCase();
    const same = found.get(key);
    const offset = { start, end: start + text.length };
    if (same !== undefined) {
      // Asked for twice: the stricter counts, and a little more.
      same.type = same.type === "must" || type === "must" ? "must" : "nice";
      same.weight = Math.min(5, Math.max(same.weight, weight) + 1);
      if (same.jdEvidence.length < careerBounds.quotesMaxItems) {
        same.jdEvidence.push(text);
        same.jdOffsets.push(offset);
      }
      continue;
    }
    if (found.size >= careerBounds.requirementsMaxItems || text.length > careerBounds.bulletMaxChars)
      continue;
    const own = mentions.find((mention) => mention.start >= start && mention.end <= offset.end);
    found.set(key, {
      reqId: `R${found.size + 1}`,
      type,
      weight,
      requirement: text.replace(/[.\s]+$/u, "") || text,
      jdEvidence: [text],
      jdOffsets: [offset],
      category: own?.skill.category ?? categoryOf(text),
    });
  }
  return [...found.values()];
}

const categories: readonly [string, RegExp][] = [
  ["education", /\b(?:degree|diploma|bachelor|master|phd|a-levels?|gcses?|education)\b/iu],
  ["certification", /\b(?:certificat|certified|licen[cs]e|registration|registered|chartered)/iu],
  ["work_authorization", /\b(?:right to work|visa|work permit|authori[sz]ed to work|clearance|sponsor)/iu],
  [
    "soft_skills",
    /\b(?:communicat|team|interpersonal|leadership|organi[sz]|motivat|attention to detail|problem[- ]solving)/iu,
  ],
  ["experience", /\byears?\b/iu],
];

function categoryOf(text: string): string {
  return categories.find(([, pattern]) => pattern.test(text))?.[0] ?? "other";
}

function keywordsOf(
  text: string,
  lines: readonly PostingLine[],
  asked: readonly Asked[],
  mentions: readonly SkillMention[],
): Keyword[] {
  const found = new Map<string, Keyword>();
  for (const { skill, start, end } of mentions) {
    const line = lines.find((one) => start >= one.start && end <= one.end);
    if (line === undefined || line.state === "other") continue;
    const own = asked.find((one) => start >= one.start && end <= one.start + one.text.length);
    const importance = own?.weight ?? 2;
    const known = found.get(skill.name);
    const quote = text.slice(start, end);
    if (known === undefined)
      found.set(skill.name, {
        term: skill.name,
        importance,
        type: skill.type,
        jdEvidence: [quote],
        jdOffsets: [{ start, end }],
      });
    else if (known.jdEvidence.length < careerBounds.quotesMaxItems) {
      known.importance = Math.max(known.importance, importance);
      known.jdEvidence.push(quote);
      known.jdOffsets.push({ start, end });
    }
  }
  return [...found.values()]
    .sort((a, b) => b.importance - a.importance)
    .slice(0, careerBounds.keywordsMaxItems);
}

/** What a reader would ask back. */
function ambiguitiesOf(asked: readonly Asked[]): string[] {
  const found = asked.flatMap(({ text, line, type }) => [
    ...(mustWords.test(text) && niceWords.test(text) ? [`Required or welcome? "${text}"`] : []),
    ...(line.state === "nice" && type === "must"
      ? [`Stands under what is optional, and calls itself required: "${text}"`]
      : []),
    ...(/\b(?:or similar|or equivalent|etc\.?|and\/or|relevant experience)\b/iu.test(text)
      ? [`What else would count is left open: "${text}"`]
      : []),
    ...(/\b(?:several|some|a few|significant|extensive|proven)\s+(?:years|experience)\b/iu.test(text)
      ? [`How much is left open: "${text}"`]
      : []),
  ]);
  return [...new Set(found)]
    .map((text) => text.slice(0, careerBounds.bulletMaxChars))
    .slice(0, careerBounds.ambiguitiesMaxItems);
}
