// When an edit counts as saved, who sees it before, and what becomes of it where it cannot be saved.
import { afterEach, beforeEach, expect, test } from "vitest";
import * as Y from "yjs";
import { AppError } from "../../shared/errors.ts";
import type { MeetingId } from "../../shared/ids.ts";
import { roundTrip, startHarness, synced, until, type Harness } from "../testing/harness.ts";
import { decodeFrame, durableFrame, syncStep1Frame, updateFrame } from "./frames.ts";

let harness: Harness;
let meetingId: MeetingId;

beforeEach(async () => {
  harness = await startHarness();
  meetingId = harness.house.addMeeting(1, { 1: "host", 2: "participant", 3: "observer" });
});
afterEach(() => harness.close());

/** Appends that are taken at once, and durable when the gate opens. */
function gateAppends(): { arrived: Promise<void>; gate: PromiseWithResolvers<void> } {
  const gate = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  harness.house.beforeAppend = () => {
    arrived.resolve();
    return gate.promise;
  };
  return { arrived: arrived.promise, gate };
}

test("[NOTES-2] an update is not counted before its append resolved; who is there sees it, and who comes, too, once", async () => {
  const [first, second] = [harness.openNotes("user-1", meetingId), harness.openNotes("user-2", meetingId)];
  await Promise.all([synced(first), synced(second)]);
  await until(() => first.durable() === 1, "the empty first step to be counted");
  const { arrived, gate } = gateAppends();
  first.doc.getText("text").insert(0, "held");
  await arrived;
  await until(() => second.text() === "held");
  const third = harness.openNotes("user-2", meetingId);
  await until(() => third.text() === "held");
  // A round trip: had it been counted, it would be here.
  await roundTrip(first);
  expect(first.durable()).toBe(1);
  expect(harness.house.notes.get(meetingId) ?? []).toEqual([]);
  const raw = harness.openRaw(`/notes/${meetingId}?token=user-2`);
  const steps = (step: "two" | "update") =>
    raw.frames.map(decodeFrame).filter((frame) => frame.kind === "update" && frame.step === step).length;
  await until(() => steps("update") === 1, "the edit to be shown to who comes");
  gate.resolve();
  await until(() => first.durable() === 2);
  raw.socket.send(syncStep1Frame(new Uint8Array([0])));
  await until(() => steps("two") === 1, "an answer that follows whatever was sent before");
  expect(steps("update")).toBe(1);
  expect(harness.house.notes.get(meetingId)).toHaveLength(1);
});

test("[NOTES-2] where it is not certain that later edits wait for an earlier one, that is shown when it is durable", async () => {
  const [first, second] = [harness.openNotes("user-1", meetingId), harness.openNotes("user-2", meetingId)];
  await Promise.all([synced(first), synced(second)]);
  harness.house.takesAppends = false;
  const { arrived, gate } = gateAppends();
  first.doc.getText("text").insert(0, "elsewhere");
  await arrived;
  await Promise.all([roundTrip(first), roundTrip(second)]);
  expect(second.text()).toBe("");
  gate.resolve();
  await until(() => second.text() === "elsewhere" && first.durable() === 2);
});

test("[NOTES-2] an edit whose writer has left before it is durable reaches who is still there", async () => {
  const [first, second] = [harness.openNotes("user-1", meetingId), harness.openNotes("user-2", meetingId)];
  await Promise.all([synced(first), synced(second)]);
  harness.house.takesAppends = false;
  const { arrived, gate } = gateAppends();
  first.doc.getText("text").insert(0, "left behind");
  await arrived;
  first.provider.destroy();
  await until(() => harness.realtime.stats().notesConnections === 1, "the writer to be gone");
  gate.resolve();
  await until(() => second.text() === "left behind");
});

test("[NOTES-2] the durable count covers deletions and rises only without a gap", async () => {
  const client = harness.openNotes("user-1", meetingId);
  await synced(client);
  const text = client.doc.getText("text");
  text.insert(0, "abc");
  text.delete(0, 1);
  await until(() => client.durable() === 3);
  const gates: PromiseWithResolvers<void>[] = [];
  harness.house.beforeAppend = () => {
    const gate = Promise.withResolvers<void>();
    gates.push(gate);
    return gate.promise;
  };
  text.insert(0, "x");
  text.insert(0, "y");
  await until(() => gates.length === 2);
  gates[1]?.resolve();
  await roundTrip(client);
  expect(client.durable()).toBe(3);
  gates[0]?.resolve();
  await until(() => client.durable() === 5);
});

test("[NOTES-15] who is sent away just when an edit has become durable is told of that first", async () => {
  const { socket, frames, closed } = harness.openRaw(`/notes/${meetingId}?token=user-1`);
  await new Promise((resolve) => socket.once("open", resolve));
  const { arrived, gate } = gateAppends();
  const doc = new Y.Doc();
  doc.getText("text").insert(0, "told");
  socket.send(updateFrame(Y.encodeStateAsUpdate(doc)));
  await arrived;
  gate.resolve();
  // Behind all that follows from the resolving, and before the next turn.
  process.nextTick(() => harness.realtime.endSession("session-user-1"));
  await closed;
  expect(harness.house.notes.get(meetingId)).toHaveLength(1);
  expect(frames.at(-1)).toEqual(durableFrame(1));
});

test("[NOTES-3] a failed append closes with 1013, relays nothing, and the client's edit arrives when the store is back", async () => {
  const [first, second] = [harness.openNotes("user-1", meetingId), harness.openNotes("user-2", meetingId)];
  await Promise.all([synced(first), synced(second)]);
  let away = true;
  harness.house.takesAppends = false;
  harness.house.beforeAppend = () =>
    away ? Promise.reject(new AppError("UNAVAILABLE", "The store is away.")) : Promise.resolve();
  first.doc.getText("text").insert(0, "kept");
  await until(() => first.closes.includes(1013));
  await roundTrip(second);
  expect(second.text()).toBe("");
  expect(second.closes).toEqual([]);
  expect(harness.house.notes.get(meetingId) ?? []).toEqual([]);
  away = false;
  await until(() => second.text() === "kept");
});

test("[NOTES-3] where a failed edit had been seen, everybody starts over: it is stored although its writer is gone", async () => {
  const [first, second] = [harness.openNotes("user-1", meetingId), harness.openNotes("user-2", meetingId)];
  await Promise.all([synced(first), synced(second)]);
  const { arrived, gate } = gateAppends();
  first.doc.getText("text").insert(0, "seen");
  await arrived;
  await until(() => second.text() === "seen");
  first.provider.destroy();
  harness.house.beforeAppend = () => Promise.resolve();
  gate.reject(new AppError("UNAVAILABLE", "The store is away."));
  await until(() => second.closes.includes(1013));
  await until(() => (harness.house.notes.get(meetingId) ?? []).length > 0);
  const late = harness.openNotes("user-1", meetingId);
  await until(() => late.text() === "seen");
});
