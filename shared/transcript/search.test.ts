// What a search in a transcript finds and where.
import { expect, test } from "vitest";
import { parseTranscriptQuery } from "./search.ts";

function found(query: string, text: string): string[] | null {
  const places = parseTranscriptQuery(query)?.find(text) ?? null;
  return places && places.map(({ start, end }) => text.slice(start, end));
}

test.each([
  ["goal", "My goals for the goal", ["goals", "goal"]],
  ["GOAL next", "Next week's Goal", ["Next", "Goal"]],
  ["resume", "your résumé", ["résumé"]],
  ["Résumé", "your resume", ["resume"]],
  ["straße", "in der Straße", ["Straße"]],
  ["don't", "I don’t know", ["don’t"]],
  ["встреч", "Наша Встреча", ["Встреча"]],
  ["会議", "明日の会議です", ["会議"]],
  ["ありがとう", "本当にありがとうございます", ["ありがとう"]],
  ["パスポート", "パスポートを忘れた", ["パスポート"]],
  ["เป้าหมาย", "คุณมีเป้าหมายอะไร", ["เป้าหมาย"]],
  ['"SAFe会議"', "次のSAFe会議", ["SAFe会議"]],
  ["co*", "a C coach", ["coach"]],
])("[TRANSCRIPT-30] %s in %j is found as %j", (query, text, places) => {
  expect(found(query, text)).toEqual(places);
});

test.each([
  ["Go", "good, a goal, Google", null],
  ["go", "We use Go here", ["Go"]],
  ["R", "I write R, for years", ["R"]],
  ["C", "C++ and C# and Clang", null],
  ["C++", "C and C++ code", ["C++"]],
  ["c#", "in C# now", ["C#"]],
])("[TRANSCRIPT-31] short names are found whole: %s in %j is %j", (query, text, places) => {
  expect(found(query, text)).toEqual(places);
});

test.each([
  ['"SAFe"', "safe in SAFe, safer", ["SAFe"]],
  ['"next week"', "Next, week; next week", ["Next, week", "next week"]],
  ['"next week"', "week next", null],
  ['"next we', "next we go", ["next we"]],
])("[TRANSCRIPT-32] a phrase in quotes: %s in %j is %j", (query, text, places) => {
  expect(found(query, text)).toEqual(places);
});

test("[TRANSCRIPT-33] every term must be there; nothing to search for is null; any query ends", () => {
  expect(found("goal missing", "a goal")).toBeNull();
  for (const empty of ["", "  ", '""', "* , .", "+"]) expect(parseTranscriptQuery(empty)).toBeNull();
  expect(found("(a)+$ [", "a")).toEqual(["a"]);
  expect(found('a "a b" b', "a b")).toEqual(["a b"]);
  parseTranscriptQuery('"'.repeat(10_000) + "a ".repeat(10_000))?.find("a'".repeat(5_000));
});
