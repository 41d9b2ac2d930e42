// By which words a person is found.
import fc from "fast-check";
import { expect, test } from "vitest";
import { foldedWords } from "../../../shared/topics.ts";
import { holdsWords, searchedTerms, termsOf } from "./profile-terms.ts";

const profile = (displayName: string, interests: string[] = []) => ({
  displayName,
  interests,
  offers: [],
  seeks: [],
});

const finds = (person: ReturnType<typeof profile>, query: string) =>
  searchedTerms(query).every((term) => termsOf(person).includes(term)) && holdsWords(person, query);

test("[PEOPLE-6] words are found by their beginnings, without case and accents, in any order and script", () => {
  const person = profile("Zoë Müller-Lüdenscheidt", ["Public speaking"]);
  for (const query of ["zoe", "ZO", "mull", "lüdenscheid", "müller zoë", "speak z", "Publ"])
    expect([query, finds(person, query)]).toEqual([query, true]);
  for (const query of ["oe", "mueller", "ludenscheidts", "zoe anna", "speaking private"])
    expect([query, finds(person, query)]).toEqual([query, false]);
  expect(finds(profile("田中 太郎"), "田")).toBe(false);
  expect(finds(profile("田中 太郎"), "田中")).toBe(true);
  expect(finds(profile("ｱﾝ"), "アン")).toBe(true);
  expect(finds(profile("Ольга Иванова"), "иван")).toBe(true);
});

test("[PEOPLE-6] whoever is found by what they wrote is found by any beginning of it that is kept", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
      fc.array(fc.string({ unit: "grapheme", maxLength: 30 }), { maxLength: 5 }),
      fc.nat(),
      fc.nat(),
      (name, interests, which, length) => {
        const person = profile(name, interests);
        const words = foldedWords([name, ...interests].join(" "));
        const word = words[which % Math.max(words.length, 1)];
        fc.pre(word !== undefined);
        const characters = [...word];
        const query = characters.slice(0, 2 + (length % characters.length)).join("");
        expect(finds(person, query)).toBe(true);
      },
    ),
  );
});

test("[PEOPLE-6] what has no letter or digit is no word", () => {
  expect(searchedTerms(" -–🙂 ")).toEqual([]);
  expect(termsOf(profile("🙂"))).toEqual([]);
});
