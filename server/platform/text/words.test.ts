// Words by the short way, which plain English takes, and by the long one are the same words.
import { expect, test } from "vitest";
import { texts } from "./testing-texts.ts";
import { countWords, wordsOf } from "./words.ts";

const isFirst = (character: string | undefined) =>
  character !== undefined && /^[\p{L}\p{N}]$/u.test(character);
const isInner = (character: string | undefined) =>
  character !== undefined && /^[\p{L}\p{M}\p{N}]$/u.test(character);
const isApostrophe = (character: string | undefined) => character === "'" || character === "’";
const unspaced =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}|\p{Script=Lao}|\p{Script=Khmer}/u;
const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** As it is said, character by character: a letter or number, with what follows of them, marks, and apostrophes within. */
function wordsByCharacter(text: string): string[] {
  const characters = [...text];
  const words: string[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    if (!isFirst(characters[at])) continue;
    let word = "";
    while (isInner(characters[at]) || (isApostrophe(characters[at]) && isInner(characters[at + 1]))) {
      word += isApostrophe(characters[at]) ? "'" : characters[at];
      at += 1;
    }
    const lower = word.toLowerCase();
    if (!unspaced.test(lower)) words.push(lower);
    else
      for (const { segment, isWordLike } of segmenter.segment(lower))
        if (isWordLike === true) words.push(segment);
  }
  return words;
}

const plain = texts({ seed: 71, count: 2_000, kind: "plain" });
const any = texts({ seed: 72, count: 2_000, kind: "any" });

test("plain English has the words that it has beside a word of another alphabet", () => {
  const found = new Set<string>();
  for (const text of plain) {
    expect(text).toMatch(/^[\t\n\r -~]*$/);
    const words = wordsOf(text);
    expect(wordsOf(`${text}\nдень`)).toEqual([...words, "день"]);
    for (const word of words) found.add(word);
  }
  expect([...found]).toEqual(expect.arrayContaining(["you're", "rock'n'roll", "2nd", "all", "snake"]));
});

test.each([
  ["plain English", plain],
  ["any", any],
])("words of %s text are those that are found character by character", (_kind, all) => {
  for (const text of all) {
    const words = wordsByCharacter(text);
    expect(wordsOf(text)).toEqual(words);
    expect(countWords(text)).toBe(words.length);
  }
});
