// Finds skills and tools in a text: Go, R, C and SAFe where they are meant, and not in "go to", "R&D" or "vitamin C".
import { skills, type Skill } from "./skill-list.ts";

export interface SkillMention {
  skill: Skill;
  /** Under its name or another one for the same; else by a version, a part or a sort of it. */
  isNamed: boolean;
  isPlural: boolean;
  /** UTF-16 units in the text. */
  start: number;
  end: number;
  text: string;
}

export interface SkillSearch {
  /** False where the case of a text must not matter: an ordinary word then counts only beside names that are certain. */
  byCase: boolean;
}

interface Spelling {
  skill: Skill;
  /** Of an ambiguous name, the name itself; its aliases are certain. */
  certain: boolean;
  isNamed: boolean;
}

const spellings = new Map<string, Spelling>();
for (const skill of skills) {
  const set = (name: string, certain: boolean, isNamed = true) =>
    spellings.set(name.toLowerCase(), { skill, certain, isNamed });
  for (const alias of skill.aliases) set(alias, true);
  for (const kind of skill.kinds) set(kind, true, false);
  set(skill.name, !skill.ambiguous);
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
const alternatives = [...spellings.keys()]
  .sort((a, b) => b.length - a.length)
  .map(
    (spelling) =>
      escaped(spelling).replace(/[ -]/g, "[\\s\\u00a0-]+") +
      (/[a-z]{2}$/.test(spelling) ? "(?:s(?![\\p{L}]))?" : ""),
  );
/** Neither a letter nor what belongs to a name (C++, .NET, node.js) may touch it. */
const pattern = new RegExp(
  `(?<![\\p{L}\\p{N}_@#&]|[\\p{L}\\p{N}][.'’-])(?:${alternatives.join("|")})(?![\\p{L}\\p{N}_#@]|\\+(?=[+\\p{L}\\p{N}])|[-.'’](?!(?:kenntnisse|erfahrung)(?!\\p{L}))\\p{L}|&\\p{L}|\\s&\\s\\p{Lu}(?!\\p{L}))`,
  "giu",
);

/** Without overlaps, in the order of the text; the longer name counts. */
export function skillsIn(text: string, { byCase }: SkillSearch = { byCase: true }): SkillMention[] {
  const all: (SkillMention & { certain: boolean })[] = [];
  for (const match of text.matchAll(pattern)) {
    const spelling = spellingOf(match[0]);
    if (spelling === undefined || (capitalsAlone.has(match[0].toLowerCase()) && /\p{Ll}/u.test(match[0])))
      continue;
    const start = match.index;
    all.push({
      ...spelling,
      start,
      end: start + match[0].length,
      text: match[0],
    });
  }
  const accepted = new Set(all.filter(({ certain }) => certain));
  // In lists the certain ones vouch for their neighbours, and these for theirs.
  for (let grown = true; grown;) {
    grown = false;
    all.forEach((mention, at) => {
      if (accepted.has(mention) || !mayBeMeant(text, mention)) return;
      const before = all[at - 1];
      const behind = all[at + 1];
      const listed =
        (before !== undefined && accepted.has(before) && joins(text.slice(before.end, mention.start))) ||
        (behind !== undefined && accepted.has(behind) && joins(text.slice(mention.end, behind.start)));
      if (listed || (byCase && isMeantByCase(text, mention))) {
        accepted.add(mention);
        grown = true;
      }
    });
  }
  return all.filter((mention) => accepted.has(mention)).map(({ certain: _certain, ...mention }) => mention);
}

/** Names of what is mentioned, each once. */
export function skillNames(text: string, search?: SkillSearch): string[] {
  return [...new Set(skillsIn(text, search).map(({ skill }) => skill.name))];
}

/** Ordinary words where they are not in capitals: "we send you", German "als". */
const capitalsAlone: ReadonlySet<string> = new Set(["send", "sends", "als", "bls"]);

function spellingOf(text: string): (Spelling & { isPlural: boolean }) | undefined {
  const plain = text.toLowerCase().replace(/[\s\u00a0]+/g, " ");
  const candidates = [plain, plain.replaceAll("-", " "), plain.replaceAll(" ", "-")];
  for (const isPlural of [false, true])
    for (const candidate of candidates) {
      const spelling = spellings.get(isPlural ? candidate.replace(/s$/, "") : candidate);
      if (spelling !== undefined) return { ...spelling, isPlural };
    }
  return undefined;
}

function joins(between: string): boolean {
  return (
    /^\s*(?:,|\/|;|\||\+|&|\(|\)|·|•)?\s*(?:and|or|and\/or|as well as|plus)?\s*$/iu.test(between) &&
    between !== ""
  );
}

/** What speaks against it, whatever its case. */
function mayBeMeant(text: string, { start, end, skill }: SkillMention): boolean {
  // Of its own line: what the next one begins with says nothing of it.
  const behind = text.slice(end, end + 40).replace(/\n.*/su, "");
  const before = text.slice(Math.max(0, start - 40), start).replace(/.*\n/su, "");
  if (/^\s*&\s*[a-z]\b/iu.test(behind) || /^\/(?:no|ga)\b/iu.test(behind)) return false;
  if (skill.name === "Go")
    return !/^[\s-]*(?:to|live|above|beyond|ahead|through|over|out|the|into|home|on|up|for|back|further|no)\b/iu.test(
      behind,
    );
  if (skill.name.length === 1) {
    if (/^\s*(?:or|and)\s+(?:above|higher|better|below)\b/iu.test(behind)) return false;
    if (/^\s*(?:level|suite|section|class|major|minor|grade|corp|squared)\b/iu.test(behind)) return false;
    if (
      /(?:\p{Lu}\.\s?|grades?[^.;\n]*|vitamins?[^.;\n]*|hepatitis [^.;\n]*|class(?:es)?\s|categor(?:y|ies)\s|part\s|annex\s|appendix\s|schedule\s|band\s|type\s|level:?\s|licen[cs]es?[^.;\n]*)$/iu.test(
        before,
      )
    )
      return false;
    // Initials of a name.
    if (/^\.\s?\p{L}/u.test(behind)) return false;
    return true;
  }
  return !/^[\s-]+(?:\d|to\b|at\b|time\b|of mouth\b)/iu.test(behind);
}

/** Written as the name is written, and where a name can stand: after a preposition, in a list, before "developer". */
function isMeantByCase(text: string, { start, end, skill }: SkillMention): boolean {
  const own = text.slice(start, end);
  if (own !== skill.name) return false;
  // Nobody writes it by chance.
  if (/\p{Ll}.*\p{Lu}|\p{Lu}{2}.*\p{Ll}/u.test(own)) return true;
  const before = text.slice(Math.max(0, start - 60), start);
  const behind = text.slice(end, end + 40).replace(/\n.*/su, "");
  if (
    /^\s+(?:programming|language|developer|engineer|code|codebase|script|package|service|microservice|backend|component|application|shiny|is a plus)s?\b/iu.test(
      behind,
    )
  )
    return true;
  const first = /(?:^|[.!?:\n•*]|[-–—])\s*$/u.test(before);
  if (first) return /^\s*(?:,|\/|\(|$|\n)/u.test(behind) && start > 0;
  if (
    /(?:\b(?:in|with|using|of|like|as|know|knows|learn|language|either|both|gute|including|is|e\.g\.|advanced|intermediate|strong|solid)|[,/(:])\s*$/iu.test(
      before,
    )
  ) {
    // "In Spring and summer", "of Access to care": a plain word behind it makes it one as well, but for single letters.
    if (skill.name.length <= 2)
      return !/^\s+(?!and\b|or\b|is\b|for\b|to\b|on\b|at\b|skills\b|experience\b|knowledge\b|preferred\b|required\b)\p{L}/iu.test(
        behind,
      );
    return /^(?:-(?:kenntnisse|erfahrung))?\s*(?:[,./;()]|$|\n|(?:and|or|for|that|which|with|by|as|is|are|would|skills|experience|preferred|required|desirable|essential|on|at)\b)/iu.test(
      behind,
    );
  }
  // The second of a pair whose first is no known skill: "Kotlin or Go"; never "vitamin B or C".
  return skill.name.length > 1 && /\b(?:and|or)\s*$/iu.test(before) && /^\s*(?:[,.;)]|$|\n)/u.test(behind);
}
