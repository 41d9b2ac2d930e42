// Pk and WindowDiff against small cases counted by hand.
import { expect, test } from "vitest";
import { newRandom } from "../../tests/factories/random.ts";
import { annotatedMeeting } from "./annotated-meetings.ts";
import { atRandom, evenly, pk, windowDiff, windowOf } from "./segmentation.ts";

const of = (turns: number, ...starts: number[]) => ({ turns, starts: [0, ...starts] });

test("the window is half the mean length of the reference's segments", () => {
  expect(windowOf(of(12, 4, 8))).toBe(2);
  expect(windowOf(of(2, 1))).toBe(1);
});

test("Pk and WindowDiff by hand: the same, none, one off, one too many", () => {
  const reference = of(8, 4);
  // Window 2, pairs (0,2) … (5,7); the reference separates (2,4) and (3,5).
  expect(pk(reference, reference)).toBe(0);
  expect(windowDiff(reference, reference)).toBe(0);
  expect(pk(reference, of(8))).toBeCloseTo(2 / 6);
  // Moved by one: (2,4) is no longer separated by 5, and (4,6) is.
  expect(pk(reference, of(8, 5))).toBeCloseTo(2 / 6);
  // Boundaries at 4 and 5: (3,5) holds two of them, which only WindowDiff sees; (4,6) is separated wrongly.
  expect(pk(reference, of(8, 4, 5))).toBeCloseTo(1 / 6);
  expect(windowDiff(reference, of(8, 4, 5))).toBeCloseTo(2 / 6);
  expect(() => pk(reference, of(9))).toThrow("different conversations");
});

test("the baselines have as many segments as they are told, and the same seed gives the same", () => {
  expect(evenly(10, 3).starts).toEqual([0, 3, 7]);
  const first = atRandom(50, 5, newRandom(3).next);
  expect(first.starts).toHaveLength(5);
  expect(atRandom(50, 5, newRandom(3).next)).toEqual(first);
  expect(atRandom(3, 9, newRandom(3).next).starts).toEqual([0, 1, 2]);
});

test("a meeting's topics are read by turns: gaps belong to the topic before, returns begin anew, ends without topic are left out", () => {
  const meeting = annotatedMeeting(
    JSON.stringify({
      meeting_transcripts: Array.from({ length: 10 }, (_none, n) => ({ speaker: "A", content: `turn ${n}` })),
      topic_list: [
        {
          topic: "one",
          relevant_text_span: [
            ["1", "2"],
            ["7", "8"],
          ],
        },
        { topic: "two", relevant_text_span: [["4", "6"]] },
      ],
      general_query_list: [{ query: "Summarize the whole meeting.", answer: "All." }],
      specific_query_list: [
        {
          query: "What?",
          answer: "That.",
          relevant_text_span: [
            ["2", "3"],
            ["9", "12"],
          ],
        },
      ],
    }),
    "m",
  );
  expect(meeting).toMatchObject({ topicsFrom: 1, topicsUntil: 9, summaries: ["All."] });
  expect(meeting.topics).toEqual({ turns: 8, starts: [0, 3, 6] });
  expect(meeting.questions).toEqual([{ question: "What?", evidence: new Set([2, 3, 9]) }]);
});
