// By which beginnings of words a person is found, and whether what was looked for really stands in their profile.
import { foldedWords } from "../../../shared/topics.ts";

/** Beginnings of these lengths are kept; a longer one is looked for by the longest that is kept, then compared. */
const keptChars = [2, 3, 5, 8] as const;
const termsMost = 400;
const wordsSearchedMost = 6;

export interface SearchedProfile {
  displayName: string;
  interests: readonly string[];
  offers: readonly string[];
  seeks: readonly string[];
}

/** Every kept beginning of every word of the name and of the topics. */
export function termsOf(profile: SearchedProfile): string[] {
  const terms = new Set<string>();
  for (const word of wordsOf(profile)) {
    const characters = [...word];
    for (const length of keptChars) {
      if (length <= characters.length) terms.add(characters.slice(0, length).join(""));
    }
    // Whole words that are shorter than any beginning, as many are in Chinese.
    if (characters.length < keptChars[0]) terms.add(word);
  }
  return [...terms].slice(0, termsMost);
}

/** What to look for; empty where the query holds no word. */
export function searchedTerms(query: string): string[] {
  const terms = foldedWords(query)
    .slice(0, wordsSearchedMost)
    .map((word) => {
      const characters = [...word];
      const length = keptChars.findLast((kept) => kept <= characters.length) ?? characters.length;
      return characters.slice(0, length).join("");
    });
  // A single letter is kept only as a whole word; beside longer words it is compared alone.
  const longer = terms.filter((term) => [...term].length >= keptChars[0]);
  return longer.length > 0 ? longer : terms;
}

/** Whether each word of the query begins a word of the profile. */
export function holdsWords(profile: SearchedProfile, query: string): boolean {
  const words = wordsOf(profile);
  return foldedWords(query)
    .slice(0, wordsSearchedMost)
    .every((sought) => words.some((word) => word.startsWith(sought)));
}

function wordsOf({ displayName, interests, offers, seeks }: SearchedProfile): string[] {
  return foldedWords([displayName, ...interests, ...offers, ...seeks].join(" "));
}
