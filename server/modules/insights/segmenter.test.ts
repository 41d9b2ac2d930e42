// Segments and the evidence rule: pure functions over a transcript.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { segmentSchema, type TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import type { ConversationReading } from "../../vendors/language/index.ts";
import { inTimeOrder } from "../../../shared/transcript/order.ts";
import { groundFacts } from "./citations.ts";
import { segmentTranscript, unread } from "./segmenter.ts";
import { stretchesOf, topicsOf } from "./talk-topics.ts";

const meetingId = "d".repeat(24) as MeetingId;
const [coach, coachee, stranger] = ["a", "b", "c"].map((digit) => digit.repeat(24) as UserId) as [
  UserId,
  UserId,
  UserId,
];

function transcript(lines: readonly (readonly [UserId, string])[], everyMs = 5_000): TranscriptChunk[] {
  return lines.map(([speakerId, text], index) => ({
    sequence: index + 1,
    speakerId,
    text,
    startMs: index * everyMs,
    endMs: (index + 1) * everyMs - 100,
    clientKey: `k${index}`,
    confidence: 0.9,
    source: "speech",
    createdAt: "2026-03-12T09:00:00.000Z",
  }));
}

const nothing: ConversationReading = {
  outcome: null,
  summary: [],
  decisions: [],
  actions: [],
  suggestions: [],
  topics: [],
};

describe("segments", () => {
  test("[INSIGHTS-1] every chunk of any transcript is in exactly one segment, verbatim and in order", () => {
    const line = fc.tuple(fc.constantFrom(coach, coachee), fc.lorem({ maxCount: 60 }));
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 80 }),
        fc.integer({ min: 0, max: 60_000 }),
        (lines, everyMs) => {
          const chunks = transcript(lines, everyMs + 100);
          const segments = segmentTranscript(meetingId, chunks, unread);
          let next = 1;
          for (const segment of segments) {
            expect(segmentSchema.parse(segment)).toEqual(segment);
            expect(segment.firstSequence).toBe(next);
            next = segment.lastSequence + 1;
            for (let one = segment.firstSequence; one <= segment.lastSequence; one += 1)
              expect(segment.text).toContain(chunks[one - 1]?.text);
          }
          expect(next).toBe(chunks.length + 1);
          expect(new Set(segments.map(({ id }) => id)).size).toBe(segments.length);
        },
      ),
      { seed: 7, numRuns: 60 },
    );
  });

  test("[TRANSCRIPT-5] a line that came late stands in the segment of its time, and is cited from there", () => {
    const said = transcript([
      [coach, "first words"],
      [coachee, "I will send the guide tomorrow"],
      [coach, "last words"],
    ]);
    // It arrived after everything else, and after a pause that makes a second segment.
    const arrived = said.map((chunk, index) => ({ ...chunk, sequence: [1, 4, 2][index] ?? 0 }));
    const [first, , middle] = arrived;
    if (first === undefined || middle === undefined) throw new Error("no lines");
    const later = { ...middle, sequence: 3, text: "much later", startMs: 500_000, endMs: 501_000 };
    const chunks = [...inTimeOrder([later, ...arrived.toReversed()])];
    expect(chunks.map(({ sequence }) => sequence)).toEqual([1, 4, 2, 3]);
    const segments = segmentTranscript(meetingId, chunks, unread);
    expect(segments.map(({ text }) => text)).toEqual([
      "first words\nI will send the guide tomorrow\nlast words",
      "much later",
    ]);
    const quote = "I will send the guide";
    const action = { text: quote, ownerId: coachee, dueText: null, evidence: [{ sequence: 4, quote }] };
    const reading = { ...nothing, actions: [action] };
    const facts = groundFacts(reading, { meetingId, chunks, segments, people: [coach, coachee] });
    expect(facts.actions[0]?.citations[0]?.segmentId).toBe(segments[0]?.id);
  });

  test("[INSIGHTS-1] once there is enough, a segment ends where the speaker changes", () => {
    const long = "word ".repeat(70).trim();
    const segments = segmentTranscript(
      meetingId,
      transcript([
        [coach, long],
        [coach, "still me"],
        [coachee, "now me"],
        [coachee, "and more"],
      ]),
      unread,
    );
    expect(segments.map(({ firstSequence, lastSequence }) => [firstSequence, lastSequence])).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test("a long pause separates, and a long time does", () => {
    const chunks = transcript(Array.from({ length: 40 }, () => [coach, "yes"] as const));
    const gap = chunks.map((chunk) =>
      chunk.sequence <= 2
        ? chunk
        : { ...chunk, startMs: chunk.startMs + 31_000, endMs: chunk.endMs + 31_000 },
    );
    expect(segmentTranscript(meetingId, gap, unread)[0]?.lastSequence).toBe(2);
    const lengths = segmentTranscript(meetingId, chunks, unread).map(({ startMs, endMs }) => endMs - startMs);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(90_000);
  });

  test("[INSIGHTS-2] the same transcript gives the same segments, another meeting other ids", () => {
    const chunks = transcript([[coach, "Hello there."]]);
    expect(segmentTranscript(meetingId, chunks, unread)).toEqual(
      segmentTranscript(meetingId, chunks, unread),
    );
    const other = segmentTranscript("e".repeat(24) as MeetingId, chunks, unread);
    expect(other[0]?.id).not.toBe(segmentTranscript(meetingId, chunks, unread)[0]?.id);
  });

  test("a segment carries those terms of the call that are spoken of in it, and how it sounds", () => {
    const chunks = transcript([[coachee, "I was happy walking in the park every evening."]]);
    const [segment] = segmentTranscript(meetingId, chunks, {
      terms: ["blood pressure", "walk", "parks"],
      stretches: [],
      mayRead: () => true,
    });
    expect(segment).toMatchObject({ keyTerms: ["walk", "parks"], stretch: null, topics: [] });
    expect(segment?.sentiment).toBeGreaterThan(0);
  });

  test("[INSIGHTS-5] [INSIGHTS-6] a segment lies in one stretch, and of words that no machine may read nothing is made out", () => {
    const chunks = transcript([
      [coach, "The garden was stressful"],
      [coachee, "The secret garden was wonderful"],
      [coach, "Now the budget"],
      [coach, "and the budget again"],
    ]);
    const stretches = [
      { first: 0, last: 1, labels: ["garden"] },
      { first: 2, last: 3, labels: ["budget"] },
    ];
    const terms = ["secret", "garden", "budget"];
    const mayRead = ({ speakerId }: TranscriptChunk) => speakerId !== coachee;
    const segments = segmentTranscript(meetingId, chunks, { terms, stretches, mayRead, firstStretch: 4 });
    expect(segments.map(({ stretch, topics, keyTerms }) => ({ stretch, topics, keyTerms }))).toEqual([
      { stretch: 4, topics: ["garden"], keyTerms: ["garden"] },
      { stretch: 5, topics: ["budget"], keyTerms: ["budget"] },
    ]);
    expect(segments[0]?.sentiment).toBeLessThan(0);
    expect(segments[0]?.text).toContain("secret");
    expect(topicsOf(segments)).toEqual([
      { labels: ["garden"], startMs: 0, endMs: 9_900, firstSequence: 1, segments: 1 },
      { labels: ["budget"], startMs: 10_000, endMs: 19_900, firstSequence: 3, segments: 1 },
    ]);
    const heard = stretchesOf(chunks, mayRead).flatMap(({ labels }) => labels);
    expect(heard).not.toContain("secret");
  });
});

