// What is counted over a call: by hand on short talks, in all languages, and without the people who do not want it.
import { describe, expect, test } from "vitest";
import { userIdSchema, type UserId } from "../../../shared/ids.ts";
import { reviewFiguresSchema } from "../../../shared/schemas/reviews.ts";
import { languageOf } from "./english.ts";
import { longestOf, overlapsOf, sharesOf } from "./floor.ts";
import { stagesIn } from "./grow.ts";
import { reviewOf, type ReviewedLine } from "./review.ts";
import { turnsOf } from "./turns.ts";
import { medianOf, waitsOf } from "./waits.ts";

const person = (digit: string): UserId => userIdSchema.parse(digit.repeat(24));
const [coach, ben, carl] = [person("a"), person("b"), person("c")];

/** Speaker, words, and from when to when in seconds. */
type Said = [speaker: UserId, text: string, from: number, to: number];
const linesOf = (...said: Said[]): ReviewedLine[] =>
  said.map(([speakerId, text, from, to], index) => ({
    sequence: index + 1,
    speakerId,
    text,
    startMs: from * 1_000,
    endMs: to * 1_000,
  }));
const call = (lines: readonly ReviewedLine[], change: Partial<Parameters<typeof reviewOf>[0]> = {}) =>
  reviewOf({ lines, coachId: coach, hostIds: [coach], withheld: [], ...change });

const talk: Said[] = [
  [coach, "What would you like to have changed by the end of the summer?", 0, 4],
  [ben, "I really want to stop working at night, I need to be there for my kids.", 8, 14],
  [coach, "It sounds like you're worried that you are missing out on your kids.", 15, 19],
  [ben, "I'm going to try that, I think I can do it.", 19.4, 25],
  [coach, "Did you speak to your manager?", 25.2, 27],
  [ben, "No, I don't see a problem with that, everybody does it and I enjoy it.", 27.3, 33],
];

describe("who had the floor", () => {
  test("[FEEDBACK-10] talk is counted once where a person's lines lie over each other, step by step", () => {
    const lines = linesOf([coach, "One", 0, 50], [coach, "Two", 40, 70], [ben, "Three", 70, 130]);
    const shares = sharesOf(lines, { stepMs: 60_000, steps: 3 });
    expect(shares).toEqual([
      { speakerId: coach, talkMs: 70_000, steps: [60_000, 10_000, 0] },
      { speakerId: ben, talkMs: 60_000, steps: [0, 50_000, 10_000] },
    ]);
  });

  test("[FEEDBACK-10] typed lines tell nothing of time", () => {
    const typed = linesOf(...talk.map(([who, text, from]): Said => [who, text, from, from]));
    const figures = call(typed);
    expect(figures).toMatchObject({ timed: false, overlaps: null, waits: null });
    expect(figures.people.map(({ talkMs, steps, longest }) => [talkMs, steps, longest])).toEqual([
      [0, [], null],
      [0, [], null],
    ]);
    expect(figures.questions).not.toBeNull();
  });

  test("[FEEDBACK-10] lines that last until the next one begins hold no silences", () => {
    const starts = talk.map(([, , from]) => from);
    const touching = talk.map(([who, text, from], index): Said => [
      who,
      text,
      from,
      starts[index + 1] ?? from + 3,
    ]);
    expect(call(linesOf(...touching))).toMatchObject({ timed: true, waits: null, overlaps: null });
  });

  test("[FEEDBACK-11] a listener's signal does not end a stretch; words and ten seconds of silence do", () => {
    const lines = linesOf(
      [ben, "It began in spring", 0, 10],
      [coach, "Mm-hmm.", 10, 11],
      [ben, "and went on until autumn", 11, 30],
      [coach, "That was a long time for you.", 30, 33],
      [ben, "It was", 33, 43],
      [ben, "After a while", 53, 70],
    );
    const longest = longestOf(turnsOf(lines));
    expect(longest.get(ben)).toEqual({ sequence: 1, startMs: 0, lastsMs: 30_000 });
    expect(longest.get(coach)).toEqual({ sequence: 4, startMs: 30_000, lastsMs: 3_000 });
  });

  test("[FEEDBACK-12] an overlap is more than a signal, over somebody else, for half a second of both", () => {
    const lines = linesOf(
      [ben, "I have thought about it for a long time", 0, 10],
      [coach, "Mm-hmm", 4, 5],
      [coach, "Let me stop you there for a moment", 8, 12],
      [ben, "But I was not yet done with it", 11.6, 15],
      [ben, "and would like to go on", 14, 16],
      [coach, "Of course, please do go on", 15, 18],
    );
    expect(overlapsOf(lines)).toEqual([
      { sequence: 3, speakerId: coach, overId: ben, startMs: 8_000, lastsMs: 2_000 },
      { sequence: 6, speakerId: coach, overId: ben, startMs: 15_000, lastsMs: 1_000 },
    ]);
  });

  test("[FEEDBACK-13] a wait ends with anybody's words; a question that the coach goes on from at once is none", () => {
    const lines = linesOf(
      [coach, "What matters to you?", 0, 2],
      [ben, "My family.", 7, 9],
      [coach, "How is that?", 9, 10],
      [coach, "I mean, at home?", 10.5, 12],
      [ben, "Fine.", 11.5, 13],
      [coach, "And at work?", 13, 14],
      [coach, "Or shall we leave that?", 18, 19],
    );
    expect(waitsOf(lines, coach)).toEqual([
      { sequence: 1, startMs: 0, lastsMs: 5_000, coachFirst: false },
      { sequence: 4, startMs: 10_500, lastsMs: 0, coachFirst: false },
      { sequence: 6, startMs: 13_000, lastsMs: 4_000, coachFirst: true },
    ]);
    expect([medianOf([3, 1, 2]), medianOf([4, 1]), medianOf([])]).toEqual([2, 3, null]);
  });
});

