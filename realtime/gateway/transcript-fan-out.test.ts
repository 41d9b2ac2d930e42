// Windows of all meetings together, with a clock moved by hand.
import { beforeEach, expect, test } from "vitest";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import { bounds } from "../bounds.ts";
import { meetingIdOf } from "../testing/fake-ports.ts";
import { publishedChunk } from "../testing/sockets.ts";
import { TranscriptFanOut } from "./transcript-fan-out.ts";

const [first, second] = [meetingIdOf(1), meetingIdOf(2)];

let timers: { delayMs: number; run: () => void }[];
let frames: string[];
let fanOut: TranscriptFanOut;

beforeEach(() => {
  timers = [];
  frames = [];
  fanOut = new TranscriptFanOut(
    {
      schedule(delayMs, run) {
        const timer = { delayMs, run };
        timers.push(timer);
        return () => (timers = timers.filter((other) => other !== timer));
      },
    },
    (meetingId, chunks) => frames.push(`${meetingId === first ? "first" : "second"} ${sequences(chunks)}`),
  );
});

const sequences = (chunks: TranscriptChunk[]) => chunks.map(({ sequence }) => sequence).join(" ");

function publish(meetingId: typeof first, ...numbers: number[]): void {
  for (const number of numbers) fanOut.publish(meetingId, [publishedChunk(number, "text")]);
}

/** The window ends. */
function end(): void {
  const [timer] = timers.splice(0);
  expect(timer?.delayMs).toBe(bounds.transcriptWindowMs);
  timer?.run();
}

test("[MEET-4] meetings share one window, and a burst of one gathers nothing of another", () => {
  publish(first, 1, 2, 3, 4, 5);
  publish(second, 1);
  expect(timers).toHaveLength(1);
  expect(frames).toEqual(["first 1", "first 2", "first 3", "second 1"]);
  end();
  expect(frames.splice(0)).toEqual(["first 1", "first 2", "first 3", "second 1", "first 4 5"]);
  // The burst may go on: gathered to the next end. The other one begins anew.
  publish(first, 6);
  publish(second, 2);
  expect({ frames: frames.splice(0), timers: timers.length }).toEqual({ frames: ["second 2"], timers: 1 });
  end();
  expect(frames.splice(0)).toEqual(["first 6"]);
  // Nothing came meanwhile: it is over.
  end();
  publish(first, 7);
  expect(frames).toEqual(["first 7"]);
});

test("[MEET-4] where nobody speaks there is no timer, and what is gathered goes out when it ends", () => {
  publish(first, 1);
  end();
  expect(timers).toEqual([]);
  publish(first, 2, 3, 4, 5);
  publish(second, 1, 2, 3, 4);
  frames = [];
  fanOut.flush(second);
  fanOut.stop();
  expect(frames).toEqual(["second 4", "first 5"]);
  expect(timers).toEqual([]);
});
