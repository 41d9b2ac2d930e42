// Timeline, meeting clock and lull detector: pure rules on a table of times.
import { describe, expect, test } from "vitest";
import type { UserId } from "../../../shared/ids.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { detectLull, type LullMemory } from "./lull-detector.ts";
import { meetingNowMs, withArrival } from "./meeting-clock.ts";
import { addChunk, emptyTimeline, recentMax, speakingStats, type Timeline } from "./timeline.ts";

const [coach, coachee] = ["a".repeat(24) as UserId, "b".repeat(24) as UserId];
const nothingShown: LullMemory = { lastPromptAtMs: null, promptedAfterSequence: null, openPrompt: false };

function chunk(
  sequence: number,
  speakerId: UserId,
  text: string,
  startMs: number,
  endMs: number,
): TranscriptChunk {
  return {
    sequence,
    speakerId,
    text,
    startMs,
    endMs,
    clientKey: `k${sequence}`,
    confidence: 0.9,
    source: "speech",
    createdAt: "2026-03-12T09:00:00.000Z",
  };
}

type Line = [speaker: UserId, text: string, startMs: number, endMs: number];

function arriving(lines: Line[], arrivalMs: (startMs: number, endMs: number) => number): Timeline {
  const timeline = emptyTimeline();
  for (const [index, [speaker, text, startMs, endMs]] of lines.entries())
    addChunk(timeline, chunk(index + 1, speaker, text, startMs, endMs), arrivalMs(startMs, endMs));
  return timeline;
}

/** Each line arrives when it begins. */
const talk = (...lines: Line[]) => arriving(lines, (startMs) => startMs);

const lullAt = (timeline: Timeline, nowMs: number, memory = nothingShown) =>
  detectLull(timeline, nowMs, { hostIds: [coach], memory });

describe("timeline", () => {
  test("[PROMPTS-1] talk time, words and turns are counted per speaker, most talk first", () => {
    const timeline = talk(
      [coach, "How are you?", 0, 1_000],
      [coachee, "Tired, to be honest.", 1_000, 4_000],
      [coachee, "Very tired.", 4_000, 6_000],
      [coach, "Tell me more.", 6_000, 7_000],
    );
    expect(speakingStats(timeline)).toEqual([
      { speakerId: coachee, talkMs: 5_000, words: 6, turns: 1 },
      { speakerId: coach, talkMs: 2_000, words: 6, turns: 2 },
    ]);
  });

  test("[PROMPTS-1] a chunk that arrives twice counts once", () => {
    const twice = talk([coach, "How are you?", 0, 1_000]);
    addChunk(twice, chunk(1, coach, "How are you?", 0, 1_000), 9_000);
    expect(twice).toEqual(talk([coach, "How are you?", 0, 1_000]));
  });

  test("a long call keeps a bounded memory of what was said", () => {
    const timeline = emptyTimeline();
    for (let n = 1; n <= 1_000; n += 1) addChunk(timeline, chunk(n, coach, "word", n, n), n);
    expect(timeline.recent).toHaveLength(recentMax);
    expect(timeline.recent.at(-1)?.sequence).toBe(1_000);
    expect(timeline.words).toBe(1_000);
  });

  test("[PROMPTS-2] a phrase that arrives long after its end is activity at its arrival", () => {
    const timeline = emptyTimeline();
    addChunk(timeline, chunk(1, coachee, "I see.", 0, 1_000), 30_000);
    expect(lullAt(timeline, 35_000)).toMatchObject({ detected: false, durationMs: 5_000 });
  });
});

describe("meeting clock", () => {
  const live = { startedAtMs: 1_000_000, aheadMs: 0 };

  test("in a live call the meeting's time is the wall clock's, whatever a client's clock says within seconds", () => {
    const clock = withArrival(live, 63_000, 1_060_000);
    expect(meetingNowMs(clock, 1_060_000)).toBe(60_000);
  });

  test("[PROMPTS-3] at speed 20 no silence appears between utterances, and a standstill does", () => {
    let clock = live;
    const timeline = emptyTimeline();
    for (let n = 0; n < 60; n += 1) {
      const [startMs, wallMs] = [n * 20_000, 1_000_000 + n * 1_000];
      clock = withArrival(clock, startMs, wallMs);
      addChunk(
        timeline,
        chunk(n + 1, coachee, "and so on", startMs, startMs + 15_000),
        meetingNowMs(clock, wallMs),
      );
      expect(lullAt(timeline, meetingNowMs(clock, wallMs + 999))?.detected).toBe(false);
    }
    const standstill = 1_000_000 + 59_000 + 26_000;
    expect(lullAt(timeline, meetingNowMs(clock, standstill))?.detected).toBe(true);
  });
});

