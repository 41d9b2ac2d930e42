// What a turn is: plain cases in words of our own, any input, and that verdicts can be explained.
import { describe, expect, test } from "vitest";
import { coachFeatures, coacheeFeatures } from "./features.ts";
import { behaviourModels, coachBehaviour, questionKind, talkType } from "./index.ts";
import { classify } from "./linear-model.ts";

const alone = (text: string) => ({ text, before: null });

describe("a coach's turn", () => {
  test.each([
    ["question", "What would you like to have changed by the end of the summer?"],
    ["question", "How many evenings a week do you stay late at the office?"],
    [
      "reflection",
      "So you feel torn: on the one hand the promotion matters to you, on the other you miss your family.",
    ],
    ["reflection", "It sounds like you're worried that your team won't trust you."],
    [
      "therapist_input",
      "I think you should take the medicine every day, because the research shows that it lowers the risk.",
    ],
    ["other", "Mm-hmm."],
    ["other", "Hi, welcome, nice to see you."],
  ])("[FEEDBACK-1] is a %s: %s", (expected, text) => {
    expect(coachBehaviour(alone(text)).label).toBe(expected);
  });

  test.each([
    ["open", "What makes this important to you?"],
    ["open", "How do you see yourself a year from now?"],
    ["closed", "Did you speak to your manager?"],
    ["closed", "Is that every week?"],
  ])("[FEEDBACK-1] asks an %s question: %s", (expected, text) => {
    expect(questionKind(alone(text)).label).toBe(expected);
  });

  test("[FEEDBACK-3] is recognised without punctuation and capitals", () => {
    expect(coachBehaviour(alone("what would you like to talk about today")).label).toBe("question");
    expect(coachBehaviour(alone("it sounds like you're tired of waiting")).label).toBe("reflection");
    expect(questionKind(alone("did you speak to them")).label).toBe("closed");
  });

  test("[FEEDBACK-2] is seen beside what was said before it: a mirror holds the other's words", () => {
    const before = "The deadline and the garden, both are on my mind, and my sister's wedding.";
    const echoing = coachFeatures({ text: "The deadline, the garden and the wedding.", before });
    const strange = coachFeatures({ text: "The boat, the bicycle and the mountain.", before });
    expect([...echoing].filter((name) => name.startsWith("echo"))).toEqual(["echo: 3", "echo in thirds: 3"]);
    expect([...strange].filter((name) => name.startsWith("echo"))).toEqual(["echo: 0", "echo in thirds: 0"]);
  });
});

describe("a coachee's turn", () => {
  test.each([
    ["change", "I really want to stop working at night, I need to be there for my kids."],
    ["change", "I'm going to try that, I think I can do it."],
    ["sustain", "I don't see a problem, everybody does it and I enjoy it."],
    ["neutral", "Mm-hmm."],
  ])("[FEEDBACK-1] speaks for %s: %s", (expected, text) => {
    expect(talkType(alone(text)).label).toBe(expected);
  });

  test("[FEEDBACK-2] a short agreement is seen together with what it answers", () => {
    const features = coacheeFeatures({ text: "Yeah.", before: "So you want to start next week?" });
    expect(features.has("agrees to: soYou")).toBe(true);
    expect(coacheeFeatures(alone("Yeah.")).has("agrees to: soYou")).toBe(false);
  });
});

test.each([
  ["nothing", ""],
  ["white space", " \n\t"],
  ["one mark", "?"],
  ["a lone surrogate", "\ud800 what"],
  ["another script", "你想聊什么？"],
  ["very much", "why do you think so? ".repeat(20_000)],
  ["names of an object's own parts", "constructor __proto__ toString"],
])("[FEEDBACK-5] %s gets a verdict", (_, text) => {
  for (const { probability } of [
    coachBehaviour(alone(text)),
    questionKind(alone(text)),
    talkType(alone(text)),
  ]) {
    expect(probability).toBeGreaterThan(0);
    expect(probability).toBeLessThanOrEqual(1);
  }
});

test("[FEEDBACK-2] a verdict is the sum of named weights, and unknown names weigh nothing", () => {
  const model = { labels: ["a", "b"], bias: [0, 0.5], weights: { x: [2, 0], y: [0, 1] } } as const;
  expect(classify(model, new Set())).toEqual({ label: "b", probability: 1 / (1 + Math.exp(-0.5)) });
  expect(classify(model, new Set(["x", "toString", "unheard of"])).label).toBe("a");
  expect(classify(model, new Set(["x", "y"])).probability).toBeCloseTo(1 / (1 + Math.exp(-0.5)));
});

test("[FEEDBACK-4] the weights name cues, lengths and echoes alone, and what they were learned from", () => {
  const { learnedFrom, ...models } = behaviourModels;
  expect(learnedFrom.length).toBeGreaterThan(0);
  const named =
    /^(?:(?:turn|question|first|last|after|agrees to|affirmed|denied|question opens with): \w+|(?:length|content|before them) ≤ \w+(?:, short)?|(?:echo|echo in thirds|share of (?:you|me)): \d|[a-z ]+)$/u;
  for (const { labels, weights } of Object.values(models)) {
    for (const [name, row] of Object.entries(weights)) {
      expect(name).toMatch(named);
      expect(row).toHaveLength(labels.length);
    }
  }
});
