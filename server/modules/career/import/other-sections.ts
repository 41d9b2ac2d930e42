// Studies, skills and awards: sections whose lines are read otherwise than those of roles.
import type { SkillCategory } from "../../../../shared/schemas/career/resume.ts";
import { tidyDates, trimmed } from "./find-dates.ts";
import { couldBePlace, isPlace } from "./heads.ts";
import { joined, type TextLine } from "./lines.ts";
import type { Entry } from "./entries.ts";
import { kindOfWords } from "./heading-words.ts";

const institution =
  /(?<!\p{L})(?:\p{L}*schule|\p{L}*akademie|[ée]cole|escuela|scuola|istituto|universit\u00e0|universidade|facult[eé]|facultad|iut|hogeschool|kolleg|colegio|coll[eè]ge|university|universit\u00e4t|universit\u00e9|universidad|universiteit|college|school|schule|institute|instituto|institut|academy|polytechnic|hochschule|eth|epfl|mit|ucla|ucl|caltech|lse|iit|insead|conservatory|seminary|bootcamp|lyc\u00e9e|gymnasium)(?!\p{L})/iu;
const degree =
  /(?<!\p{L})(?:b\.?\s?sc|b\.?\s?a|b\.?\s?s|b\.?\s?eng|b\.?\s?tech|b\.?\s?ed|b\.?\s?com|b\.?\s?f\.?\s?a|m\.?\s?sc|m\.?\s?a|m\.?\s?s|m\.?\s?eng|m\.?\s?tech|m\.?\s?ed|m\.?\s?phil|m\.?\s?b\.?\s?a|m\.?\s?p\.?\s?h|m\.?\s?f\.?\s?a|ph\.?\s?d|m\.?\s?d|j\.?\s?d|ll\.?\s?[bm]|bsn|msn|adn|bachelor|master|doctor|doctorate|associate|diploma|diplom|certificate|licen[cs]e|minor|major|a-levels?|gcse|ged|abitur|matura|baccalaureate|exchange|high school diploma|apprenticeship|postgraduate|undergraduate|pg[cd]e|pgdip|pgcert|diplom-?\p{L}*|ausbildung|fachabitur|mittlere reife|staatsexamen|promotion|magister|lizentiat|licenciatura|licenciad[oa]|grado|m[\u00e1a]ster|maestr\u00eda|doctorado|doctorat|dipl[\u00f4o]me|ma[\u00eei]trise|bac|bts|dut|laurea|dottorato|mestrado|hnc|hnd|btec|nvq|foundation degree)(?:'?s)?(?!\p{L})/iu;
const grade =
  /\b(?:gpa|grade|cgpa|average|final mark|note)\s*[:=]?\s*((?:\d+[.,]\d+|\d+)(?:\s?\/\s?(?:\d+[.,]?\d*))?)|\b((?:\d[.,]\d+)\s?\/\s?\d[.,]?\d*)(?:\s*gpa)?/i;
const honours = /\b(?:first[- ]class(?: honours)?|(?:summa |magna )?cum laude|with distinction|2:1|2:2)\b/i;

export function isDegree(text: string): boolean {
  return degree.test(text) && !institution.test(text);
}

export interface Study {
  institution: string;
  degree: string;
  dates: string;
  location?: string;
  gpa?: string;
}

export function studyOf(entry: Entry): Study | null {
  let gpa: string | undefined;
  let location: string | undefined;
  const parts: string[] = [];
  const all = [...entry.heads.flat(), ...entry.bullets];
  const schools = all.filter((text) => institution.test(text));
  for (const [index, piece] of all.entries()) {
    const marked = grade.exec(piece);
    gpa ??= marked?.[1] ?? marked?.[2];
    const text = trimmed(marked === null ? piece : piece.replace(marked[0], " "));
    if (text === "" || (index >= entry.heads.flat().length && !degree.test(text) && !institution.test(text)))
      continue;
    // "Craft Certificate - Electrical": the school stands elsewhere.
    const alone =
      !institution.test(text) && schools.length > 0 && degree.test(text.split(/\s+-\s+/)[0] ?? "");
    for (const part of alone
      ? dividedStudy(text.replace(/\s+-\s+/g, "\u0000")).map(withDashes)
      : dividedStudy(text)) {
      if (
        isPlace(part) ||
        (location === undefined &&
          parts.length >= 2 &&
          couldBePlace(part) &&
          !degree.test(part) &&
          !institution.test(part) &&
          !honours.test(part))
      )
        location ??= part;
      else parts.push(part);
    }
  }
  const school =
    parts.find((part) => institution.test(part) && !(degree.test(part) && /^(?:b|m|ph)/i.test(part))) ??
    parts.find((part) => institution.test(part));
  const title =
    parts.find((part) => part !== school && degree.test(part)) ?? parts.find((part) => part !== school);
  const name = school ?? (title === undefined ? undefined : parts.find((part) => part !== title)) ?? title;
  if (name === undefined) return null;
  const honour = parts.find((part) => part !== name && part !== title && honours.test(part));
  const value = gpa ?? (honour === undefined ? undefined : honours.exec(honour)?.[0]);
  return {
    institution: name,
    degree: name === title ? "" : (title ?? ""),
    dates: tidyDates(entry.dates),
    ...(location === undefined ? {} : { location }),
    ...(value === undefined ? {} : { gpa: value }),
  };
}

function withDashes(text: string): string {
  return text.replaceAll("\u0000", " - ");
}

/** What is part of a school may come before its name. */
const facult = /^(?:department|dept|faculty|fakult\u00e4t|fachbereich|division|chair)(?!\p{L})/iu;
/** Its city is part of its name. */
const namedByCity = /(?:university of [\p{L} ]+|(?:indian|national) institute of [\p{L} ]+)$/iu;

/** "BSc Physics, University of Bern, Bern, Switzerland" in its three parts. */
function dividedStudy(text: string): string[] {
  const parts = text
    .split(/\s+[|\u00b7\u2022\u2013\u2014]\s+|\s+-\s+|\s*[|\u2022]\s*|;\s+/u)
    .map(trimmed)
    .filter((part) => part !== "");
  return parts.flatMap((part) => {
    if (isPlace(part)) return [part];
    const pieces = part.split(/,\s+/);
    const [school = "", about = ""] = part.split(/:\s+/, 2);
    if (about !== "" && institution.test(school) && degree.test(about))
      return [school, ...dividedStudy(about)];
    for (let at = 1; at < pieces.length; at += 1) {
      const [left, right] = [pieces.slice(0, at).join(", "), pieces.slice(at).join(", ")];
      if (isPlace(right)) return [...dividedStudy(left), right];
      // "Université de Lyon, Lyon", but not "University of California, Berkeley".
      if (
        institution.test(left) &&
        !honours.test(right) &&
        !namedByCity.test(left) &&
        couldBePlace(right) &&
        !institution.test(right) &&
        !degree.test(right)
      )
        return [...dividedStudy(left), right];
      const next = pieces[at] ?? "";
      if (
        degree.test(left) &&
        !institution.test(left) &&
        (institution.test(next) || facult.test(next)) &&
        institution.test(right)
      )
        return [left, ...dividedStudy(right)];
      if (institution.test(left) && (degree.test(right) || honours.test(right)) && !institution.test(right))
        return [...(honours.test(right) ? dividedStudy(left) : [left]), right];
    }
    const from = /^(.+?)\s+(?:at|from)\s+(.+)$/i.exec(part);
    if (from !== null && degree.test(from[1] ?? "") && institution.test(from[2] ?? ""))
      return [from[1] ?? "", ...dividedStudy(from[2] ?? "")];
    return [part];
  });
}

const programming =
  /^(?:java|python|javascript|typescript|c|c\+\+|c#|go|golang|rust|ruby|php|swift|kotlin|scala|r|matlab|perl|haskell|elixir|erlang|clojure|lua|julia|dart|sql|pl\/sql|t-sql|html5?|css3?|html\/css|bash|shell|powershell|assembly|objective-c|groovy|fortran|cobol|vba|sas|f#|ocaml|solidity|sass|scss|graphql|latex|vb\.net|visual basic|node\.?js javascript)$/i;
const categories: readonly (readonly [RegExp, SkillCategory])[] = [
  [/machine learning|deep learning|\bml\b|\bai\b|artificial|nlp|computer vision/i, "machine_learning_ai"],
  [/data scien|analytic|statistic|data analysis|visuali[sz]ation|\bbi\b|^data$/i, "data_science_analytics"],
  [/framework|librar|front-?end|back-?end|web (?:dev|tech)/i, "frameworks_libraries"],
  [
    /tools?|cloud|platform|devops|database|infrastructure|technolog|software|systems|operating|storage|infra|environment|\bci\b|testing/i,
    "tools_cloud_technologies",
  ],
  [/programming|coding|scripting|markup/i, "programming_languages"],
];

export type FoundSkills = Partial<Record<SkillCategory, string[]>>;

export function skillsOf(lines: readonly TextLine[], heading: string): FoundSkills {
  const found: FoundSkills = {};
  const add = (category: SkillCategory, names: readonly string[]) => {
    const list = (found[category] ??= []);
    for (const name of names) if (!list.includes(name)) list.push(name);
  };
  for (const text of wholeLines(lines.filter((line) => !saysSkills(line)))) {
    const labelled = /^([^:]{2,50}?)\s*:\s*(.*)$/.exec(text);
    const label = labelled?.[1] ?? "";
    const names = listed(labelled?.[2] ?? text);
    if (names.length === 0) continue;
    if (label === "") {
      for (const name of names)
        add(programming.test(name) ? "programming_languages" : categoryOf(heading, []), [name]);
    } else add(categoryOf(label, names), names);
  }
  return found;
}

/** "Job-related skills" over a list says no more than the section's heading. */
function saysSkills({ text, bullet, segments }: TextLine): boolean {
  const words = text
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, " ")
    .trim();
  return !bullet && segments.length === 1 && words.includes(" ") && kindOfWords(words) === "skills";
}

function categoryOf(label: string, names: readonly string[]): SkillCategory {
  if (/^(?:programming )?languages?$/i.test(label.trim()))
    return names.filter((name) => programming.test(name.replace(/\s*\(.*\)$/, ""))).length * 2 > names.length
      ? "programming_languages"
      : "other_skills";
  const known = categories.find(([pattern]) => pattern.test(label));
  // The section's own heading ("Skills and tools") says nothing of a single skill.
  return names.length === 0 ? "other_skills" : (known?.[1] ?? "other_skills");
}

/** A list goes on in the next line where this one ends with a comma, or the next has no label and hangs. */
export function wholeLines(lines: readonly TextLine[]): string[] {
  const texts: string[] = [];
  let former: TextLine | null = null;
  for (const line of lines) {
    // A label in a column of its own, its list beside it.
    const [first, ...others] = line.segments;
    const [label, list] = [first?.text ?? "", others.map(({ text }) => text).join(" | ")];
    const tabular = others.length === 1 && /[,;]/.test(list) && !/[,;:]/.test(label);
    const text = tabular ? `${label}: ${list}` : line.segments.map((segment) => segment.text).join(" | ");
    const last = texts.at(-1);
    const continues =
      last !== undefined &&
      former !== null &&
      !line.bullet &&
      (/[,;(/]$/.test(last) ||
        // "French (mother" goes on with "tongue)".
        (last.match(/\(/g)?.length ?? 0) > (last.match(/\)/g)?.length ?? 0) ||
        /^\p{Ll}|^[(),]/u.test(text) ||
        (/:/.test(last) &&
          /[,]/.test(last) &&
          !/:/.test(text) &&
          line.segments.length === 1 &&
          !line.bold &&
          line.x >= former.x));
    if (continues) texts[texts.length - 1] = joined(last ?? "", text);
    else texts.push(text);
    former = line;
  }
  return texts;
}

/** Under a heading that names languages, too, a label may say that they follow; two may stand with "and" between them. */
export function languagesIn(text: string): string[] {
  const about = /^(?:it|edv|software|computer|languages?|spoken|sprachen|langues|idiomas)\b[^:,]{0,20}:\s+/i;
  return listed(text.replace(about, "")).flatMap((name) => {
    const both = /^(\p{Lu}\p{L}+) (?:and|und|et|y|e) (\p{Lu}\p{L}+)$/u.exec(name);
    return both === null ? [name] : both.slice(1);
  });
}

/** Divided at commas and the like, but not within brackets. */
export function listed(whole: string): string[] {
  // Strokes with spaces divide a list that has nothing else to divide it.
  const text =
    !/[,;|\u2022\u00b7]/u.test(whole) && whole.split(" / ").length > 2
      ? whole.replaceAll(" / ", ", ")
      : whole;
  const names: string[] = [];
  let depth = 0;
  let name = "";
  for (const character of `${text},`) {
    if (character === "(") depth += 1;
    if (character === ")") depth = Math.max(0, depth - 1);
    if (depth === 0 && /[,;|\u2022\u00b7\u25cf\u25cb\p{Co}]/u.test(character)) {
      const tidy = name
        .replace(/^\s*and\s+/i, "")
        .replace(/\.$/, "")
        .trim();
      if (tidy !== "") names.push(tidy.slice(0, 200));
      name = "";
    } else name += character;
  }
  return names;
}