describe("what was said", () => {
  test("[FEEDBACK-14] turns are counted by kind, with moments to look at", () => {
    const figures = call(linesOf(...talk));
    expect(reviewFiguresSchema.parse(figures)).toEqual(figures);
    expect(figures).toMatchObject({
      language: "english",
      own: "read",
      turns: { coach: 3, coachee: 3 },
      questions: { open: 1, closed: 1, openExamples: [{ sequence: 1 }], closedExamples: [{ sequence: 5 }] },
      reflections: { count: 1, examples: [{ sequence: 3 }] },
      talk: { change: 2, sustain: 1, neutral: 0, sustainExamples: [{ sequence: 6 }] },
      waits: {
        questions: 2,
        medianMs: 2_150,
        long: 1,
        coachFirst: 0,
        examples: [{ lastsMs: 4_000 }, { lastsMs: 300 }],
      },
    });
    expect(figures.people.map(({ speakerId, part, talkMs }) => [speakerId, part, talkMs])).toEqual([
      [coach, "coach", 9_800],
      [ben, "coachee", 17_300],
    ]);
  });

  test("[FEEDBACK-14] what the rules were not sure of is counted as such", () => {
    const clear = call(linesOf(...talk)).questions;
    const unclear = call(linesOf(...talk, [coach, "Or was it more about the garden?", 34, 36])).questions;
    expect([clear?.open, clear?.closed, clear?.unsure]).toEqual([1, 1, 0]);
    expect([unclear?.open, unclear?.closed, unclear?.unsure]).toEqual([1, 2, 1]);
  });

  test("[FEEDBACK-17] words point to a stage of GROW", () => {
    expect(stagesIn("I want to sleep better.")).toEqual(["goal"]);
    expect(stagesIn("I'll call them tomorrow.")).toEqual(["way-forward"]);
    expect(stagesIn("Hello there.")).toEqual([]);
  });

  test("[FEEDBACK-17] a stage of GROW is shown where it was touched", () => {
    const { grow, stepMs } = call(
      linesOf(...talk, [ben, "I'll call them tomorrow and tell them that.", 700, 720]),
    );
    expect(stepMs).toBe(30_000);
    const way = grow?.find(({ stage }) => stage === "way-forward");
    expect(way).toMatchObject({ lines: 2, examples: [{ sequence: 4 }, { sequence: 7 }] });
    expect([...(way?.steps.entries() ?? [])].filter(([, lines]) => lines > 0)).toEqual([
      [0, 1],
      [23, 1],
    ]);
    expect(grow?.find(({ stage }) => stage === "options")?.lines).toBe(0);
  });

  test.each([
    ["english", talk.map(([, text]) => text)],
    ["too-little", ["What would you like?"]],
    [
      "other",
      [
        "Ich weiß nicht genau, was ich dazu sagen soll, und wir haben das schon oft besprochen.",
        "Was möchtest du heute erreichen? Ich will das bis Freitag fertig haben, aber die Kollegen sind im Urlaub.",
      ],
    ],
    ["other", ["我想在夏天结束之前改变这种情况。".repeat(5)]],
  ] as const)("[FEEDBACK-15] talk is told to be %s", (expected, texts) => {
    expect(languageOf(texts)).toBe(expected);
  });

  test("[FEEDBACK-15] of talk in another language only what needs none is counted", () => {
    const german = linesOf(
      [
        coach,
        "Was möchtest du bis zum Ende des Sommers verändert haben, und woran merkst du das dann?",
        0,
        4,
      ],
      [
        ben,
        "Ich will wirklich nicht mehr jede Nacht arbeiten, ich will bei meinen Kindern sein können.",
        8,
        14,
      ],
    );
    const figures = call(german);
    expect(figures).toMatchObject({ questions: null, reflections: null, talk: null, grow: null });
    expect(figures).toMatchObject({ language: "other", timed: true, waits: { questions: 1, long: 1 } });
  });
});

describe("whose words are left out", () => {
  test("[FEEDBACK-16] how many people that are is said, and nothing of time", () => {
    const lines = linesOf(...talk).filter(({ speakerId }) => speakerId !== ben);
    const figures = call(lines, { withheld: [ben] });
    expect(figures).toMatchObject({ leftOut: 1, timed: false, waits: null, overlaps: null });
    expect(figures.people.map(({ speakerId, talkMs }) => [speakerId, talkMs])).toEqual([[coach, 0]]);
    expect(JSON.stringify(figures)).not.toContain(ben);
  });

  test("[FEEDBACK-16] a coach who is left out themselves is told so", () => {
    const lines = linesOf(...talk).filter(({ speakerId }) => speakerId !== coach);
    expect(call(lines, { withheld: [coach] }).own).toBe("refused");
    expect(call(lines).own).toBe("none");
  });

  test("[FEEDBACK-14] of two hosts each is the coach of their own review, and the other is no coachee", () => {
    const lines = linesOf(...talk, [carl, "What would you like to try first, and why is that?", 34, 38]);
    const hostIds = [coach, carl];
    const [one, other] = [coach, carl].map((coachId) => call(lines, { coachId, hostIds }));
    expect([one?.questions?.open, other?.questions?.open]).toEqual([1, 1]);
    expect(other?.people.map(({ speakerId, part }) => [speakerId, part])).toEqual([
      [carl, "coach"],
      [ben, "coachee"],
      [coach, "other-host"],
    ]);
    expect(one?.talk).toEqual(other?.talk);
  });

  test("[FEEDBACK-10] a call in which nothing was said has a review, too", () => {
    expect(reviewFiguresSchema.parse(call([]))).toMatchObject({ words: 0, people: [], own: "none" });
  });
});
