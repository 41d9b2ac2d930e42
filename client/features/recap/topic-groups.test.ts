// A summary under its topics.
import { expect, test } from "vitest";
import { segmentIdSchema, userIdSchema } from "../../../shared/ids.ts";
import type { CitedText } from "../../../shared/schemas/insights.ts";
import type { Topic } from "../../../shared/schemas/transcripts.ts";
import { groupByTopic } from "./topic-groups.ts";

const said = (text: string, startMs: number): CitedText => ({
  text,
  citations: [
    {
      segmentId: segmentIdSchema.parse("a".repeat(24)),
      sequence: 1,
      startMs,
      speakerId: userIdSchema.parse("b".repeat(24)),
      quote: text,
    },
  ],
});
const topic = (label: string, startMs: number): Topic => ({
  labels: [label],
  startMs,
  endMs: startMs + 50_000,
  firstSequence: 1,
  segments: 1,
});
const [garden, budget, health] = [topic("garden", 5_000), topic("budget", 60_000), topic("health", 120_000)];
const shape = (items: CitedText[], topics: Topic[]) =>
  groupByTopic(items, topics).map((group) => [group.topic?.labels[0], group.items.map(({ text }) => text)]);

test("[INSIGHTS-9] statements stand under the topic they were said in, in the order of the talk, and no topic is empty", () => {
  const items = [
    said("late", 130_000),
    said("early", 10_000),
    said("before all", 0),
    said("late too", 500_000),
  ];
  expect(shape(items, [garden, budget, health])).toEqual([
    ["garden", ["early", "before all"]],
    ["health", ["late", "late too"]],
  ]);
});

test("[INSIGHTS-9] with one topic or none the summary is one list", () => {
  expect(shape([said("one", 0)], [garden])).toEqual([[undefined, ["one"]]]);
  expect(shape([said("one", 0)], [])).toEqual([[undefined, ["one"]]]);
  expect(shape([], [])).toEqual([]);
});
