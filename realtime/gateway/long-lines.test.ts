// Joining a meeting whose lines are as long as lines may be, over a real connection.
import { expect, test } from "vitest";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import { startHarness } from "../testing/harness.ts";
import { chunk } from "../testing/sockets.ts";

test("[MEET-3] an ack of long lines ends before it is more than may wait for a reader", async () => {
  const harness = await startHarness();
  const meetingId = harness.house.addMeeting(1, { 1: "host", 2: "participant" });
  const { ports } = harness.house;
  const speaker = await ports.authenticate({ token: "user-1" });
  const lines = Array.from({ length: 1_000 }, (_unused, index) => ({
    ...chunk(`${index}`.padEnd(100, "\0")),
    text: '"'.repeat(4_000),
  }));
  await ports.transcripts.append(speaker, meetingId, lines);
  const listener = await harness.connect("user-2", { reconnection: false });
  const answer = await harness.emit(listener, "meeting:join", { meetingId, fromSequence: 1 });
  const chunks = answer["chunks"] as TranscriptChunk[];
  expect(answer["lastSequence"]).toBe(1_000);
  expect(chunks.length).toBeGreaterThan(200);
  expect(chunks.map(({ sequence }) => sequence)).toEqual(chunks.map((_unused, index) => index + 1));
  await harness.close();
});
