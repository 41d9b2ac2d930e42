// Rankings put together, and words of several calls ranked at once, on lists small enough to reckon by hand.
import { expect, test } from "vitest";
import type { MeetingId, SegmentId } from "../../../shared/ids.ts";
import type { Segment } from "../../../shared/schemas/transcripts.ts";
import { rankTokens } from "./bm25.ts";
import { fuseRanks } from "./fuse.ts";
import { createTalkWords, tokensOf } from "./talk-words.ts";

test("[SEARCH-3] what both rankings place high comes first, and what one alone knows is in it", () => {
  const words = ["a", "b", "c"];
  expect(fuseRanks([words, ["c", "b", "d"]])).toEqual(["c", "b", "a", "d"]);
  expect(fuseRanks([words, []])).toEqual(["a", "b", "c"]);
});

test("[SEARCH-2] the words around a passage are those of its own call", () => {
  const talk = (...texts: string[]) => texts.map(tokensOf);
  const ranked = rankTokens(tokensOf("budget"), [talk("Lunch.", "The budget."), talk("Twelve.", "Roses.")]);
  expect(ranked.map(({ index }) => index)).toEqual([1, 0]);
});

test("[SEARCH-6] words of calls are read once, in the order of the talk, until they are forgotten", async () => {
  const asked: MeetingId[] = [];
  const segment = (id: string, startMs: number, text: string) =>
    ({ id: id as SegmentId, startMs, text }) as Segment;
  const talks = createTalkWords((meetingId) => {
    asked.push(meetingId);
    return Promise.resolve([segment("late", 9, "roses"), segment("early", 1, "tulips")]);
  });
  const id = "a".repeat(24) as MeetingId;
  expect((await talks.of(id)).segments.map((one) => one.id)).toEqual(["early", "late"]);
  await talks.of(id);
  expect(asked).toHaveLength(1);
  talks.forget(id);
  expect(talks.has(id)).toBe(false);
  await talks.of(id);
  expect(asked).toHaveLength(2);
});
