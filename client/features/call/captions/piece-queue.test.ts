// How pieces of sound travel: in order, again where it passes, and never more than a few.
import { expect, test } from "vitest";
import { ApiError, type ApiErrorCode, type ApiErrorOptions } from "../../../api/errors.ts";
import { type Piece, PieceQueue, type QueueState, waitingMost } from "./piece-queue.ts";

const piece = (key: string): Piece => ({ key, sound: new Blob([key]), startMs: 0, durationMs: 2_000 });

function open() {
  const sent: { key: string; signal: AbortSignal; resolve(): void; reject(error: unknown): void }[] = [];
  const waits: { delayMs: number; run(): void; cancelled: boolean }[] = [];
  let state: QueueState | null = null;
  const queue = new PieceQueue({
    send: ({ key }, signal) =>
      new Promise<void>((resolve, reject) => sent.push({ key, signal, resolve, reject })),
    schedule(delayMs, run) {
      const wait = { delayMs, run, cancelled: false };
      waits.push(wait);
      return () => (wait.cancelled = true);
    },
    random: () => 1 - Number.EPSILON,
    onState: (next) => (state = next),
  });
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    queue,
    sent,
    waits,
    state: () => state,
    keys: () => sent.map(({ key }) => key),
    async arrives() {
      sent.at(-1)?.resolve();
      await settled();
    },
    async fails(code: ApiErrorCode, options: ApiErrorOptions = {}) {
      sent.at(-1)?.reject(new ApiError(code, `It is ${code}.`, options));
      await settled();
    },
  };
}

test("[CAPTIONS-21] one travels at a time, in order", async () => {
  const world = open();
  for (const key of ["a", "b", "c"]) world.queue.add(piece(key));
  expect(world.keys()).toEqual(["a"]);
  expect(world.state()).toMatchObject({ waiting: 3, lost: 0 });
  await world.arrives();
  await world.arrives();
  await world.arrives();
  expect(world.keys()).toEqual(["a", "b", "c"]);
  expect(world.state()).toMatchObject({ waiting: 0, lost: 0, held: false });
});

test("[CAPTIONS-21] beyond four the oldest that does not travel is dropped, and counted", async () => {
  const world = open();
  const keys = ["a", "b", "c", "d", "e", "f"];
  for (const key of keys) world.queue.add(piece(key));
  expect(world.state()).toMatchObject({ waiting: waitingMost, lost: 2 });
  for (let n = 0; n < waitingMost; n += 1) await world.arrives();
  expect(world.keys()).toEqual(["a", "d", "e", "f"]);
});

test("[CAPTIONS-21] what passes is tried again with the same key, later each time, and not before the server's word", async () => {
  const world = open();
  world.queue.add(piece("a"));
  world.queue.add(piece("b"));
  await world.fails("NETWORK");
  expect(world.state()).toMatchObject({ waiting: 2, held: true });
  expect(world.keys()).toEqual(["a"]);
  world.waits[0]?.run();
  await world.fails("VENDOR_ERROR", { status: 503 });
  world.waits[1]?.run();
  await world.fails("RATE_LIMITED", { status: 429, retryAfterSeconds: 9 });
  const delays = world.waits.map(({ delayMs }) => Math.round(delayMs));
  expect(delays).toEqual([1_000, 2_000, 9_000]);
  world.waits[2]?.run();
  await world.arrives();
  expect(world.keys()).toEqual(["a", "a", "a", "a", "b"]);
  expect(world.state()).toMatchObject({ waiting: 1, held: false, lost: 0 });
});

test("[CAPTIONS-21] a piece that fails again and again is given up, and said", async () => {
  const world = open();
  world.queue.add(piece("a"));
  world.queue.add(piece("b"));
  for (let tries = 0; tries < 6; tries += 1) {
    await world.fails("VENDOR_ERROR");
    world.waits.at(-1)?.run();
  }
  expect(world.keys()).toEqual(["a", "a", "a", "a", "a", "a", "b"]);
  expect(world.state()).toMatchObject({ waiting: 1, lost: 1, refused: "It is VENDOR_ERROR." });
});

test.each(["PAYLOAD_TOO_LARGE", "FILE_DAMAGED", "VALIDATION_ERROR"] as const)(
  "[CAPTIONS-21] a piece that is refused for itself (%s) is dropped and said, and the next one goes",
  async (code) => {
    const world = open();
    world.queue.add(piece("a"));
    world.queue.add(piece("b"));
    await world.fails(code);
    expect(world.keys()).toEqual(["a", "b"]);
    expect(world.state()).toMatchObject({ lost: 1, refused: `It is ${code}.`, problem: null });
  },
);

test.each([
  ["CONSENT_MISSING", "captions", "captions"],
  ["CONSENT_MISSING", undefined, "captions"],
  ["CONSENT_MISSING", "wording", "wording"],
  ["CONSENT_MISSING", "ai", "ai"],
  ["FORBIDDEN", "switched-off", "switched-off"],
  ["FORBIDDEN", undefined, "no-service"],
  ["RATE_LIMITED", "budget", "budget"],
  ["MEETING_NOT_ACTIVE", undefined, "not-allowed"],
] as const)("[CAPTIONS-21] %s (%s) holds for all: it stops, and says %s", async (code, reason, problem) => {
  const world = open();
  world.queue.add(piece("a"));
  world.queue.add(piece("b"));
  await world.fails(code, { details: { reason } });
  world.queue.add(piece("c"));
  expect(world.keys()).toEqual(["a"]);
  expect(world.state()).toMatchObject({ waiting: 0, problem });
});

test("[CAPTIONS-21] closed, nothing travels or waits any more", async () => {
  const world = open();
  world.queue.add(piece("a"));
  world.queue.add(piece("b"));
  const before = world.state();
  world.queue.close();
  expect(world.sent[0]?.signal.aborted).toBe(true);
  await world.arrives();
  expect(world.keys()).toEqual(["a"]);
  expect(world.state()).toBe(before);
});

test("[CAPTIONS-21] left, what waits is still sent, and what was said last", async () => {
  const world = open();
  world.queue.add(piece("a"));
  const before = world.state();
  world.queue.leave();
  world.queue.add(piece("b"));
  await world.fails("NETWORK");
  world.waits[0]?.run();
  await world.arrives();
  await world.arrives();
  expect(world.keys()).toEqual(["a", "a", "b"]);
  expect(world.state()).toBe(before);
});
