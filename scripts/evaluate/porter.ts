// The stemmer by which ROUGE compares words: M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980.

/** Of a word in lower-case Latin letters; anything else, and words of one or two letters, stay as they are. */
export function porterStem(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  let stem = plural(word);
  stem = pastAndProgressive(stem);
  if (stem.endsWith("y") && hasVowel(stem.slice(0, -1))) stem = `${stem.slice(0, -1)}i`;
  stem = replaced(stem, step2, 1);
  stem = replaced(stem, step3, 1);
  stem = stripped(stem);
  return tidied(stem);
}

const step2: readonly (readonly [string, string])[] = [
  ["ational", "ate"],
  ["ization", "ize"],
  ["iveness", "ive"],
  ["fulness", "ful"],
  ["ousness", "ous"],
  ["tional", "tion"],
  ["biliti", "ble"],
  ["entli", "ent"],
  ["ousli", "ous"],
  ["ation", "ate"],
  ["alism", "al"],
  ["aliti", "al"],
  ["iviti", "ive"],
  ["enci", "ence"],
  ["anci", "ance"],
  ["izer", "ize"],
  ["abli", "able"],
  ["alli", "al"],
  ["ator", "ate"],
  ["eli", "e"],
];
const step3: readonly (readonly [string, string])[] = [
  ["icate", "ic"],
  ["ative", ""],
  ["alize", "al"],
  ["iciti", "ic"],
  ["ical", "ic"],
  ["ness", ""],
  ["ful", ""],
];
const step4 = "ement ance ence able ible ment ant ent ion ism ate iti ous ive ize al er ic ou".split(" ");

function plural(word: string): string {
  if (word.endsWith("sses") || word.endsWith("ies")) return word.slice(0, -2);
  return word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

function pastAndProgressive(word: string): string {
  if (word.endsWith("eed")) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const ending = ["ed", "ing"].find((one) => word.endsWith(one));
  if (ending === undefined) return word;
  const base = word.slice(0, -ending.length);
  if (!hasVowel(base)) return word;
  if (/(?:at|bl|iz)$/.test(base)) return `${base}e`;
  if (endsDoubled(base) && !/[lsz]$/.test(base)) return base.slice(0, -1);
  return measure(base) === 1 && endsShort(base) ? `${base}e` : base;
}

/** The longest ending of the list counts, whether or not what is before it is long enough. */
function replaced(word: string, endings: readonly (readonly [string, string])[], least: number): string {
  const found = endings.find(([ending]) => word.endsWith(ending));
  if (found === undefined) return word;
  const base = word.slice(0, -found[0].length);
  return measure(base) >= least ? base + found[1] : word;
}

function stripped(word: string): string {
  const ending = step4.find((one) => word.endsWith(one));
  if (ending === undefined) return word;
  const base = word.slice(0, -ending.length);
  if (measure(base) < 2 || (ending === "ion" && !/[st]$/.test(base))) return word;
  return base;
}

function tidied(word: string): string {
  let stem = word;
  if (stem.endsWith("e")) {
    const base = stem.slice(0, -1);
    if (measure(base) > 1 || (measure(base) === 1 && !endsShort(base))) stem = base;
  }
  return measure(stem) > 1 && stem.endsWith("ll") ? stem.slice(0, -1) : stem;
}

function isVowel(word: string, at: number): boolean {
  const letter = word[at] ?? "";
  if (letter === "y") return at > 0 && !isVowel(word, at - 1);
  return "aeiou".includes(letter);
}

function shapeOf(word: string): string {
  return Array.from(word, (_letter, at) => (isVowel(word, at) ? "v" : "c")).join("");
}

/** How often vowels are followed by consonants. */
function measure(word: string): number {
  return shapeOf(word).match(/v+c+/g)?.length ?? 0;
}

function hasVowel(word: string): boolean {
  return shapeOf(word).includes("v");
}

function endsDoubled(word: string): boolean {
  return word.at(-1) === word.at(-2) && shapeOf(word).endsWith("c");
}

function endsShort(word: string): boolean {
  return shapeOf(word).endsWith("cvc") && !/[wxy]$/.test(word);
}
