// What a search in a transcript finds: the same on the server, over a whole meeting, and in a page, over what it shows.

/** Places in a text, in UTF-16 units, in order, without overlap. */
export interface Place {
  start: number;
  end: number;
}

export interface TranscriptQuery {
  /** Where all of the query's terms are in the text: the places of each; otherwise null. */
  find(text: string): Place[] | null;
}

interface Term {
  /** Folded, except where `exact`; in lower case alone where `within`. */
  words: string[];
  /** The last word may go on. */
  prefix: boolean;
  /** Capitals and accents count. */
  exact: boolean;
  /** Found anywhere in a word: scripts that write no spaces between words. */
  within: boolean;
}

interface Word extends Place {
  plain: string;
  folded: string;
}

/** From this many letters on a word is found by its beginning; shorter ones (Go, R, C) only as a whole. */
const prefixLetters = 3;
const maxTerms = 12;

// Letters and digits, joined by apostrophes within; `#` and `+` end the names of languages.
const wordPattern = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’][\p{L}\p{N}\p{M}]+)*[+#]*/gu;
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/**
 * Words and "phrases in quotes"; all of them must be in a line. Capitals and accents do not count, except in quotes
 * with a capital in them. `word*` is found by its beginning, as any word of three letters is. Null where nothing can be
 * searched for.
 */
export function parseTranscriptQuery(query: string): TranscriptQuery | null {
  const terms = termsOf(query.normalize("NFC"));
  if (terms.length === 0) return null;
  return {
    find(text) {
      // Most lines do not have the letters at all: told cheaply, before the line is cut into words.
      const folded = fold(text);
      if (!terms.every((term) => term.words.every((word) => folded.includes(fold(word))))) return null;
      const words = wordsIn(text);
      const places: Place[] = [];
      for (const term of terms) {
        const found = term.within ? withinText(text, term) : inWords(words, term);
        if (found.length === 0) return null;
        places.push(...found);
      }
      return merged(places);
    },
  };
}

function termsOf(query: string): Term[] {
  const terms: Term[] = [];
  // An open quote at the end is a phrase that is still being typed.
  for (const [, phrase, plain] of query.matchAll(/"([^"]*)(?:"|$)|([^\s"]+)/gu)) {
    if (terms.length >= maxTerms) break;
    const source = phrase ?? plain ?? "";
    const words = wordsIn(source).map((word) => source.slice(word.start, word.end));
    if (words.length === 0) continue;
    const exact = phrase !== undefined && /\p{Lu}/u.test(phrase);
    const within = words.length === 1 && unspaced.test(source);
    const prefix =
      phrase === undefined && (source.endsWith("*") || lettersOf(words.at(-1) ?? "") >= prefixLetters);
    // Marks are letters of their own there (が is no か), not accents.
    const folded = within ? words.map((word) => word.toLowerCase()) : words.map(fold);
    terms.push({ words: exact ? words : folded, prefix, exact, within });
  }
  return terms;
}

function lettersOf(word: string): number {
  return Array.from(word).length;
}

function wordsIn(text: string): Word[] {
  return Array.from(text.matchAll(wordPattern), (match) => {
    const [plain] = match;
    return { plain, folded: fold(plain), start: match.index, end: match.index + plain.length };
  });
}

function inWords(words: readonly Word[], { words: wanted, prefix, exact }: Term): Place[] {
  const places: Place[] = [];
  for (let at = 0; at + wanted.length <= words.length; at += 1) {
    const fits = wanted.every((word, offset) => {
      const there = words[at + offset];
      const spelled = exact ? there?.plain : there?.folded;
      const last = offset === wanted.length - 1;
      return spelled !== undefined && (prefix && last ? spelled.startsWith(word) : spelled === word);
    });
    const [first, last] = [words[at], words[at + wanted.length - 1]];
    if (fits && first !== undefined && last !== undefined) places.push({ start: first.start, end: last.end });
  }
  return places;
}

function withinText(text: string, { words: [wanted = ""], exact }: Term): Place[] {
  const places: Place[] = [];
  const searched = exact ? text : text.toLowerCase();
  // Where lower case has another length, positions would be wrong.
  if (wanted === "" || searched.length !== text.length) return places;
  for (let at = searched.indexOf(wanted); at !== -1; at = searched.indexOf(wanted, at + wanted.length)) {
    places.push({ start: at, end: at + wanted.length });
  }
  return places;
}

function merged(places: Place[]): Place[] {
  places.sort((one, other) => one.start - other.start || other.end - one.end);
  const result: Place[] = [];
  for (const { start, end } of places) {
    const last = result.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}

/** Without capitals and accents; typographic apostrophes are plain ones. */
function fold(text: string): string {
  if (!/[^ -~]/.test(text)) return text.toLowerCase();
  return text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase().normalize("NFC");
}
