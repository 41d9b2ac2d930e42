// A posting's rubric by rules alone: what it asks for with verbatim quotes, keywords, constraints and what it leaves open.
import type { Posting } from "../../../../shared/schemas/career/posting.ts";
import type { Keyword, Requirement, Rubric } from "../../../../shared/schemas/career/rubric.ts";
import { careerBounds } from "../../../../shared/schemas/career/bounds.ts";
import { contentStems, wordsOf } from "../../../platform/text/words.ts";
import { skillsIn, type SkillMention } from "../text/skills.ts";
import { clausesOf, sentencesOf } from "./clauses.ts";
import { constraintsOf } from "./constraints.ts";
import { isOffer, mustWords, niceWords, requirementWords } from "./cues.ts";
import { isDenial } from "./denials.ts";
import { postingLines, type PostingLine } from "./lines.ts";
import { sectionsOf, type Section } from "./sections.ts";

/** Raised when the rules change. */
export const rubricVersion = "rules-v3";

interface Asked {
  section: Section | "unknown";
  text: string;
  start: number;
  type: "must" | "nice";
  weight: number;
}

/** The same posting has the same rubric. Every quote is in the text that was given, at its offset. */
export function rubricOf(posting: Pick<Posting, "title" | "rawDescription"> & Partial<Posting>): Rubric {
  const text = posting.extractedText ?? posting.rawDescription;
  const lines = postingLines(text);
  const sections = inSections(lines);
  const asked = sections.flatMap(({ line, section }) => askedIn(line, section));
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
    keywords: keywordsOf(text, sections, asked, mentions),
    constraints: constraintsOf(
      asked.filter(({ type }) => type === "must").map((one) => one.text),
      sections.flatMap(({ line }) => sentencesOf(line)).map((one) => one.text),
    ),
    notes: { ambiguities: ambiguitiesOf(asked) },
  };
}

interface Placed {
  line: PostingLine;
  section: Section | "unknown";
}

/** Items by the course of the whole posting, prose by the heading right above it; headings are left out. */
function inSections(lines: readonly PostingLine[]): Placed[] {
  const items = lines.filter(({ isListed }) => isListed);
  const ofItems = new Map(sectionsOf(items).map((section, at) => [items[at], section]));
  let closed = false;
  return lines.flatMap((line): Placed[] => {
    if (line.heading !== null) {
      closed = false;
      return [];
    }
    const section = ofItems.get(line);
    if (section !== undefined) {
      closed = true;
      return [{ line, section }];
    }
    const { under } = line;
    // Behind a list what is said may be of anything; what the company offers goes on being that.
    const isSaid =
      under === "other" || (!closed && (under === "must" || under === "nice" || under === "duties"));
    return [{ line, section: isSaid ? under : "unknown" }];
  });
}

/** "R or Python, ideally both": one of them is required. */
const ofAllOfIt = /,? (?:and )?(?:ideally|preferably) (?:both|all)\b[^,;]*$/iu;

/** A line's clauses that ask for something. */
function askedIn(line: PostingLine, section: Section | "unknown"): Asked[] {
  return sentencesOf(line)
    .filter(({ text }) => !isDenial(text))
    .flatMap(clausesOf)
    .flatMap(({ text, start }): Asked[] => {
      if (wordsOf(text).length < (line.isListed ? 1 : 2)) return [];
      const nice = line.mark !== "must" && niceWords.test(text.replace(ofAllOfIt, ""));
      const must = !nice && mustWords.test(text);
      if (!asks(text, { line, section, isSaid: nice || must })) return [];
      const type = line.mark ?? (nice || (section === "nice" && !must) ? "nice" : "must");
      return [{ section, text, start, type, weight: weightOf(text, { type, must, section }) }];
    });
}

