// A process that stops sends its people to the others in turn, and serves those who are still with it.
import { afterEach, expect, test } from "vitest";
import type { MeetingId } from "../shared/ids.ts";
import { letGo } from "./letting-go.ts";
import { startHarness, synced, until, type Harness } from "./testing/harness.ts";

let harness: Harness | null = null;
afterEach(async () => {
  await harness?.close();
  harness = null;
});

const meetings = ["a", "b", "c", "d"] as MeetingId[];

/** What was closed when, with 100 connections in each of the meetings. */
async function closedAt(others: string[], withinMs: number): Promise<[MeetingId, number][]> {
  let nowMs = 0;
  const closed: [MeetingId, number][] = [];
  await letGo({
    ports: {
      now: () => new Date(nowMs),
      schedule(delayMs, run) {
        nowMs += delayMs;
        queueMicrotask(run);
        return () => undefined;
      },
      nodes: { others: () => others } as never,
    },
    meetings,
    connections: 400,
    close: (meetingId) => closed.push([meetingId, nowMs]) && 100,
    withinMs,
  });
  return closed;
}

test("[STOP-2] meetings are let go one after another, at a rate that others can take, or faster to be done in time", async () => {
  expect((await closedAt(["other"], 60_000)).map(([, atMs]) => atMs)).toEqual([0, 1_500, 3_000, 4_500]);
  const hurried = await closedAt(["other"], 2_000);
  expect(hurried.map(([meetingId]) => meetingId)).toEqual(meetings);
  expect(hurried.map(([, atMs]) => atMs)).toEqual([0, 500, 1_000, 1_500]);
});

test("[STOP-2] where nobody else serves the meetings nobody is sent away", async () => {
  expect(await closedAt([], 60_000)).toEqual([]);
});

test("[STOP-2] who is still here is served until it is their turn; all come back by themselves", async () => {
  harness = await startHarness({ fakeTime: true });
  const { house, realtime } = harness;
  house.ports.nodes.others = () => ["other"];
  const [first, second] = [
    house.addMeeting(1, { 1: "host" }),
    house.addMeeting(2, { 1: "host", 2: "participant" }),
  ];
  const socket = await harness.connect("user-1", { reconnection: false });
  await harness.emit(socket, "meeting:join", { meetingId: first });
  const [gone, here] = [harness.openNotes("user-1", first), harness.openNotes("user-2", second)];
  await Promise.all([synced(gone), synced(here)]);
  const lost = new Promise((resolve) => socket.once("disconnect", resolve));
  gone.provider.on("connection-close", () => (gone.provider.shouldConnect = false));
  const stopped = realtime.stop(1_000);
  await until(() => gone.closes.length > 0);
  expect(gone.closes).toEqual([1012]);
  expect(await lost).toMatch(/^transport/);
  here.doc.getText("text").insert(0, "still served");
  await until(() => here.durable() > 0);
  expect(here.closes).toEqual([]);
  here.provider.on("connection-close", () => (here.provider.shouldConnect = false));
  for (let step = 0; step < 20; step += 1) {
    house.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await stopped;
  await until(() => here.closes.length > 0);
  expect(here.closes).toEqual([1012]);
});
