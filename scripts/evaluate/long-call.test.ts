// That the check of a long call sees what is missing, doubled and not said; and a short one without faults.
import { expect, test } from "vitest";
import { chunksOf, faultsOf, longTalk, readStageByStage } from "./long-call.ts";

const lines = Array.from({ length: 40 }, (_, n) => ({
  speaker: n % 2,
  text: `Line ${n}: I will send the plan of project ${n} to the whole team by Friday, and we agreed on its budget.`,
}));

test("every line of a call is in one segment, and what is shown was said", async () => {
  const chunks = chunksOf(longTalk(lines, 3_000));
  const { stages, segments, facts } = await readStageByStage(chunks);
  expect(chunks.length).toBeGreaterThan(100);
  expect(stages).toHaveLength(4);
  const statements = [...facts.summary, ...facts.decisions, ...facts.actions];
  expect(statements).not.toHaveLength(0);
  expect(faultsOf(chunks, segments, statements)).toEqual([]);
});

test("a line that is missing or in two segments, and words that nobody said, are faults", async () => {
  const chunks = chunksOf(longTalk(lines, 2_000));
  const { segments } = await readStageByStage(chunks);
  const [first] = segments;
  if (first === undefined) throw new Error("there is a segment");
  expect(faultsOf(chunks, segments.slice(1), [])).not.toEqual([]);
  expect(faultsOf(chunks, segments.slice(0, -1), [])).not.toEqual([]);
  expect(faultsOf(chunks, [first, ...segments], [])).not.toEqual([]);
  expect(faultsOf(chunks, [{ ...first, text: "" }, ...segments.slice(1)], [])).not.toEqual([]);
  const invented = [{ citations: [{ sequence: 1, quote: "a million" }] }];
  expect(faultsOf(chunks, segments, invented)).toHaveLength(1);
});
