// Recommendations: found by rules in talks made for it, handed to those they are for, and coaching hints out of a review.
import { expect, test } from "vitest";
import { segmentIdSchema, userIdSchema } from "../../../shared/ids.ts";
import { recommendationSchema } from "../../../shared/schemas/insights.ts";
import type { ReviewExample, ShownReview } from "../../../shared/schemas/reviews.ts";
import type { Turn } from "../../vendors/language/index.ts";
import { createRulesLanguage } from "../../vendors/language/rules.ts";
import type { Facts } from "./citations.ts";
import { coachHintsOf, recommendationsFor } from "./recommendations.ts";

const [coach, client] = [userIdSchema.parse("a".repeat(24)), userIdSchema.parse("b".repeat(24))];

async function left(...lines: [string, string][]): Promise<[string, string | null, string][]> {
  const turns = lines.map(([speakerId, text], index): Turn => ({
    sequence: index + 1,
    speakerId,
    text,
    startMs: index * 4_000,
    endMs: index * 4_000 + 3_500,
  }));
  const { suggestions } = await createRulesLanguage().read(turns, { hostIds: [coach] });
  for (const { evidence } of suggestions)
    for (const { sequence, quote } of evidence) expect(turns[sequence - 1]?.text).toContain(quote);
  return suggestions.map(({ kind, forId, text }) => [kind, forId, text]);
}

test("[LANGUAGE-20] a question that was answered with not knowing is open, for whoever was asked", async () => {
  expect(
    await left(
      [coach, "What would make the evenings with your family calmer?"],
      [client, "I don't know yet."],
      [coach, "Okay. Let us look at the week instead."],
    ),
  ).toEqual([["open-question", client, "What would make the evenings with your family calmer?"]]);
});

test.each<[string, string]>([
  [
    "I don't know, but when I cook on Sunday and prepare the food for the children it is much better.",
    "Good.",
  ],
  ["The children could help me cook.", "Good."],
])("[LANGUAGE-20] an answer is an answer: %s", async (answer, after) => {
  const asked = "What would make the evenings with your family calmer?";
  expect(await left([coach, asked], [client, answer], [coach, after])).toEqual([]);
});

test("[LANGUAGE-20] who goes on after not knowing has answered", async () => {
  const lines: [string, string][] = [
    [coach, "What would make the evenings with your family calmer?"],
    [client, "I'm not sure."],
    [client, "Cooking together on Sunday, with the children."],
  ];
  expect(await left(...lines)).toEqual([]);
});

test("[LANGUAGE-20] what is put off to another call is kept for everybody; within the call it is talk", async () => {
  expect(await left([client, "Let's talk about the promotion next time."])).toEqual([
    ["put-off", null, "Let's talk about the promotion next time."],
  ]);
  expect(await left([client, "Let's come back to the promotion later."])).toEqual([]);
});

test("[LANGUAGE-20] an aim that no action serves lacks its first step; one that an action serves does not", async () => {
  const aim: [string, string] = [client, "My goal is to run a marathon in spring."];
  expect(await left(aim)).toEqual([["goal-without-step", client, "My goal is to run a marathon in spring."]]);
  expect(await left(aim, [client, "I'll sign up for the spring marathon tomorrow."])).toEqual([]);
  // Of the coach it is no aim of the person who is coached.
  expect(await left([coach, "My goal is to understand your marathon plan."])).toEqual([]);
});

const citations = [
  {
    segmentId: segmentIdSchema.parse("c".repeat(24)),
    sequence: 1,
    startMs: 0,
    speakerId: client,
    quote: "I'll send it",
  },
];
const action = (text: string, ownerId: typeof coach | null, dueText: string | null) =>
  ({ id: "d".repeat(24), text, ownerId, dueText, citations }) as Facts["actions"][number];

test("[INSIGHTS-40] everybody gets what is theirs, each with the words it rests on, most certain first", () => {
  const facts = {
    actions: [
      action("Send the plan", client, null),
      action("Book a room", null, "by Friday"),
      action("Call the clinic", client, "tomorrow"),
      action("Write the summary", coach, null),
    ],
    suggestions: [
      { kind: "goal-without-step" as const, forId: client, text: "My goal is a marathon.", citations },
      { kind: "put-off" as const, forId: null, text: "Let's talk about it next time.", citations },
    ],
  };
  const forClient = recommendationsFor(client, facts, [coach]);
  const forCoach = recommendationsFor(coach, facts, [coach]);
  for (const one of [...forClient, ...forCoach]) expect(recommendationSchema.parse(one)).toEqual(one);
  expect(forClient.map(({ type, content }) => [type, content])).toEqual([
    ["no-date", "Name a day for it: “Send the plan”"],
    ["no-owner", "Agree who does it: “Book a room”"],
    ["put-off", "Put off in this call: “Let's talk about it next time.” Bring it to the next one."],
    [
      "goal-without-step",
      "An aim without a first step so far: “My goal is a marathon.” What could the first one be?",
    ],
  ]);
  expect(forCoach.map(({ content }) => content)).toEqual([
    "Name a day for it: “Write the summary”",
    "Agree who does it: “Book a room”",
    "Put off in this call: “Let's talk about it next time.” Make time for it in the next one.",
    "An aim without a first step so far: “My goal is a marathon.” Ask for the first one.",
  ]);
});

const example = (text: string): ReviewExample => ({
  sequence: 3,
  startMs: 0,
  lastsMs: 90_000,
  speakerId: coach,
  text,
});

function reviewOf(change: Partial<ShownReview>): ShownReview {
  const person = { label: null, words: 500, turns: 10, steps: [] };
  return {
    lastsMs: 600_000,
    stepMs: 60_000,
    words: 1_000,
    turns: { coach: 10, coachee: 10 },
    own: "read",
    language: "english",
    leftOut: 0,
    timed: true,
    people: [
      { ...person, speakerId: coach, part: "coach", talkMs: 100, longest: example("So what I think…") },
      { ...person, speakerId: client, part: "coachee", talkMs: 100, longest: null },
    ],
    overlaps: null,
    waits: null,
    questions: null,
    reflections: null,
    talk: null,
    grow: null,
    ...change,
  };
}

test("[INSIGHTS-43] a coach's hints come out of their review, each with its moments; without a finding there are none", () => {
  expect(coachHintsOf(reviewOf({}))).toEqual([]);
  const [talker] = reviewOf({}).people;
  if (talker === undefined) throw new Error("there is a coach");
  const hints = coachHintsOf(
    reviewOf({
      people: [{ ...talker, talkMs: 300 }, ...reviewOf({}).people.slice(1)],
      questions: {
        open: 2,
        closed: 8,
        unsure: 0,
        openExamples: [],
        closedExamples: [example("Did you go?"), example("Was it good?"), example("Is it far?")],
      },
      waits: { questions: 10, medianMs: 500, long: 0, coachFirst: 2, examples: [example("And then?")] },
    }),
  );
  expect(hints.map(({ content, moments }) => [content, moments.length])).toEqual([
    ["You talked for 75 % of the time. Leave more of the next call to the other side.", 1],
    ["8 of your 10 questions could be answered with yes or no. Try to open some of them.", 2],
  ]);
});
