// Figures of a review in words.
import { expect, test } from "vitest";
import type { ReviewTrend } from "../../../shared/schemas/reviews.ts";
import { formatSpan, ratioOf, sharesOf, trendMeasures } from "./figures.ts";

test("spans of time read as people say them", () => {
  expect([0, 800, 2_000, 9_960, 59_400, 60_000, 125_000].map(formatSpan)).toEqual([
    "0 s",
    "0.8 s",
    "2 s",
    "10 s",
    "59 s",
    "1 min",
    "2 min 5 s",
  ]);
});

test("[FEEDBACK-10] shares are by words where the transcript tells no time", () => {
  const person = (talkMs: number, words: number) => ({ talkMs, words }) as never;
  const people = [person(30_000, 10), person(90_000, 10)];
  expect(sharesOf({ people, timed: true })).toEqual([0.25, 0.75]);
  expect(sharesOf({ people, timed: false })).toEqual([0.5, 0.5]);
  expect(sharesOf({ people: [], timed: true })).toBeNull();
});

test("nothing is divided by no question", () => {
  expect([ratioOf(3, 0), ratioOf(3, 2)]).toEqual([null, "1.5"]);
  const silent = {
    questions: 0,
    openQuestions: 0,
    reflections: 2,
    changeTalk: 0,
    sustainTalk: 0,
  } as ReviewTrend;
  expect(
    (["openShare", "reflectionRatio", "changeShare"] as const).map((name) => trendMeasures[name].of(silent)),
  ).toEqual([null, null, null]);
});
