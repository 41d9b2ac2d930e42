import { describe, expect, test } from "vitest";
import type { AppendChunk } from "../../../shared/schemas/transcripts.ts";
import { ApiError } from "../../api/errors.ts";
import { OutboundLines } from "./outbound-lines.ts";

const chunk = (clientKey: string): AppendChunk => ({
  clientKey,
  text: clientKey,
  confidence: 1,
  startMs: 0,
  endMs: 0,
});

/** Each sending waits until the test answers it. */
function harness(maxLines?: number) {
  const sent: string[][] = [];
  const answers: ((error?: Error) => void)[] = [];
  const later: (() => void)[] = [];
  const delaysMs: number[] = [];
  const random = { value: 0 };
  const lines = new OutboundLines({
    send: (chunks) =>
      new Promise((resolve, reject) => {
        sent.push(chunks.map((each) => each.clientKey));
        answers.push((error) => (error === undefined ? resolve(null) : reject(error)));
      }),
    later: (run, delayMs) => {
      later.push(run);
      delaysMs.push(delayMs);
    },
    random: () => random.value,
    ...(maxLines === undefined ? {} : { maxLines }),
  });
  return {
    lines,
    sent,
    later,
    delaysMs,
    random,
    async answer(error?: Error) {
      answers.shift()?.(error);
      // The answer is taken in a few turns of the microtask queue.
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    },
  };
}

describe("transcript lines on their way", () => {
  test("one batch travels at a time, and what came meanwhile follows in order", async () => {
    const { lines, sent, answer } = harness();
    for (const key of ["a", "b", "c"]) lines.add(chunk(key));
    expect(sent).toEqual([["a"]]);
    await answer();
    expect(sent).toEqual([["a"], ["b", "c"]]);
    await answer();
    expect(lines.lines).toEqual([]);
  });

  test("a line that is refused for itself takes no other with it", async () => {
    const { lines, sent, answer } = harness();
    for (const key of ["a", "b", "bad", "c"]) lines.add(chunk(key));
    await answer();
    await answer(new ApiError("VALIDATION_ERROR", "must not contain control characters"));
    expect(lines.lines.every(({ problem }) => problem === null)).toBe(true);
    await answer();
    lines.add(chunk("d"));
    await answer(new ApiError("VALIDATION_ERROR", "must not contain control characters"));
    await answer();
    expect(sent).toEqual([["a"], ["b", "bad", "c"], ["b"], ["bad"], ["c"], ["d"]]);
    await answer();
    expect(lines.lines).toMatchObject([{ chunk: { clientKey: "bad" } }]);
    expect(lines.lines[0]?.problem).toMatch("control characters");
  });

  test("a lost connection keeps every line, and the next flush sends it under the same key", async () => {
    const { lines, sent, answer, later } = harness();
    lines.add(chunk("a"));
    await answer(new ApiError("NETWORK", "offline"));
    expect(lines.lines.map((line) => line.chunk.clientKey)).toEqual(["a"]);
    expect(later).toEqual([]);
    void lines.flush();
    await answer();
    expect(sent).toEqual([["a"], ["a"]]);
    expect(lines.lines).toEqual([]);
  });

  test("an answer that may change later is asked for again by itself", async () => {
    const { lines, sent, answer, later } = harness();
    lines.add(chunk("a"));
    await answer(new ApiError("UNAVAILABLE", "busy"));
    later.forEach((run) => run());
    expect(sent).toEqual([["a"], ["a"]]);
  });

  test("[TRANSCRIPT-40] a server that is full is asked less and less often, by old and new lines alike", async () => {
    const { lines, sent, answer, later, delaysMs } = harness();
    lines.add(chunk("a"));
    await answer(new ApiError("UNAVAILABLE", "full"));
    lines.add(chunk("b"));
    expect(lines.lines.map((line) => line.held)).toEqual([true, true]);
    expect(sent).toEqual([["a"]]);
    for (let time = 0; time < 7; time += 1) {
      later.pop()?.();
      await answer(new ApiError("UNAVAILABLE", "full"));
    }
    expect(delaysMs).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    later.pop()?.();
    await answer();
    expect(lines.lines).toEqual([]);
    lines.add(chunk("c"));
    await answer(new ApiError("UNAVAILABLE", "full"));
    expect(delaysMs.at(-1)).toBe(500);
  });

  test("[TRANSCRIPT-40] a server that names a time is not asked before it, and not all at once after it", async () => {
    const { lines, answer, later, delaysMs, random } = harness();
    lines.add(chunk("a"));
    await answer(new ApiError("RATE_LIMITED", "too often", { retryAfterSeconds: 40 }));
    random.value = 0.8;
    later.pop()?.();
    await answer(new ApiError("UNAVAILABLE", "full", { retryAfterSeconds: 40 }));
    later.pop()?.();
    await answer(new ApiError("UNAVAILABLE", "full", { retryAfterSeconds: 1 }));
    later.pop()?.();
    await answer(new ApiError("UNAVAILABLE", "full", { retryAfterSeconds: 86_400 }));
    expect(delaysMs).toEqual([40_000, 48_000, 3_600, 144_000]);
    later.pop()?.();
    await answer();
    expect(lines.lines).toEqual([]);
  });

  test("a refused line stays with its reason and holds up nobody", async () => {
    const { lines, sent, answer } = harness();
    lines.add(chunk("a"));
    lines.add(chunk("b"));
    await answer(new ApiError("MEETING_NOT_ACTIVE", "It is over."));
    expect(sent).toEqual([["a"], ["b"]]);
    await answer();
    expect(lines.lines).toEqual([{ chunk: chunk("a"), problem: "It is over.", held: false }]);
    lines.retry("a");
    await answer();
    expect(lines.lines).toEqual([]);
  });

  test("beyond the bound a line is not taken, and the caller is told", () => {
    const { lines } = harness(2);
    expect([lines.add(chunk("a")), lines.add(chunk("b")), lines.add(chunk("c"))]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
