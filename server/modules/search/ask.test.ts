// Questions across calls with the rest of the program in memory: bounds, and the half that asks vectors.
import { expect, test } from "vitest";
import { actor } from "../../../tests/factories/live-modules.ts";
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId, SegmentId, UserId } from "../../../shared/ids.ts";
import type { Segment, TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { FakeClock } from "../../platform/clock.ts";
import { createMemoryBus } from "../../platform/event-bus.ts";
import { silentLogger } from "../../platform/logger.ts";
import { createMetrics } from "../../platform/metrics.ts";
import { createGatedLanguage } from "../../vendors/language/gated.ts";
import { createRulesLanguage } from "../../vendors/language/rules.ts";
import type { MeetingRecord } from "../meetings/index.ts";
import type { PassagesService } from "../passages/index.ts";
import { createSearchModule } from "./ask.service.ts";

const ann = actor();
const idOf = (n: number) => n.toString(16).padStart(24, "0") as MeetingId;
const segmentOf = (meetingId: MeetingId, text: string) =>
  ({
    id: meetingId as string as SegmentId,
    meetingId,
    startMs: 0,
    firstSequence: 1,
    lastSequence: 1,
    speakers: [ann.userId],
    text,
  }) as Segment;

/** One line a call. */
function opened(
  lines: readonly string[],
  vectors: Partial<Pick<PassagesService, "search" | "vectors">> = {},
) {
  const metrics = createMetrics({ processMetrics: false });
  const rules = createRulesLanguage();
  const textOf = (id: MeetingId) => lines[Number.parseInt(id, 16)] ?? "";
  const gate = {
    mostIn: () => Promise.resolve("model" as const),
    readableAmong: (_subject: unknown, ids: readonly string[]) => Promise.resolve(new Set(ids)),
  };
  const search = createSearchModule({
    meetings: {
      authorize: (reader, meetingId) =>
        Promise.resolve({
          meetingId,
          userId: reader.userId,
          role: "host",
          state: "concluded",
          startedAt: null,
          over: new Set(),
        }),
      record: (id) =>
        Promise.resolve({
          id,
          orgId: null,
          title: `Call ${Number.parseInt(id, 16)}`,
          startedAt: null,
        } as MeetingRecord),
      placesOf: () => Promise.resolve(lines.map((_line, n) => idOf(n))),
    },
    transcripts: {
      read: (_reader, id) =>
        Promise.resolve({
          chunks: [
            { sequence: 1, speakerId: ann.userId, text: textOf(id), startMs: 0, endMs: 1 } as TranscriptChunk,
          ],
          lastSequence: 1,
          revision: 0,
          nextFromSequence: null,
        }),
    },
    passages: {
      readable: (id) => Promise.resolve([segmentOf(id, textOf(id))]),
      search: () => Promise.resolve([]),
      vectors: "lexical",
      ...vectors,
    },
    users: { byIds: () => Promise.resolve([]) },
    consents: { standing: () => Promise.resolve([]) },
    ai: { useOf: () => Promise.resolve("model") },
    language: createGatedLanguage({ provider: rules, rules, gate }),
    bus: createMemoryBus(silentLogger),
    clock: new FakeClock(),
    logger: silentLogger,
    metrics,
  });
  return { search, metrics };
}

test("[SEARCH-7] a question reads a bounded number of calls anew and says so; the next one knows more", async () => {
  const lines = Array.from({ length: 160 }, (_none, n) =>
    n === 155 ? "The submarine was yellow." : "The roses.",
  );
  const { search, metrics } = opened(lines);
  const first = await search.ask(ann, "Which submarine?");
  expect(first).toMatchObject({ how: "nothing", searched: 150, calls: 160 });
  expect(first.notes.join()).toContain("newest 150 of 160 calls");
  const second = await search.ask(ann, "Which submarine?");
  expect(second).toMatchObject({ how: "extracted", searched: 160, calls: 160 });
  expect(second.sentences[0]?.text).toBe("The submarine was yellow.");
  const told = await metrics.registry.metrics();
  expect(told).toContain('connvo_questions_total{how="extracted"} 1');
  expect(told).not.toContain("submarine");
});

test("[SEARCH-3] a model's vectors find what the words do not, and where they fail the words still do", async () => {
  const lines = ["The vessel dived.", "The roses were red."];
  const near = {
    meetingId: idOf(0),
    segmentId: idOf(0) as string as SegmentId,
    meetingTitle: "",
    firstSequence: 1,
    startMs: 0,
    speakers: [] as UserId[],
    text: "",
    score: 0.9,
  };
  const asked = "Which submarine, and which roses?";
  const both = opened(lines, { vectors: "model", search: () => Promise.resolve([near]) });
  const found = await both.search.ask(ann, asked);
  expect(found.passages.map(({ meetingTitle }) => meetingTitle).sort()).toEqual(["Call 0", "Call 1"]);
  expect(found.notes).toEqual([]);
  const failing = opened(lines, {
    vectors: "model",
    search: () => Promise.reject(new AppError("VENDOR_ERROR", "The vendor does not answer.")),
  });
  const words = await failing.search.ask(ann, asked);
  expect(words.passages.map(({ meetingTitle }) => meetingTitle)).toEqual(["Call 1"]);
  expect(words.notes.join()).toContain("words alone");
});
