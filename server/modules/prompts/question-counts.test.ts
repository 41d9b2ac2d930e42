import { expect, test } from "vitest";
import { QuestionCounts } from "./question-counts.ts";

const told: string[] = [];
const judge = {
  questionKind({ text }: { text: string }) {
    told.push(text);
    return { label: text.startsWith("What") ? ("open" as const) : ("closed" as const), probability: 1 };
  },
};
const asked = (speakerId: string, text: string) => ({ speakerId, text, before: null });

test("questions are told apart when somebody wants to know, each once", () => {
  told.length = 0;
  const counts = new QuestionCounts(judge);
  counts.add(asked("ann", "What now?"));
  counts.add(asked("ann", "Is it?"));
  counts.add(asked("ben", "What then?"));
  expect(told).toEqual([]);
  expect(counts.of("ann")).toEqual({ open: 1, closed: 1 });
  counts.add(asked("ann", "What else?"));
  expect(counts.of("ann")).toEqual({ open: 2, closed: 1 });
  expect(counts.of("ben")).toEqual({ open: 1, closed: 0 });
  expect(counts.of("cleo")).toEqual({ open: 0, closed: 0 });
  expect(told).toHaveLength(4);
});

test("what waits is bounded, and no question waits for many others to be told apart", () => {
  told.length = 0;
  const counts = new QuestionCounts(judge);
  for (let number = 0; number < 1_000; number += 1) {
    const before = told.length;
    counts.add(asked("ann", `What about ${number}?`));
    expect(told.length - before).toBeLessThanOrEqual(1);
  }
  expect(told.length).toBeGreaterThanOrEqual(800);
  expect(counts.of("ann")).toEqual({ open: 1_000, closed: 0 });
});

test("few long questions wait, and are counted again when somebody's are forgotten", () => {
  told.length = 0;
  const counts = new QuestionCounts(judge);
  const long = `What ${"about ".repeat(2_000)}it?`;
  for (let number = 0; number < 10; number += 1) counts.add(asked(number % 2 === 0 ? "ann" : "ben", long));
  expect(told).toHaveLength(7);
  counts.forget("ann");
  counts.add(asked("ben", long));
  expect(told).toHaveLength(7);
  expect(counts.of("ben")).toEqual({ open: 6, closed: 0 });
});

test("of somebody who is forgotten nothing that waits is told apart", () => {
  told.length = 0;
  const counts = new QuestionCounts(judge);
  counts.add(asked("ann", "What now?"));
  counts.add(asked("ben", "Is it?"));
  counts.forget("ann");
  expect(counts.of("ann")).toEqual({ open: 0, closed: 0 });
  expect(counts.of("ben")).toEqual({ open: 0, closed: 1 });
  expect(told).toEqual(["Is it?"]);
});
