// Opens and closes notes many times, failed loads included, and says what the heap holds before and after; run with --expose-gc.
import WebSocket from "ws";
import { startHarness, until } from "../../realtime/testing/harness.ts";

const cycles = Number(process.argv[2] ?? 1_000);
const atOnce = 10;
const meetings = 20;

const { gc } = globalThis;
if (gc === undefined) throw new Error("run with --expose-gc");
const harness = await startHarness();
let loads = 0;
harness.house.beforeLoad = () =>
  (loads += 1) % 3 === 0 ? Promise.reject(new Error("disk")) : Promise.resolve();
const ids = Array.from({ length: meetings }, (_, index) =>
  harness.house.addMeeting(100 + index, { 1: "host" }),
);

async function cycle(index: number): Promise<void> {
  const id = ids[index % meetings] ?? "";
  const socket = new WebSocket(`${harness.url.replace(/^http/, "ws")}/notes/${id}?token=user-1`);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await Promise.race([new Promise((resolve) => socket.once("message", resolve)), closed]);
  socket.close();
  await closed;
}

async function run(count: number): Promise<void> {
  for (let index = 0; index < count; index += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_unused, offset) => cycle(index + offset)));
  }
  await until(() => harness.realtime.stats().openDocuments === 0, "rooms to be gone");
}

async function heapBytes(): Promise<number> {
  // What logs were kept by the test's own house is not the server's.
  harness.house.logged.length = 0;
  let bytes = 0;
  for (let count = 0; count < 5; count += 1) {
    await gc?.({ type: "major", execution: "async" });
    bytes = process.memoryUsage().heapUsed;
  }
  return bytes;
}

// Once over, so that what is compiled and cached once is not taken for a leak.
await run(Math.ceil(cycles / 5));
const before = await heapBytes();
await run(cycles);
const after = await heapBytes();
console.log(
  JSON.stringify({ cycles, failedLoads: Math.floor(loads / 3), before, after, ...harness.realtime.stats() }),
);
await harness.close();
process.exit(0);
