// What a summary keeps of a conversation: what recurs, each matter once, within its bounds.
import { expect, test } from "vitest";
import { countWords } from "../../platform/text/words.ts";
import { spokenSentences } from "./spoken.ts";
import { rank, summarise, wordWorth } from "./summary.ts";

const budget = [
  "The marketing budget was overspent because the agency billed twice.",
  "Our agency keeps billing the marketing budget without any contract.",
  "Without a contract the agency can bill our marketing budget freely.",
  "Marketing asked finance to freeze the agency budget until autumn.",
];
const hiring = [
  "Hiring another engineer takes until spring because candidates decline.",
  "Most candidates decline since the engineer salary is below market.",
  "Raising the engineer salary would convince candidates and speed hiring.",
];
const aside = ["My neighbour painted his wooden fence in an extraordinary shade of purple yesterday."];

const sentences = spokenSentences(
  [...budget, ...aside, ...hiring].map((text, at) => ({
    sequence: at + 1,
    speakerId: at % 2 === 0 ? "a" : "b",
    text,
    startMs: at * 5_000,
    endMs: at * 5_000 + 4_000,
  })),
);
const summary = (bounds: { sentences: number; words?: number }) =>
  summarise(rank(sentences), wordWorth(sentences), bounds).map(({ text }) => text);

test("two sentences tell of both matters that recur, and not of what was said in passing", () => {
  const [first, second, ...more] = summary({ sentences: 2 });
  expect(first).toMatch(/budget/);
  expect(second).toMatch(/engineer|candidates/);
  expect(more).toEqual([]);
});

test("a word is worth more the more parts of the conversation say it, and little where it is said once", () => {
  const worth = wordWorth(sentences);
  const of = (word: string) => worth.get(word) ?? 0;
  expect(of("agency")).toBeGreaterThan(of("contract"));
  expect(of("purpl")).toBeLessThan(of("contract"));
});

test("a bound in words is kept, and used", () => {
  const words = countWords(summary({ sentences: 99, words: 25 }).join(" "));
  expect(words).toBeGreaterThan(15);
  expect(words).toBeLessThanOrEqual(25);
});
