// Sentences of a line, and what of them is said with less obligation than the rest.
import { careerBounds } from "../../../../shared/schemas/career/bounds.ts";
import { mustWords, niceWords, requirementWords } from "./cues.ts";

export interface Clause {
  text: string;
  /** In the posting. */
  start: number;
}

export function sentencesOf({ text, start }: Clause): Clause[] {
  const found: Clause[] = [];
  for (const match of text.matchAll(/\S(?:[^.!?;]|[.!?](?!\s+\p{Lu}|$)|;(?!\s))*[.!?;]?/gu)) {
    const sentence = { text: match[0].trimEnd().replace(/;$/u, ""), start: start + match.index };
    const former = found.at(-1);
    // "e.g. Jira", "St. Anna": the point of an abbreviation ends nothing.
    if (
      former !== undefined &&
      /(?:\b(?:e\.g|i\.e|etc|incl|approx|min|max|St|Dr|Mr|Ms|No|vs|ca|resp)|\b\p{Lu})\.$/u.test(former.text)
    )
      former.text = text.slice(former.start - start, sentence.start - start + sentence.text.length);
    else found.push(sentence);
  }
  return found;
}

/**
 * "SQL is required, Python is a plus" is two clauses; "Zendesk, Freshdesk or Intercom preferred" is one. Only what is
 * certain is divided: the rest stays whole.
 */
export function clausesOf(sentence: Clause): Clause[] {
  const { text, start } = sentence;
  // What is longer than any quote is looked at once.
  if (text.length > careerBounds.bulletMaxChars || !niceWords.test(text)) return [sentence];
  const piece = (from: number, to: number): Clause => {
    const raw = text.slice(from, to);
    const lead =
      /^(?:[\s,;:()–-]|(?:and|but|while|although|though|whereas|so)\b(?=\s))*/iu.exec(raw)?.[0].length ?? 0;
    return { text: raw.slice(lead).replace(/[\s,;:()–-]+$/u, ""), start: start + from + lead };
  };
  const bracket = /\(([^()]+)\)/u.exec(text);
  if (bracket !== null && niceWords.test(bracket[1] ?? "") && says(bracket[1] ?? "")) {
    const outside = `${text.slice(0, bracket.index)}${text.slice(bracket.index + bracket[0].length)}`;
    if (!niceWords.test(outside) && bracket.index > 3)
      return [piece(0, bracket.index), piece(bracket.index, bracket.index + bracket[0].length)];
  }
  for (const match of text.matchAll(
    /\s[–—-]\s|;\s|:\s|,\s(?:and |but |while |although |so )?|\s(?:but|while|whereas)\s/gu,
  )) {
    const [before, after] = [piece(0, match.index), piece(match.index + match[0].length, text.length)];
    const [niceBefore, niceAfter] = [niceWords.test(before.text), niceWords.test(after.text)];
    if (niceBefore && niceAfter) {
      if (stands(before.text) && stands(after.text)) return [before, ...clausesOf(after)];
      continue;
    }
    const [nice, other] = niceAfter ? [after.text, before.text] : [before.text, after.text];
    if (!says(nice) || !says(other)) continue;
    // The wish begins here: "Solid SQL, preferably in Snowflake".
    if (niceAfter && wishes.test(after.text) && asksByItself(before.text)) return [before, after];
    if (niceAfter ? isOwn(other, nice) : mustWords.test(other) && stands(nice))
      return niceAfter && /^although|^so\b/iu.test(after.text) ? [sentence] : [before, after];
  }
  return [sentence];
}

const wishes =
  /^(?:and )?(?:ideally|preferably|if possible|optionally|idealerweise|gerne auch|im idealfall)\b/iu;

/** Not the first names of a list that the wish closes: "Java, ideally Go". */
function asksByItself(text: string): boolean {
  return (
    mustWords.test(text) || requirementWords.test(text) || length.test(text) || text.split(/\s+/u).length >= 2
  );
}

/** Of more than the word that says how much it is wanted. */
function says(text: string): boolean {
  const rest = text.replace(new RegExp(niceWords, "giu"), " ").match(/[\p{L}\p{N}+#]{2,}/gu) ?? [];
  return (
    rest.filter(
      (word) =>
        !/^(?:is|are|be|would|will|an?|the|but|not|it|this|that|and|or|both|all|in|with|at|of|whilst|while|although|though|if|really|very)$/iu.test(
          word,
        ),
    ).length > 0
  );
}

/** A clause with a subject of its own: "Python is a plus", "training is desirable". */
function stands(text: string): boolean {
  return /^\s*(?!and\b|or\b)[^,]{2,80}?\s(?:is|are|was|would|will|can|may|must|has|have|preferred|desirable|required|essential|a plus|an advantage|an asset|a bonus)\b/iu.test(
    text,
  );
}

const length =
  /(?:\d\s*\+?|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|several))\s*(?:or more )?years?\b/iu;

/** Whether what goes before asks by itself, so that the wish behind it is another one. */
function isOwn(before: string, nice: string): boolean {
  if (mustWords.test(before)) return true;
  // The last of several names, and what is said of them all.
  if (/^[^,]*\b(?:and|or)\b/iu.test(nice.slice(0, niceWords.exec(nice)?.index ?? 0))) return false;
  if (length.test(before) || /^you\b/iu.test(before)) return true;
  return (
    !before.includes(",") &&
    (stands(nice) || requirementWords.test(before)) &&
    /\b(?:is|are|would|preferred|ideally)\b/iu.test(nice)
  );
}
