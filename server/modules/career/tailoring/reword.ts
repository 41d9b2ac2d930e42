// What rules may change in a bullet: a tool's name to the posting's spelling of the same tool, and nothing else.
import { skillsIn, type SkillMention } from "../text/skills.ts";

/** How the posting spells each of the tools it names: the skill's name to the spelling, its first one. */
export type Spellings = ReadonlyMap<string, { text: string; isPlural: boolean }>;

export function spellingsIn(posting: string): Spellings {
  const found = new Map<string, { text: string; isPlural: boolean }>();
  for (const { skill, text, isNamed, isPlural } of skillsIn(posting)) {
    if (found.has(skill.name) || !isNamed) continue;
    // Only its case is different: then the name is written as its makers write it.
    const isItsName = text.toLowerCase() === skill.name.toLowerCase();
    found.set(skill.name, { text: isItsName ? skill.name : text, isPlural });
  }
  return found;
}

/** The same claims under the names that the posting uses; the text itself where it has no others. */
export function reworded(text: string, spellings: Spellings): string {
  let result = text;
  // From the end, so that the places of the others stay right; of each tool the first mention alone.
  const firsts = new Map<string, SkillMention>();
  for (const mention of skillsIn(text))
    if (!firsts.has(mention.skill.name)) firsts.set(mention.skill.name, mention);
  for (const mention of [...firsts.values()].sort((a, b) => b.start - a.start)) {
    const { skill, start, end, text: own, isNamed, isPlural } = mention;
    const spelling = spellings.get(skill.name);
    // ".NET Framework" is not ".NET Core", however the posting calls .NET.
    if (spelling === undefined || !isNamed || spelling.isPlural !== isPlural || skill.ambiguous) continue;
    const { text: wanted } = spelling;
    // Which article stands before it goes by the word that its owner wrote.
    if (isSameWord(own, wanted) || /\ban?\s$/iu.test(text.slice(0, start))) continue;
    // "Kubernetes (K8s)" has both.
    if (text.toLowerCase().includes(wanted.toLowerCase())) continue;
    result = result.slice(0, start) + wanted + result.slice(end);
  }
  return result;
}

/** But for case, hyphens, spaces and a plural. */
function isSameWord(one: string, other: string): boolean {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[\s-]+/gu, "")
      .replace(/s$/u, "");
  return plain(one) === plain(other);
}
