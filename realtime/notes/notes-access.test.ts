// Who may keep notes open, and how they end: access, sessions, slow readers, stops.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Y from "yjs";
import type { MeetingId } from "../../shared/ids.ts";
import { userIdOf } from "../testing/fake-ports.ts";
import { roundTrip, startHarness, synced, until, type Harness } from "../testing/harness.ts";
import { NotesDocument } from "./document.ts";
import { syncStep1Frame, syncStep2Frame, updateFrame } from "./frames.ts";

let harness: Harness;
let meetingId: MeetingId;

beforeEach(async () => {
  harness = await startHarness();
  meetingId = harness.house.addMeeting(1, { 1: "host", 2: "participant" });
});
afterEach(() => harness.close());

test("[CONN-5] a notes reader that stops reading is cut off; others notice nothing", async () => {
  const [writer, reader] = [harness.openNotes("user-1", meetingId), harness.openNotes("user-2", meetingId)];
  await Promise.all([synced(writer), synced(reader)]);
  const stalled = harness.openRaw(`/notes/${meetingId}?token=user-2`);
  await new Promise<void>((resolve) => stalled.socket.once("message", () => resolve()));
  stalled.socket.pause();
  const block = "x".repeat(1024 * 1024);
  let blocks = 0;
  while (harness.realtime.stats().notesConnections === 3) {
    if (blocks >= 40) throw new Error("the stalled reader was never cut off");
    writer.doc.getText("text").insert(0, block);
    blocks += 1;
    await until(() => reader.text().length === blocks * block.length);
  }
  expect(blocks).toBeGreaterThan(7);
  expect(harness.house.logged).toContainEqual({ level: "info", event: "slow reader cut off" });
  expect([writer.closes, reader.closes]).toEqual([[], []]);
});

test("[MEET-7] notes close with 4403 when access goes, and turn read-only when only writing goes", async () => {
  const [gone, demoted] = [harness.openNotes("user-1", meetingId), harness.openNotes("user-2", meetingId)];
  await Promise.all([synced(gone), synced(demoted)]);
  const roles = harness.house.meetings.get(meetingId)?.roles;
  roles?.delete(userIdOf(1));
  roles?.set(userIdOf(2), "observer");
  await harness.realtime.recheckAccess(meetingId, userIdOf(1));
  await harness.realtime.recheckAccess(meetingId, userIdOf(2));
  await until(() => gone.closes.includes(4403));
  demoted.doc.getText("text").insert(0, "too late");
  await until(() => demoted.refusals.some(({ code }) => code === "FORBIDDEN"));
  expect(harness.house.notes.get(meetingId) ?? []).toEqual([]);
});

test("[MEET-7] notes follow the meeting's standing, for people with a socket in it and without", async () => {
  const [joined, notesOnly] = [
    harness.openNotes("user-1", meetingId),
    harness.openNotes("user-2", meetingId),
  ];
  await Promise.all([synced(joined), synced(notesOnly)]);
  const socket = await harness.connect("user-1");
  const states: unknown[] = [];
  socket.on("meeting:state", (state: unknown) => states.push(state));
  await harness.emit(socket, "meeting:join", { meetingId });
  harness.realtime.publishMeeting(meetingId);
  await until(() => states.length === 1);
  const meeting = harness.house.meetings.get(meetingId);
  meeting?.roles.set(userIdOf(1), "observer").set(userIdOf(2), "observer");
  harness.realtime.publishMeeting(meetingId);
  await until(() => states.length === 2);
  await Promise.all([roundTrip(joined), roundTrip(notesOnly)]);
  for (const client of [joined, notesOnly]) {
    client.doc.getText("text").insert(0, "too late");
    await until(() => client.refusals.some(({ code }) => code === "FORBIDDEN"));
  }
  expect(harness.house.notes.get(meetingId) ?? []).toEqual([]);
});

