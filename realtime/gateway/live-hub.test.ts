// Live queries over real connections: snapshots, cursors, and access that is asked at every push.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Socket } from "socket.io-client";
import { AppError, notFound } from "../../shared/errors.ts";
import type { MeetingId } from "../../shared/ids.ts";
import { limits } from "../../shared/limits.ts";
import { userIdOf } from "../testing/fake-ports.ts";
import { startHarness, until, type Harness } from "../testing/harness.ts";
import { codeOf } from "../testing/sockets.ts";

interface Update {
  id: string;
  snapshot: unknown;
  cursor: string | null;
  error?: { code: string };
}

let harness: Harness;
let meetingId: MeetingId;
let socket: Socket;
let updates: Update[];
let value: unknown;
let runs: number;
let beforeRun: () => Promise<void>;

beforeEach(async () => {
  harness = await startHarness();
  meetingId = harness.house.addMeeting(1, { 1: "host", 2: "participant" });
  socket = await harness.connect("user-1");
  updates = [];
  socket.on("live:update", (update: Update) => updates.push(update));
  value = "first";
  runs = 0;
  beforeRun = () => Promise.resolve();
  harness.house.queries.set("prompts", {
    topics: [`prompts:${meetingId}`],
    async run() {
      runs += 1;
      const read = value;
      await beforeRun();
      if (read instanceof Error) throw read;
      return read;
    },
  });
});
afterEach(() => harness.close());

const subscribe = (id: string, cursor?: string) =>
  harness.emit(socket, "live:subscribe", {
    id,
    query: "prompts",
    args: { meetingId },
    ...(cursor === undefined ? {} : { cursor }),
  });
const invalidate = () => harness.realtime.invalidate(`prompts:${meetingId}`);

test("[LIVE-1] a subscription answers the snapshot, then what changed, once for many changes", async () => {
  expect(await subscribe("a")).toMatchObject({ id: "a", snapshot: "first" });
  value = "second";
  for (let count = 0; count < 10; count += 1) invalidate();
  await until(() => updates.length === 1);
  expect(updates[0]).toMatchObject({ id: "a", snapshot: "second" });
  expect(runs).toBe(2);
});

test("[LIVE-1] nothing is sent where nothing changed, and nothing after unsubscribing", async () => {
  await subscribe("a");
  invalidate();
  await until(() => runs === 2);
  await harness.emit(socket, "live:unsubscribe", { id: "a" });
  value = "second";
  invalidate();
  await subscribe("b");
  value = "third";
  invalidate();
  await until(() => updates.length === 1);
  expect(updates.map(({ id, snapshot }) => [id, snapshot])).toEqual([["b", "third"]]);
});

test("[LIVE-1] a change during the first run is not lost", async () => {
  const gate = Promise.withResolvers<void>();
  beforeRun = () => gate.promise;
  const answer = subscribe("a");
  await until(() => runs === 1);
  value = "second";
  invalidate();
  gate.resolve();
  expect(await answer).toMatchObject({ snapshot: "first" });
  await until(() => updates.length === 1);
  expect(updates[0]?.snapshot).toBe("second");
});

test("[LIVE-1] equal subscriptions of one session are run once for all", async () => {
  const other = await harness.connect("user-1");
  const seen: Update[] = [];
  other.on("live:update", (update: Update) => seen.push(update));
  await subscribe("a");
  await harness.emit(other, "live:subscribe", { id: "x", query: "prompts", args: { meetingId } });
  value = "second";
  const before = runs;
  invalidate();
  await until(() => updates.length === 1 && seen.length === 1);
  expect(runs).toBe(before + 1);
});

test("[LIVE-2] subscribing with the current cursor answers null, with an old one the snapshot", async () => {
  const first = await subscribe("a");
  const cursor = String(first["cursor"]);
  expect(await subscribe("b", cursor)).toEqual({ id: "b", snapshot: null, cursor });
  value = "second";
  expect(await subscribe("c", cursor)).toMatchObject({ snapshot: "second" });
});

test("[LIVE-3] access is asked at every push: a refusal ends the subscription and says so", async () => {
  const revoked: unknown[] = [];
  socket.on("access:revoked", (payload) => revoked.push(payload));
  await subscribe("a");
  value = new AppError("FORBIDDEN", "Hosts only.");
  invalidate();
  await until(() => updates.length === 1);
  expect(updates[0]).toMatchObject({ id: "a", snapshot: null, cursor: null, error: { code: "FORBIDDEN" } });
  value = "secret";
  const before = runs;
  invalidate();
  await subscribe("b");
  expect(runs).toBe(before + 1);
  // Not being allowed one query is not being out of the meeting; not finding it is.
  expect(revoked).toEqual([]);
  value = notFound("This meeting");
  await harness.realtime.recheckAccess(meetingId, userIdOf(1));
  await until(() => revoked.length === 1);
  expect(revoked).toMatchObject([{ meetingId }]);
});

test("[LIVE-3] while the store is away the subscription lives, and pushes when it is back", async () => {
  await subscribe("a");
  value = new AppError("UNAVAILABLE", "The store is away.");
  invalidate();
  await until(() => runs === 2);
  value = "back";
  await until(() => updates.length === 1);
  expect(updates[0]?.snapshot).toBe("back");
});

test("[LIVE-3] a refused or unknown query subscribes nothing", async () => {
  value = new AppError("FORBIDDEN", "Hosts only.");
  expect(codeOf(await subscribe("a"))).toBe("FORBIDDEN");
  expect(codeOf(await harness.emit(socket, "live:subscribe", { query: "nonsense", args: {} }))).toBe(
    "NOT_FOUND",
  );
  const nested = { query: "prompts", args: { meetingId, deep: [[]] } };
  expect(codeOf(await harness.emit(socket, "live:subscribe", nested))).toBe("VALIDATION_ERROR");
  value = "secret";
  const before = runs;
  invalidate();
  await subscribe("b");
  expect(runs).toBe(before + 1);
  expect(updates).toEqual([]);
});

test("[LIVE-1] the subscriptions of a socket are bounded", async () => {
  for (let count = 0; count < limits.liveQueriesPerSocket; count += 1) await subscribe(`s${count}`);
  expect(codeOf(await subscribe("one more"))).toBe("RATE_LIMITED");
  // An id in use is replaced, not added.
  expect(codeOf(await subscribe("s0"))).toBeUndefined();
});
