// What counts as a false prompt and as a missed lull, by hand on short conversations; and that files without times are read.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { lullRules } from "../../server/modules/prompts/lull-detector.ts";
import { arrivalsOf, falseAnHour, fixedThreshold, replayLulls, type TimedConversation } from "./lulls.ts";
import { readTimedConversations } from "./timed-conversations.ts";

type Said = [speaker: string, text: string, from: number, to: number];
const conversation = (...said: Said[]): TimedConversation => ({
  name: "one",
  coach: "coach",
  utterances: said.map(([speaker, text, from, to]) => ({
    speaker,
    text,
    startMs: from * 1_000,
    endMs: to * 1_000,
  })),
});
const statement: Said = ["coachee", "I feel stuck at work.", 0, 4];
const begins = { delivery: "as it begins", rules: lullRules } as const;

test("a silence that lasts is a lull, and its prompt is not false", () => {
  const outcome = replayLulls(conversation(statement, ["coach", "Let us go on.", 30, 32]), begins);
  expect(outcome).toMatchObject({ prompts: 1, lulls: 1, prompted: 1, overTalk: 0, overPause: 0, missed: 0 });
  expect(falseAnHour(outcome)).toBe(0);
});

test("a prompt just before talk goes on by itself is false", () => {
  const outcome = replayLulls(conversation(statement, ["coachee", "So I left.", 15.5, 18]), begins);
  expect(outcome).toMatchObject({ prompts: 1, overPause: 1, overTalk: 0 });
  expect(falseAnHour(outcome)).toBe(3_600 / 18);
});

test("a prompt while somebody speaks whose words have not arrived is false; the fixed threshold gives it, ours waits", () => {
  const story = conversation(
    ["coach", "Good to see you.", 0, 2],
    ["coachee", "It was a long story about the garden.", 3, 9],
    ["coachee", "And then it went on for a long time.", 10, 30],
    ["coach", "I see what you mean.", 31, 33],
  );
  const afterwards = { delivery: "turn by turn" } as const;
  expect(replayLulls(story, { ...afterwards, rules: fixedThreshold })).toMatchObject({
    prompts: 1,
    overTalk: 1,
  });
  expect(replayLulls(story, { ...afterwards, rules: lullRules })).toMatchObject({ prompts: 0 });
});

test("lulls that are left alone by rule are told apart from missed ones", () => {
  const asked = conversation(["coach", "What would you like?", 0, 2], ["coachee", "Peace.", 17, 18]);
  expect(replayLulls(asked, begins)).toMatchObject({ lulls: 1, prompted: 0, heldThinking: 1, missed: 0 });
  const twice = conversation(statement, ["coach", "Well.", 30, 31], ["coach", "So.", 60, 61]);
  expect(replayLulls(twice, begins)).toMatchObject({ lulls: 2, prompted: 1, heldRest: 1 });
});

test("sentences arrive one after the other, each a second after its end", () => {
  const arrivals = arrivalsOf(conversation(["coach", "One two three. Four.", 0, 8]), "sentence by sentence");
  expect(arrivals.map(({ atMs, chunk }) => [atMs, chunk.text, chunk.startMs, chunk.endMs])).toEqual([
    [7_000, "One two three.", 0, 6_000],
    [9_000, "Four.", 6_000, 8_000],
  ]);
});

test("turns last as long as their words take, and at most until the next one; meetings have no pauses", async () => {
  const directory = await mkdtemp(join(tmpdir(), "connvo-lulls-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(
    join(directory, "talk.csv"),
    [
      "transcript_id,utterance_id,interlocutor,timestamp,utterance_text",
      "a,0,therapist,00:00:10,one two three four five",
      "a,0,therapist,00:00:10,one two three four five",
      "a,1,client,00:00:11,one two three four five",
      "a,2,therapist,00:00:41,one",
    ].join("\n"),
  );
  const turn = (speaker: string) => ({ speaker, content: "one two three four five" });
  await writeFile(
    join(directory, "meeting.json"),
    JSON.stringify({ meeting_transcripts: [turn("Ann"), turn("Ben")] }),
  );
  const { coaching, meetings } = await readTimedConversations(directory, 150);
  expect(coaching[0]?.utterances.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [0, 1_000],
    [1_000, 3_000],
    [31_000, 31_400],
  ]);
  expect(meetings[0]?.utterances.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [0, 2_000],
    [2_000, 4_000],
  ]);
});
