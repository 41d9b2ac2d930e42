// The labels of the rubrics' evaluation: what headings say is the label, and is not in the text that is read.
import { expect, test } from "vitest";
import { labelled } from "./posting-labels.ts";
import { f1, judge } from "./rubric-command.ts";

const source =
  "Nurse\n\nEssential criteria:\n- You must be registered\n- Calm\n\nDesirable\n- Spanish is a plus\n\nWhat we offer\n- Coffee";

test("headings are the labels and are removed; other headings stay", () => {
  const posting = labelled(source);
  expect(posting.asked).toEqual([
    { kind: "must", line: "You must be registered" },
    { kind: "must", line: "Calm" },
    { kind: "nice", line: "Spanish is a plus" },
  ]);
  expect(posting.text).not.toMatch(/essential|desirable/iu);
  expect(posting.text).toContain("What we offer\n- Coffee");
});

test("a line counts once, where a requirement of its kind quotes it", () => {
  expect(judge(labelled(source))).toEqual({
    must: { found: 2, predicted: 2, labelled: 2 },
    nice: { found: 1, predicted: 1, labelled: 1 },
  });
  expect(f1({ found: 1, predicted: 1, labelled: 2 }).f1).toBeCloseTo(2 / 3);
  expect(f1({ found: 0, predicted: 0, labelled: 0 }).f1).toBe(0);
});
