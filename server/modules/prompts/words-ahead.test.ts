// Words by a model for what may come up: asked before its time, never waited for, and gone with the word of who said them.
import { expect, test } from "vitest";
import { meetingIdSchema, promptIdSchema } from "../../../shared/ids.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { AppError } from "../../../shared/errors.ts";
import type { GatedIdeas, PromptQuestion, WrittenIdeas } from "../../vendors/language/index.ts";
import { talkJudge } from "../feedback/index.ts";
import { WatchedMeeting } from "./watched-meeting.ts";
import { aheadMs, createWordsAsker, lullWords } from "./words-ahead.ts";

const [coach, coachee] = ["c".repeat(24), "d".repeat(24)];
const start = Date.UTC(2026, 0, 1);
const at = (seconds: number) => start + seconds * 1_000;
const idea = (text: string, relevance = 0.9) => ({
  text,
  relevance,
  evidence: [{ sequence: 2, quote: "the presentation" }],
});

/** A call whose last words ended at 10 s, so that it stalls at 20 s. */
function stalled() {
  const meeting = new WatchedMeeting(meetingIdSchema.parse("a".repeat(24)), new Date(start), talkJudge);
  meeting.finishRecall({ shown: [], hosts: [coach], plannedMs: null, orgId: null, answers: [] }, start);
  const said = (sequence: number, speakerId: string, text: string, from: number): TranscriptChunk =>
    ({ sequence, speakerId, text, startMs: from * 1_000, endMs: from * 1_000 + 5_000 }) as TranscriptChunk;
  meeting.observe(said(1, coach, "Good to see you again.", 0), at(0));
  meeting.observe(said(2, coachee, "I was nervous about the presentation all night.", 5), at(5));
  return { meeting, said };
}

function model() {
  const asked: PromptQuestion[] = [];
  let answer = Promise.withResolvers<WrittenIdeas>();
  const refused = new Set<string>();
  const ideas: GatedIdeas = {
    name: "a-model",
    readable: () => Promise.resolve([]),
    forBrief: () => Promise.resolve(null),
    async forPrompt(question) {
      asked.push(question);
      answer = Promise.withResolvers();
      return await answer.promise;
    },
    mayStill: (_subject, speakers) => Promise.resolve(!speakers.some((id) => refused.has(id))),
  };
  return {
    asker: createWordsAsker(ideas),
    asked,
    refused,
    answers: (...found: WrittenIdeas["ideas"]) => answer.resolve({ ideas: found, dropped: {} }),
    fails: () => answer.reject(new AppError("VENDOR_ERROR", "no")),
  };
}

const lullAt = (meeting: WatchedMeeting, seconds: number) => {
  const lull = meeting.lull(at(seconds));
  if (lull === null) throw new Error("a silence is expected");
  return lull;
};
/** When this call is stalled, in seconds. */
function stallsAt(meeting: WatchedMeeting): number {
  for (let seconds = 10; seconds < 200; seconds += 1)
    if (meeting.lull(at(seconds))?.prompt === true) return seconds;
  throw new Error("it does not stall");
}

test("[PROMPTS-50] a model is asked six seconds before a prompt is due, once, with the newest lines", () => {
  const { meeting } = stalled();
  const { asker, asked } = model();
  const due = stallsAt(meeting);
  expect(asker.askAhead(meeting, at(due) - aheadMs - 1_000)).toBeNull();
  expect(asker.askAhead(meeting, at(due) - aheadMs)).not.toBeNull();
  expect(asker.askAhead(meeting, at(due))).toBeNull();
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ trigger: "lull", wording: null, hostIds: [coach], shown: [] });
  expect(asked[0]?.lines.map(({ sequence }) => sequence)).toEqual([1, 2]);
});

test("[PROMPTS-51] while the model has not answered, or has failed, there are no words of its and the rules' are shown", async () => {
  const { meeting } = stalled();
  const vendor = model();
  const due = stallsAt(meeting);
  const asking = vendor.asker.askAhead(meeting, at(due) - aheadMs);
  const lull = lullAt(meeting, due);
  const about = lullWords(meeting.lastSequence);
  expect(await vendor.asker.wordsFor(meeting, about, lull)).toEqual([]);
  expect(meeting.write(lull, [])?.generatedBy).toBeUndefined();
  vendor.fails();
  await asking;
  expect(await vendor.asker.wordsFor(meeting, about, lull)).toEqual([]);
});

test("[PROMPTS-52] in a silence what it proposes is ranked among the rules' own, and none that was shown", async () => {
  const { meeting } = stalled();
  const vendor = model();
  const due = stallsAt(meeting);
  const asking = vendor.asker.askAhead(meeting, at(due) - aheadMs);
  vendor.answers(idea("What about the presentation kept you awake?", 1), idea("And the night?", 0));
  await asking;
  const lull = lullAt(meeting, due);
  const about = lullWords(meeting.lastSequence);
  const proposed = await vendor.asker.wordsFor(meeting, about, lull);
  expect(proposed).toHaveLength(2);
  const written = meeting.write(lull, proposed);
  expect(written).toMatchObject({
    content: "What about the presentation kept you awake?",
    generatedBy: "a-model",
    tags: ["model"],
  });
  // Less sure than the rules are of theirs.
  expect(meeting.write(lull, proposed.slice(1))?.generatedBy).toBeUndefined();
  expect(await vendor.asker.wordsFor(meeting, "lull/1", lull)).toEqual([]);
  meeting.remember({
    id: promptIdSchema.parse("b".repeat(24)),
    content: "What about the presentation kept you awake?",
    tags: ["model"],
    trigger: "lull",
    feedback: "wrong",
    atMs: 0,
    expiresAt: null,
  } as Parameters<WatchedMeeting["remember"]>[0]);
  const left = await vendor.asker.wordsFor(meeting, about, lull);
  expect(left.map(({ content }) => content)).toEqual(["And the night?"]);
});

test("[PROMPTS-53] whoever takes it back takes back what was written from their words, also while it is being written", async () => {
  const { meeting, said } = stalled();
  const vendor = model();
  const due = stallsAt(meeting);
  let asking = vendor.asker.askAhead(meeting, at(due) - aheadMs);
  vendor.answers(idea("What about the presentation kept you awake?"));
  await asking;
  const lull = lullAt(meeting, due);
  const about = lullWords(meeting.lastSequence);
  vendor.refused.add(coachee);
  expect(await vendor.asker.wordsFor(meeting, about, lull)).toEqual([]);
  vendor.refused.clear();
  expect(await vendor.asker.wordsFor(meeting, about, lull)).toHaveLength(1);
  meeting.leaveUnread([]);
  expect(await vendor.asker.wordsFor(meeting, about, lull)).toEqual([]);
  // Taken back while the model writes.
  meeting.observe(said(3, coachee, "And then I could not sleep at all.", due + 30), at(due + 30));
  const again = stallsAt(meeting);
  asking = vendor.asker.askAhead(meeting, at(again));
  expect(asking).not.toBeNull();
  meeting.leaveUnread([coachee]);
  vendor.answers(idea("What about the presentation kept you awake?"));
  await asking;
  expect(await vendor.asker.wordsFor(meeting, lullWords(3), lullAt(meeting, again))).toEqual([]);
});
