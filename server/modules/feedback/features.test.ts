// What is told of a question alone is what is told of the whole turn, as far as a question's weights know of it.
import { expect, test } from "vitest";
import { texts } from "../../platform/text/testing-texts.ts";
import { behaviourModels, questionKind } from "./behaviours.ts";
import { coachFeatures, questionFeatures } from "./features.ts";
import { classify } from "./linear-model.ts";

/** Length, content and the cues of the whole turn. */
const isOfQuestion = (name: string) => /^(?:length ≤|content ≤|turn:) /.test(name);

const all = [
  ...texts({ seed: 73, count: 1_500, kind: "plain" }),
  ...texts({ seed: 74, count: 1_000, kind: "any" }),
];

test("[FEEDBACK-6] a question's features are those of the whole turn that its weights may name, whatever was said", () => {
  const found = new Set<string>();
  all.forEach((text, place) => {
    const turn = { text, before: all[place - 1] ?? null };
    const whole = coachFeatures(turn);
    const features = questionFeatures(turn);
    expect([...features]).toEqual([...whole].filter(isOfQuestion));
    expect(questionKind(turn)).toEqual(classify(behaviourModels.question, whole));
    for (const name of features) found.add(name);
  });
  const named = Object.keys(behaviourModels.question.weights);
  expect(named.filter((name) => !isOfQuestion(name))).toEqual([]);
  // Enough was said for most of them to matter.
  expect(named.filter((name) => found.has(name)).length).toBeGreaterThan(named.length / 2);
});
