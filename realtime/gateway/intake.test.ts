// Backpressure from the store to the sender of a transcript, over real connections.
import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "../../shared/errors.ts";
import type { MeetingId } from "../../shared/ids.ts";
import { bounds } from "../bounds.ts";
import { metricNames } from "../metrics.ts";
import { startHarness, until, type Harness } from "../testing/harness.ts";
import { chunk, codeOf, roundTrip } from "../testing/sockets.ts";

let harness: Harness;
let meetingId: MeetingId;

async function start(options?: { fakeTime: boolean }) {
  harness = await startHarness(options);
  meetingId = harness.house.addMeeting(1, { 1: "host", 2: "participant" });
}
beforeEach(() => start());
afterEach(() => harness.close());

const gauge = (name: string) => harness.house.gauges.get(name) ?? 0;
const stored = () => harness.house.meetings.get(meetingId)?.chunks.map(({ clientKey }) => clientKey) ?? [];
/** Large enough that hardly two of them come out of one read. */
const batch = (name: string, count = 100) =>
  Array.from({ length: count }, (_, index) => ({ ...chunk(`${name}-${index}`), text: "x".repeat(1_000) }));
const keysOf = (batches: { clientKey: string }[][]) => batches.flat().map(({ clientKey }) => clientKey);

/** A store that does not answer until it is opened; how many batches it was asked to keep. */
function stalledStore() {
  const { transcripts } = harness.house.ports;
  const { append } = transcripts;
  const opened = Promise.withResolvers<void>();
  const asked = { batches: 0 };
  transcripts.append = async (...batchOf) => {
    asked.batches += 1;
    await opened.promise;
    return await append(...batchOf);
  };
  return { asked, open: opened.resolve };
}

test("[CONN-8] a sender that does not wait for a store that does not answer is not read from, and loses nothing", async () => {
  const { asked, open } = stalledStore();
  const [sender, other] = [await harness.connect("user-1"), await harness.connect("user-2")];
  const batches = Array.from({ length: 80 }, (_, index) => batch(`b${index}`));
  const answers = batches.map((chunks) => harness.emit(sender, "transcript:append", { meetingId, chunks }));
  await until(() => gauge(metricNames.socketsNotReadFrom) === 1);
  for (let count = 0; count < 20; count += 1) await roundTrip(harness, other);
  expect(asked.batches).toBeGreaterThanOrEqual(bounds.transcriptInFlightChunks / 100);
  expect(asked.batches).toBeLessThan((bounds.transcriptInFlightChunks * 2) / 100);
  expect(gauge(metricNames.transcriptWaitingChunks)).toBe(asked.batches * 100);
  open();
  expect((await Promise.all(answers)).map(codeOf)).toEqual(batches.map(() => undefined));
  expect(stored()).toEqual(keysOf(batches));
  expect(gauge(metricNames.socketsNotReadFrom)).toBe(0);
  expect(gauge(metricNames.transcriptWaitingChunks)).toBe(0);
});

test("[CONN-8] a sender that is gone while it was not read from leaves nothing behind", async () => {
  const { open } = stalledStore();
  const sender = await harness.connect("user-1");
  for (let count = 0; count < 40; count += 1)
    sender.emit("transcript:append", { meetingId, chunks: batch(`b${count}`) });
  await until(() => gauge(metricNames.socketsNotReadFrom) === 1);
  sender.disconnect();
  open();
  await until(() => harness.realtime.stats().sockets === 0);
  await until(() => gauge(metricNames.transcriptWaitingChunks) === 0);
  expect(gauge(metricNames.socketsNotReadFrom)).toBe(0);
  expect(new Set(stored()).size).toBe(stored().length);
});

