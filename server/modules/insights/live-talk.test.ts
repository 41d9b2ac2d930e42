// A running call's talk, passed over as it grows: what is written, what it costs, and whose words count.
import { describe, expect, test, vi } from "vitest";
import { noAnswers, type ConsentAnswers } from "../../../shared/consent-rules.ts";
import type { MeetingId, SegmentId, UserId } from "../../../shared/ids.ts";
import type { Segment, TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { FakeClock } from "../../platform/clock.ts";
import { createMemoryBus } from "../../platform/event-bus.ts";
import { silentLogger } from "../../platform/logger.ts";
import { createMetrics } from "../../platform/metrics.ts";
import { createLiveAggregation } from "./live-aggregation.ts";
import { LiveTalk, windowWordsMost } from "./live-talk.ts";

const meetingId = "d".repeat(24) as MeetingId;
const [ann, ben] = ["a".repeat(24) as UserId, "b".repeat(24) as UserId];
const matters = [
  "soil tomato compost watering greenhouse seedling harvest weeds",
  "invoice salary savings mortgage interest account spending insurance",
  "doctor blood pressure tablets clinic exercise appetite sleeping",
].map((words) => words.split(" "));

function line(sequence: number, speakerId = sequence % 2 === 0 ? ann : ben): TranscriptChunk {
  const words = matters[Math.floor(sequence / 60) % matters.length] ?? [];
  return {
    sequence,
    clientKey: `k${sequence}`,
    speakerId,
    text: Array.from({ length: 6 }, (_none, n) => words[(sequence * 3 + n) % words.length]).join(" and the "),
    confidence: 1,
    startMs: sequence * 5_000,
    endMs: sequence * 5_000 + 4_000,
    source: "speech",
    createdAt: "2026-03-12T09:00:00.000Z",
  };
}

/** What a store would hold after all of it. */
function stored() {
  const segments = new Map<SegmentId, Segment>();
  let writes = 0;
  return {
    get all() {
      return [...segments.values()].sort((one, other) => one.firstSequence - other.firstSequence);
    },
    get writes() {
      return writes;
    },
    putSegments(put: readonly Segment[], gone: readonly SegmentId[]) {
      for (const id of gone) segments.delete(id);
      for (const segment of put) segments.set(segment.id, segment);
      writes += put.length + gone.length;
      return Promise.resolve();
    },
    forgetReading() {
      for (const [id, segment] of segments)
        segments.set(id, { ...segment, stretch: null, topics: [], keyTerms: [], sentiment: null });
      return Promise.resolve();
    },
  };
}

describe("one call", () => {
  test("[INSIGHTS-7] passes keep every line in one segment, topics rise, and the work stays within a window", async () => {
    const talk = new LiveTalk(meetingId);
    talk.begin([]);
    talk.finishLoading();
    const store = stored();
    const writes: number[] = [];
    for (let from = 1; from <= 1_200; from += 6) {
      talk.observe(Array.from({ length: 6 }, (_none, n) => line(from + n)));
      const before = store.writes;
      const { put, gone } = talk.pass();
      await store.putSegments(put, gone);
      writes.push(store.writes - before);
    }
    let next = 1;
    let stretch = 0;
    for (const segment of store.all) {
      expect(segment.firstSequence).toBe(next);
      next = segment.lastSequence + 1;
      expect(segment.stretch).toBeGreaterThanOrEqual(stretch);
      stretch = segment.stretch ?? 0;
    }
    expect(next).toBe(1_201);
    expect(stretch).toBeGreaterThan(10);
    // Most passes write what was added, and none more than a window holds, however long the call.
    expect(writes.toSorted((a, b) => a - b)[Math.floor(writes.length / 2)]).toBeLessThanOrEqual(4);
    expect(Math.max(...writes)).toBeLessThan(windowWordsMost / 50);
  });

  test("[INSIGHTS-7] a pass without anything new writes nothing", () => {
    const talk = new LiveTalk(meetingId);
    talk.begin([]);
    talk.finishLoading();
    talk.observe([line(1), line(2)]);
    expect(talk.pass().put).toHaveLength(1);
    talk.observe([line(2)]);
    expect(talk.isDue).toBe(false);
    expect(talk.pass()).toEqual({ put: [], gone: [] });
  });
});

describe("many calls", () => {
  function opened(answers: Map<UserId, ConsentAnswers>, said: TranscriptChunk[] = []) {
    const clock = new FakeClock();
    const bus = createMemoryBus(silentLogger);
    const store = stored();
    const put = vi.spyOn(store, "putSegments");
    const record = vi.fn(() => Promise.resolve({ state: "active" } as never));
    const aggregation = createLiveAggregation({
      repository: store,
      meetings: { record },
      transcripts: {
        async *readAll() {
          yield await Promise.resolve(said);
        },
      },
      consentsIn: () => Promise.resolve(answers),
      clock,
      bus,
      logger: silentLogger,
      metrics: createMetrics({ processMetrics: false }),
    });
    /** One tick, to its end: `unwatch` of nothing waits for it. */
    async function tick(ms = 1_000) {
      clock.advance(ms);
      await aggregation.unwatch("0".repeat(24) as MeetingId);
    }
    return { aggregation, store, bus, tick, put, record };
  }

  test("[INSIGHTS-7] what was said before and what comes while that is read are both in it", async () => {
    const { aggregation, store, tick } = opened(new Map([[ann, noAnswers]]), [line(1), line(2)]);
    aggregation.watch(meetingId);
    aggregation.observe(meetingId, [line(2), line(3)]);
    await tick();
    await tick(60_000);
    expect(store.all.at(-1)?.lastSequence).toBe(3);
    expect(store.all.every(({ stretch }) => stretch === 0)).toBe(true);
  });

  test("[INSIGHTS-6] who takes their word back is out of topics and terms at once, and nobody's are kept where machines are off", async () => {
    const answers = new Map<UserId, ConsentAnswers>([
      [ann, noAnswers],
      [ben, noAnswers],
    ]);
    const said = Array.from({ length: 40 }, (_none, n) => line(n + 1, ann));
    const secret = { ...line(41, ben), text: "aquarium ".repeat(60) };
    const { aggregation, store, bus, tick } = opened(answers, [...said, secret, { ...secret, sequence: 42 }]);
    aggregation.watch(meetingId);
    await tick();
    const terms = () => JSON.stringify(store.all.map(({ topics, keyTerms }) => [topics, keyTerms]));
    expect(terms()).toContain("aquarium");
    answers.set(ben, { ...noAnswers, ai: "refused" });
    bus.publish("consent.changed", { userId: ben, meetingId: null });
    expect(terms()).toBe(JSON.stringify(store.all.map(() => [[], []])));
    await tick();
    expect(terms()).toContain("seedling");
    expect(terms()).not.toContain("aquarium");
    for (const person of [ann, ben]) answers.set(person, { ...noAnswers, ai: "refused" });
    bus.publish("ai.changed", { meetingId });
    await tick();
    expect(store.all.map(({ stretch, sentiment }) => [stretch, sentiment])).toEqual(
      store.all.map(() => [null, null]),
    );
    expect(store.all.at(-1)?.text).toContain("aquarium");
  });

  test("[INSIGHTS-7] a tick passes over fifty calls at most, writes them at once, and the others have their turn", async () => {
    const { aggregation, put, record, tick } = opened(new Map([[ann, noAnswers]]), [line(1)]);
    const ids = Array.from({ length: 120 }, (_none, n) => n.toString(16).padStart(24, "0") as MeetingId);
    for (const id of ids) aggregation.watch(id);
    for (const passes of [50, 100, 120]) {
      await tick();
      expect(record).toHaveBeenCalledTimes(passes);
    }
    expect(put).toHaveBeenCalledTimes(3);
    await aggregation.stop();
  });

  test("[INSIGHTS-7] after the end of a call nothing of it is written", async () => {
    const { aggregation, put, tick } = opened(new Map([[ann, noAnswers]]), [line(1)]);
    aggregation.watch(meetingId);
    await aggregation.unwatch(meetingId);
    await tick();
    expect(put.mock.calls.every(([segments]) => segments.length === 0)).toBe(true);
  });
});