test("[MEET-7] access that goes while the notes are loading is noticed before they open", async () => {
  const gate = Promise.withResolvers<void>();
  harness.house.beforeLoad = () => gate.promise;
  const { closed, frames } = harness.openRaw(`/notes/${meetingId}?token=user-2`);
  await until(() => harness.house.calls.loads === 1);
  harness.house.meetings.get(meetingId)?.roles.delete(userIdOf(2));
  await harness.realtime.recheckAccess(meetingId, userIdOf(2));
  gate.resolve();
  expect(await closed).toBe(4403);
  expect(frames).toEqual([]);
});

test("[CONN-7] the end of a session closes its notes with 4401", async () => {
  const { socket, closed } = harness.openRaw(`/notes/${meetingId}?token=user-1`);
  await new Promise<void>((resolve) => socket.once("message", () => resolve()));
  harness.realtime.endSession("session-user-1");
  expect(await closed).toBe(4401);
});

test("[CONN-7] a session that ends while its notes are loading opens none", async () => {
  const gate = Promise.withResolvers<void>();
  harness.house.beforeLoad = () => gate.promise;
  const { closed, frames } = harness.openRaw(`/notes/${meetingId}?token=user-1`);
  await until(() => harness.house.calls.loads === 1);
  harness.house.endedSessions.add("session-user-1");
  harness.realtime.endSession("session-user-1");
  gate.resolve();
  expect(await closed).toBe(4401);
  expect(frames).toEqual([]);
});

test("[STOP-1] stop waits for what is unsaved, acknowledges it and closes with 1012", async () => {
  const gate = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  harness.house.beforeAppend = () => {
    arrived.resolve();
    return gate.promise;
  };
  const { socket, frames, closed } = harness.openRaw(`/notes/${meetingId}?token=user-1`);
  await new Promise<void>((resolve) => socket.once("message", () => resolve()));
  const doc = new Y.Doc();
  doc.getText("text").insert(0, "last words");
  socket.send(updateFrame(Y.encodeStateAsUpdate(doc)));
  await arrived.promise;
  const stopped = harness.realtime.stop(10_000);
  expect(frames.filter(([type]) => type === 100)).toEqual([]);
  gate.resolve();
  await stopped;
  expect(await closed).toBe(1012);
  expect(frames.at(-1)).toEqual(new Uint8Array([100, 1]));
  expect(harness.house.notes.get(meetingId)).toHaveLength(1);
});

test("[STOP-1] a store that never answers holds a stop no longer than its grace, and what is unsaved is logged", async () => {
  const arrived = Promise.withResolvers<void>();
  harness.house.beforeAppend = () => {
    arrived.resolve();
    return new Promise(() => undefined);
  };
  const client = harness.openNotes("user-1", meetingId);
  await synced(client);
  client.doc.getText("text").insert(0, "lost?");
  await arrived.promise;
  await harness.realtime.stop(50);
  expect(harness.house.logged).toContainEqual({
    level: "warn",
    event: "stopped with unsaved notes frames",
  });
});

test("[NOTES-9] what makes all of the document be looked through is taken a few times, however often it is sent", async () => {
  const writer = harness.openNotes("user-1", meetingId);
  await synced(writer);
  writer.doc.getText("text").insert(0, "all of it");
  await until(() => writer.durable() === 2);
  const [settle, contains] = [
    vi.spyOn(NotesDocument.prototype, "missingFor"),
    vi.spyOn(NotesDocument.prototype, "contains"),
  ];
  try {
    const { socket, closed } = harness.openRaw(`/notes/${meetingId}?token=user-2`);
    await new Promise((resolve) => socket.once("open", resolve));
    const question = syncStep1Frame(new Uint8Array([1, 7, 1]));
    const known = syncStep2Frame(Y.encodeStateAsUpdate(writer.doc));
    for (let count = 0; count < 100; count += 1) {
      socket.send(known);
      socket.send(question);
    }
    expect(await closed).toBe(1008);
    expect(settle.mock.calls.length + contains.mock.calls.length).toBeLessThan(15);
  } finally {
    settle.mockRestore();
    contains.mockRestore();
  }
  expect(writer.text()).toBe("all of it");
});