describe("lulls", () => {
  const statement = (...more: Line[]) =>
    talk([coach, "Welcome.", 0, 1_000], [coachee, "I feel stuck at work.", 1_000, 4_000], ...more);
  const question = talk(
    [coachee, "I feel stuck.", 0, 3_000],
    [coach, "What would you like instead?", 3_000, 5_000],
  );

  test("[PROMPTS-10] before the first words there is no lull", () => {
    expect(lullAt(emptyTimeline(), 600_000)).toBeNull();
  });

  test("[PROMPTS-11] ten seconds of silence are a lull, less are not, and talk ends it", () => {
    expect(lullAt(statement(), 13_999)).toMatchObject({ detected: false, prompt: false });
    expect(lullAt(statement(), 14_000)).toMatchObject({ detected: true, prompt: true, durationMs: 10_000 });
    const resumed = statement();
    addChunk(resumed, chunk(3, coachee, "Well.", 14_500, 15_000), 15_000);
    expect(lullAt(resumed, 16_000)).toMatchObject({ detected: false, prompt: false });
  });

  /** Each line arrives a second after its end, as a recogniser delivers it. */
  const late = (...lines: Line[]) => arriving(lines, (_startMs, endMs) => endMs + 1_000);

  test("[PROMPTS-16] where whole turns may be kept back until they are over, a silence is a lull only after 75 seconds", () => {
    const turns = late(
      [coach, "Welcome.", 0, 2_000],
      [coachee, "I feel stuck at work. It has been so for a year.", 2_000, 9_000],
      [coach, "I see.", 9_000, 10_000],
      [coachee, "Yes.", 10_000, 11_000],
    );
    expect(lullAt(turns, 12_000 + 74_999)?.detected).toBe(false);
    expect(lullAt(turns, 12_000 + 75_000)?.detected).toBe(true);
  });

  test("[PROMPTS-16] where turns are long, a turn that is kept back may be twice as long as the longest one so far", () => {
    const turns = late(
      [coach, "Welcome.", 0, 2_000],
      [coachee, "A long story, told in one go.", 2_000, 62_000],
      [coach, "I see.", 62_000, 63_000],
    );
    expect(lullAt(turns, 64_000 + 134_999)?.detected).toBe(false);
    expect(lullAt(turns, 64_000 + 135_000)?.detected).toBe(true);
  });

  test("[PROMPTS-16] where a turn arrives in pieces, the longest of them says how long nothing may be heard", () => {
    const pieces: Line[] = [
      [coach, "Welcome.", 0, 2_000],
      [coachee, "I feel stuck at work.", 2_000, 6_000],
      [coachee, "It has been so for a year.", 6_500, 10_000],
      [coachee, "I do not know why.", 10_500, 12_000],
    ];
    expect(lullAt(late(...pieces), 13_000 + 18_999)?.detected).toBe(false);
    expect(lullAt(late(...pieces), 13_000 + 19_000)?.detected).toBe(true);
    // Once is not enough, and who begins anew after a while has not been speaking on.
    expect(lullAt(late(...pieces.slice(0, 3)), 11_000 + 60_000)?.detected).toBe(false);
    const anew = late(
      ...pieces.slice(0, 2),
      [coachee, "It has been so for a year.", 10_000, 12_000],
      [coachee, "I do not know why.", 16_000, 18_000],
    );
    expect(lullAt(anew, 19_000 + 60_000)?.detected).toBe(false);
  });

  test("[PROMPTS-15] where long phrases arrive only at their end, the silence must outlast such a phrase", () => {
    const long = statement([coachee, "For a year.", 4_000, 4_500]);
    addChunk(long, chunk(4, coachee, "A story told in one go.", 4_500, 18_500), 18_500);
    expect(lullAt(long, 18_500 + 28_999)?.detected).toBe(false);
    expect(lullAt(long, 18_500 + 29_000)?.detected).toBe(true);
    const typed = statement([coachee, "A typed line.", 18_000, 18_000]);
    expect(lullAt(typed, 28_000)?.detected).toBe(true);
  });

  test("[PROMPTS-11] somebody whose words reach into the future is speaking", () => {
    expect(lullAt(talk([coachee, "A long story.", 0, 40_000]), 20_000)).toMatchObject({ durationMs: 0 });
  });

  test("[PROMPTS-11] a line that claims to end hours later does not count as talk for the rest of the call", () => {
    const dayMs = 24 * 60 * 60_000;
    const absurd = talk([coachee, "I feel stuck.", 60_000, dayMs], [coachee, "Yes.", 70_000, 72_000]);
    expect(lullAt(absurd, 60 * 60_000)?.detected).toBe(true);
    expect(speakingStats(absurd)[0]?.talkMs).toBe(10 * 60_000 + 2_000);
  });

  test.each([
    "What would you like instead?",
    "what would you like instead",
    "Tell me more about that.",
    "So, how does that sit with you",
    "okay and do you think that will work",
  ])("[PROMPTS-12] after a coach's question the silence is left alone for twenty seconds: %s", (text) => {
    const asked = talk([coachee, "I feel stuck.", 0, 3_000], [coach, text, 3_000, 5_000]);
    expect(lullAt(asked, 24_999)?.detected).toBe(false);
    expect(lullAt(asked, 25_000)?.detected).toBe(true);
  });

  test("[PROMPTS-12] a question by the coached person is answered by the coach, not thought about", () => {
    const asked = talk([coachee, "What should I do?", 0, 3_000]);
    expect(lullAt(asked, 13_000)?.detected).toBe(true);
  });

  test("[PROMPTS-13] a lull that was prompted is not prompted again", () => {
    const memory = { ...nothingShown, lastPromptAtMs: 14_000, promptedAfterSequence: 2 };
    expect(lullAt(statement(), 14_000 + 600_000, memory)).toMatchObject({ detected: true, prompt: false });
  });

  test("[PROMPTS-13] within three minutes of a prompt no other comes", () => {
    const memory = { ...nothingShown, lastPromptAtMs: 0, promptedAfterSequence: 1 };
    expect(lullAt(question, 179_999, memory)).toMatchObject({ detected: true, prompt: false });
    expect(lullAt(question, 180_000, memory)).toMatchObject({ detected: true, prompt: true });
  });

  test("[PROMPTS-13] while a card is open no other comes", () => {
    expect(lullAt(statement(), 60_000, { ...nothingShown, openPrompt: true })?.prompt).toBe(false);
  });
});