test("[CONN-8] by long polling, where nobody can stop reading, what is too much is refused and taken later", async () => {
  const { asked, open } = stalledStore();
  const sender = await harness.connect("user-1", { transports: ["polling"] });
  const batches = Array.from({ length: 40 }, (_, index) => batch(`b${index}`, 100));
  const refused: number[] = [];
  const send = (index: number) =>
    harness.emit(sender, "transcript:append", { meetingId, chunks: batches[index] ?? [] });
  const answers = batches.map(async (_, index) => {
    const answer = await send(index);
    if (codeOf(answer) === undefined) return;
    expect(answer).toMatchObject({ error: { code: "UNAVAILABLE", retryAfter: 2 } });
    refused.push(index);
  });
  await until(() => refused.length === 20);
  expect(asked.batches).toBe((bounds.transcriptInFlightChunks * 2) / 100);
  open();
  await Promise.all(answers);
  for (const index of refused) expect(codeOf(await send(index))).toBeUndefined();
  expect(stored().sort()).toEqual(keysOf(batches).sort());
});

/** A store that is full as long as `full` says so. */
function fullStore() {
  const { transcripts } = harness.house.ports;
  const { append } = transcripts;
  const state = { full: true, refused: 0 };
  transcripts.append = async (...batchOf) => {
    if (!state.full) return await append(...batchOf);
    state.refused += 1;
    throw new AppError("UNAVAILABLE", "Too much is waiting to be saved.", { retryAfterSeconds: 1 });
  };
  return state;
}

test("[CONN-8] a batch waits for a store that is full, and later ones stay behind it", async () => {
  await harness.close();
  await start({ fakeTime: true });
  const store = fullStore();
  const sender = await harness.connect("user-1");
  const send = (key: string) =>
    harness.emit(sender, "transcript:append", { meetingId, chunks: [chunk(key)] });
  const first = send("first");
  await until(() => store.refused === 1);
  const second = send("second");
  await until(() => gauge(metricNames.transcriptWaitingChunks) === 2);
  harness.house.advance(bounds.transcriptRetryMs);
  await until(() => store.refused === 2);
  store.full = false;
  await roundTrip(harness, sender);
  harness.house.advance(bounds.transcriptRetryMs);
  expect(await first).toEqual({ firstSequence: 1, lastSequence: 1 });
  harness.house.advance(bounds.transcriptRetryMs);
  expect(await second).toEqual({ firstSequence: 2, lastSequence: 2 });
  expect(stored()).toEqual(["first", "second"]);
});

test("[CONN-8] once the store has room again, all that stood behind the batch is taken at once", async () => {
  await harness.close();
  await start({ fakeTime: true });
  const store = fullStore();
  const sender = await harness.connect("user-1");
  const send = (key: string) =>
    harness.emit(sender, "transcript:append", { meetingId, chunks: [chunk(key)] });
  const first = send("first");
  await until(() => store.refused === 1);
  const names = Array.from({ length: 100 }, (_, index) => `later-${index}`);
  const later = names.map(send);
  await until(() => gauge(metricNames.transcriptWaitingChunks) === 101);
  store.full = false;
  harness.house.advance(bounds.transcriptRetryMs);
  expect((await Promise.all([first, ...later])).map(codeOf)).toEqual(
    ["first", ...names].map(() => undefined),
  );
  expect(stored()).toEqual(["first", ...names]);
});

test("[CONN-8] where the store stays full the batch is refused with the time to wait, and its repeat is taken once", async () => {
  await harness.close();
  await start({ fakeTime: true });
  const store = fullStore();
  const sender = await harness.connect("user-1");
  const send = () => harness.emit(sender, "transcript:append", { meetingId, chunks: [chunk("kept")] });
  let answered = false;
  const answer = send().finally(() => (answered = true));
  await until(() => store.refused === 1);
  for (let waitedMs = 0; !answered; waitedMs += bounds.transcriptRetryMs) {
    if (waitedMs > bounds.transcriptPatienceMs * 2) throw new Error("it waits for ever");
    harness.house.advance(bounds.transcriptRetryMs);
    await roundTrip(harness, sender);
  }
  expect(await answer).toMatchObject({ error: { code: "UNAVAILABLE", retryAfter: 1 } });
  expect(store.refused).toBeGreaterThan(10);
  store.full = false;
  expect(await send()).toEqual({ firstSequence: 1, lastSequence: 1 });
  expect(stored()).toEqual(["kept"]);
});