/** Of the one who reads it, or of whoever applies. */
const person =
  /\b(?:you(?:'|’)?(?:r|re|ve|ll)?|candidates?|applicants?|(?:successful|ideal) (?:person|candidate|applicant)|somebody|someone (?:who|with)|person who)\b/iu;

function asks(
  text: string,
  { line, section, isSaid }: { line: PostingLine; section: Section | "unknown"; isSaid: boolean },
): boolean {
  if (section === "must" || section === "nice") return line.isListed || isSaid || requirementWords.test(text);
  // Duties and offers ask only where they say so themselves.
  if (section === "duties") return isSaid && requirementWords.test(text) && !isOffer(text);
  if (isOffer(text)) return false;
  if (section === "other") return isSaid && requirementWords.test(text) && mustWords.test(text);
  // "Required for September" is the post, not the one who is to fill it.
  if (/^(?:required|needed) (?:for|from|by)\b/iu.test(text)) return false;
  return isSaid || saysWhatOneHas(text);
}

/** Of the work, not of the one who is to do it: "The successful candidate will teach". */
const willDo =
  /\b(?:you(?:(?:'|’)?ll| will|(?:'|’)d| would)|(?:candidate|applicant|post[- ]?holder|job[- ]?holder|person) will)\b(?! (?:also |ideally )?(?:have|need|bring|hold|possess|demonstrate|show|be (?:an?\b|able|fluent|confident|comfortable|registered|qualified|educated)))/iu;

/** In prose, where no heading tells: what one is or has, not what one will do. */
function saysWhatOneHas(text: string): boolean {
  if (/^you (?:are|have|can|know|speak|hold|bring|enjoy|love|should)\b/iu.test(text)) return true;
  if (/^you(?:'|’)ve (?!probably|heard|read|seen|got\b|reached|come|found)/iu.test(text)) return true;
  if (willDo.test(text)) return false;
  if (!requirementWords.test(text)) return false;
  return (
    person.test(text) || /^(?:\p{L}+ ){0,2}(?:experience|knowledge|ability|understanding)\b/iu.test(text)
  );
}

function weightOf(
  text: string,
  { type, must, section }: { type: "must" | "nice"; must: boolean; section: Section | "unknown" },
): number {
  if (type === "nice") return /\b(?:plus|bonus)\b/iu.test(text) ? 1 : 2;
  if (must) return 5;
  return section === "must" ? 4 : 3;
}

function requirementsOf(asked: readonly Asked[], mentions: readonly SkillMention[]): Requirement[] {
  const found = new Map<string, Requirement>();
  for (const { text, start, type, weight } of asked) {
    // "Level 5" is not "Level 7".
    const figures = text.match(/\d+/gu) ?? [];
    const key = [...contentStems(wordsOf(text)), ...figures].sort().join(" ") || text.toLowerCase();
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
  placed: readonly Placed[],
  asked: readonly Asked[],
  mentions: readonly SkillMention[],
): Keyword[] {
  const found = new Map<string, Keyword>();
  const denied = placed.flatMap(({ line }) => sentencesOf(line)).filter((one) => isDenial(one.text));
  const standsIn = inTheirOrder(placed.map((one) => ({ ...one.line, one })));
  const deniedIn = inTheirOrder(denied.map((one) => ({ ...one, end: one.start + one.text.length })));
  const askedBy = inTheirOrder(asked.map((one) => ({ ...one, end: one.start + one.text.length })));
  for (const { skill, start, end } of mentions) {
    const stands = standsIn(start, end)?.one;
    const isAround =
      stands?.section === "other" && (stands.line.under === "other" || isOffer(stands.line.text));
    const isDenied = deniedIn(start, end) !== undefined;
    const own = askedBy(start, end);
    if (isAround || isDenied || /\n/u.test(text.slice(start, end))) continue;
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

/** Which of them holds a place; places are asked for in the order of the text, so that all are looked at once. */
function inTheirOrder<Span extends { start: number; end: number }>(
  spans: readonly Span[],
): (start: number, end: number) => Span | undefined {
  let at = 0;
  return (start, end) => {
    while ((spans[at]?.end ?? Infinity) < end) at += 1;
    const span = spans[at];
    return span !== undefined && span.start <= start ? span : undefined;
  };
}

/** It says clearly that it is no obligation. */
const denied =
  /\b(?:not|no(?:t)? (?:strictly|absolutely)|isn(?:'|’)t|aren(?:'|’)t) (?:required|essential|necessary|mandatory|a must)\b/giu;

/** What a reader would ask back. */
function ambiguitiesOf(asked: readonly Asked[]): string[] {
  const found = asked.flatMap(({ text, section, type }) => [
    ...(mustWords.test(text.replace(denied, "")) && niceWords.test(text)
      ? [`Required or welcome? "${text}"`]
      : []),
    ...(section === "nice" && type === "must"
      ? [`Stands under what is optional, and calls itself required: "${text}"`]
      : []),
    ...(/\b(?:or (?:an? |in an? )?(?:closely |directly )?(?:similar|equivalent|comparable|related)|etc\.?|and\/or|relevant experience|oder (?:\p{L}+ )?(?:vergleichbare?|gleichwertige?|ähnliche?))\b/iu.test(
      text,
    )
      ? [`What else would count is left open: "${text}"`]
      : []),
    ...(/\b(?:several|some|a few|significant|substantial|considerable|extensive|proven|mehrjährige)\s+(?:years|experience|(?:berufs)?erfahrung)\b/iu.test(
      text,
    )
      ? [`How much is left open: "${text}"`]
      : []),
  ]);
  return [...new Set(found)]
    .map((text) => text.slice(0, careerBounds.bulletMaxChars))
    .slice(0, careerBounds.ambiguitiesMaxItems);
}
