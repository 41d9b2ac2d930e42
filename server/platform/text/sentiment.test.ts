// The rule for how words sound, on sentences small enough to count by hand.
import { expect, test } from "vitest";
import { sentimentOf } from "./sentiment.ts";

test("[INSIGHTS-8] words of ease and strain are counted, held back by two, and told", () => {
  expect(sentimentOf("I am happy and proud of it.")).toEqual({
    score: 0.5,
    ease: ["happy", "proud"],
    strain: [],
  });
  expect(sentimentOf("The week was stressful, I am exhausted, and still proud.").score).toBe(-0.2);
  expect(sentimentOf("I'm worried.").score).toBe(-0.33);
});

test("[INSIGHTS-8] a negation turns what follows it closely, and no further", () => {
  expect(sentimentOf("I'm not happy").strain).toEqual(["happy"]);
  expect(sentimentOf("I don't feel so stressed").ease).toEqual(["stressed"]);
  expect(sentimentOf("I do not know, but in the end we were happy").ease).toEqual(["happy"]);
});

test("[INSIGHTS-8] without such words, and in other languages, nothing is said", () => {
  expect(sentimentOf("The meeting is on Tuesday at nine.").score).toBeNull();
  expect(sentimentOf("Ich bin sehr zufrieden.").score).toBeNull();
  expect(sentimentOf("").score).toBeNull();
});