describe("evidence", () => {
  const chunks = transcript([
    [coach, "What will you do?"],
    [coachee, "I'll call the clinic by Friday. I promise."],
  ]);
  const segments = segmentTranscript(meetingId, chunks, unread);
  const reading = (change: Partial<ConversationReading>): ConversationReading => ({
    outcome: null,
    summary: [],
    decisions: [],
    actions: [],
    suggestions: [],
    topics: [],
    ...change,
  });
  const ground = (change: Partial<ConversationReading>) =>
    groundFacts(reading(change), { meetingId, chunks, segments, people: [coach, coachee] });
  const said = { sequence: 2, quote: "I'll call the clinic by Friday." };

  test("[INSIGHTS-3] a verbatim quote becomes a citation with segment, time and speaker", () => {
    const { outcome } = ground({ outcome: { text: "They will call.", evidence: [said] } });
    expect(outcome?.citations).toEqual([
      { segmentId: segments[0]?.id, sequence: 2, startMs: 5_000, speakerId: coachee, quote: said.quote },
    ]);
  });

  test.each([
    ["a wrong word", { sequence: 2, quote: "I'll call the doctor by Friday." }],
    ["another chunk", { sequence: 1, quote: said.quote }],
    ["no such chunk", { sequence: 3, quote: said.quote }],
    ["nothing", { sequence: 2, quote: " " }],
  ])("[INSIGHTS-3] a quote of %s is dropped and counted", (_title, evidence) => {
    const alone = ground({ decisions: [{ text: "Decided.", evidence: [evidence] }] });
    expect(alone).toMatchObject({ decisions: [], droppedStatements: 1, droppedCitations: 1 });
    const beside = ground({ decisions: [{ text: "Decided.", evidence: [evidence, said] }] });
    expect(beside.decisions[0]?.citations).toHaveLength(1);
    expect(beside).toMatchObject({ droppedStatements: 0, droppedCitations: 1 });
  });

  test("[INSIGHTS-4] an owner outside the meeting and a date that was not said are taken away", () => {
    const action = { text: "Call the clinic", evidence: [said] };
    const { actions } = ground({
      actions: [
        { ...action, ownerId: coachee, dueText: "by Friday" },
        { ...action, text: "Call", ownerId: stranger, dueText: "by Monday" },
        { ...action, text: "Ring", ownerId: "Ann", dueText: null },
      ],
    });
    expect(actions.map(({ ownerId, dueText }) => ({ ownerId, dueText }))).toEqual([
      { ownerId: coachee, dueText: "by Friday" },
      { ownerId: null, dueText: null },
      { ownerId: null, dueText: null },
    ]);
  });

  test("[INSIGHTS-2] an action keeps its id when the recap is prepared again", () => {
    const actions = [{ text: "Call", evidence: [said], ownerId: null, dueText: null }];
    expect(ground({ actions }).actions[0]?.id).toBe(ground({ actions }).actions[0]?.id);
  });

  test("what goes beyond the bounds of a recap is counted, not lost silently", () => {
    const decisions = Array.from({ length: 25 }, (_, n) => ({ text: `Decision ${n}`, evidence: [said] }));
    const facts = ground({ decisions });
    expect(facts.decisions).toHaveLength(20);
    expect(facts.leftOver).toBe(5);
  });
});
