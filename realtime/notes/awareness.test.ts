// Presence in notes: identity is the server's word, ids cannot be taken, and nobody stays as a ghost.
import * as encoding from "lib0/encoding";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MeetingId } from "../../shared/ids.ts";
import { limits } from "../../shared/limits.ts";
import { notesMessage } from "../../shared/protocol/notes-sync.ts";
import { userIdOf } from "../testing/fake-ports.ts";
import { startHarness, synced, until, type Harness } from "../testing/harness.ts";
import { RoomAwareness, type Presence } from "./awareness.ts";
import { awarenessFrame, decodeFrame } from "./frames.ts";

const person = (number: number): Presence => ({
  awarenessId: null,
  actor: {
    userId: userIdOf(number),
    email: `person${number}@example.org`,
    displayName: `Person ${number}`,
    orgId: null,
    orgRole: "member",
    sessionId: `session-${number}`,
    expiresAt: new Date("2030-01-01T00:00:00Z"),
  },
});
const at = (ms: number) => ({ now: () => new Date(ms) });
const entry = (clientId: number, clock: number, state: unknown) => ({
  clientId,
  clock,
  state: JSON.stringify(state),
});

describe("a room's awareness", () => {
  test("[AWARE-1] the first id is bound: entries under another id are ignored", () => {
    const awareness = new RoomAwareness(at(0));
    const me = person(1);
    expect(awareness.receive(me, [entry(7, 0, { at: 1 }), entry(8, 0, { at: 2 })])).toBe(1);
    expect(awareness.receive(me, [entry(9, 0, { at: 3 })])).toBe(1);
    expect(awareness.all().map(({ clientId }) => clientId)).toEqual([7]);
  });

  test("[AWARE-1] an id that another person holds cannot be taken, one's own from a dead connection can", () => {
    const awareness = new RoomAwareness(at(0));
    const [mine, thief, mineAgain] = [person(1), person(2), person(1)];
    awareness.receive(mine, [entry(7, 3, { at: "mine" })]);
    expect(awareness.receive(thief, [entry(7, 9, { at: "stolen" })])).toBe(1);
    expect(awareness.receive(thief, [entry(7, 9, null)])).toBe(1);
    expect(awareness.receive(mineAgain, [entry(7, 3, { at: "back" })])).toBe(0);
    // The dead connection's end must not take the living one's presence with it.
    awareness.remove(mine);
    expect(awareness.all()).toHaveLength(1);
    expect(awareness.all()[0]?.state).toContain("back");
  });

  test("[AWARE-2] name and id are stamped; a color is kept only where it is one", () => {
    const awareness = new RoomAwareness(at(0));
    const userOf = () => (JSON.parse(awareness.all()[0]?.state ?? "{}") as { user: unknown }).user;
    const me = person(1);
    awareness.receive(me, [entry(7, 0, { user: { id: "boss", name: "Boss", color: "#aabbcc", vip: 1 } })]);
    expect(userOf()).toEqual({ id: userIdOf(1), name: "Person 1", color: "#aabbcc" });
    awareness.receive(me, [entry(7, 1, { user: { color: "red;background:url(//evil)" } })]);
    expect(userOf()).toEqual({ id: userIdOf(1), name: "Person 1" });
  });

  test("[AWARE-3] a state beyond the bound, or one that is no object, is refused and changes nothing", () => {
    const awareness = new RoomAwareness(at(0));
    const me = person(1);
    expect(() =>
      awareness.receive(me, [entry(7, 0, { blob: "x".repeat(limits.awarenessMaxBytes) })]),
    ).toThrow(expect.objectContaining({ code: "PAYLOAD_TOO_LARGE" }));
    expect(() => awareness.receive(me, [entry(7, 0, [1])])).toThrow(
      expect.objectContaining({ code: "VALIDATION_ERROR" }),
    );
    expect(awareness.all()).toEqual([]);
  });

  test("[NOTES-6] a message with a number that nothing can be written with is none of the protocol", () => {
    // What is read as Infinity.
    const endless = [...new Array<number>(146).fill(128), 127];
    const state = [4, ...Buffer.from("null")];
    for (const numbers of [
      [7, ...endless],
      [...endless, 1],
    ]) {
      const frame = encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, notesMessage.awareness);
        encoding.writeVarUint8Array(encoder, Uint8Array.from([1, ...numbers, ...state]));
      });
      expect(() => decodeFrame(frame)).toThrow();
    }
  });

  test("[AWARE-4] a state that is refused leaves the id with the connection that holds it, and goes with it", () => {
    const awareness = new RoomAwareness(at(0));
    const [mine, mineAgain] = [person(1), person(1)];
    awareness.receive(mine, [entry(7, 0, { at: 1 })]);
    const tooLarge = entry(7, 1, { blob: "x".repeat(limits.awarenessMaxBytes) });
    expect(() => awareness.receive(mineAgain, [tooLarge])).toThrow();
    awareness.remove(mineAgain);
    expect(awareness.all()).toHaveLength(1);
    awareness.remove(mine);
    expect(awareness.all()).toEqual([]);
  });

  test("[AWARE-1] who has given an id up takes it from nobody who holds it since", () => {
    const awareness = new RoomAwareness(at(0));
    const [former, holder] = [person(1), person(2)];
    awareness.receive(former, [entry(7, 0, { at: 1 })]);
    awareness.receive(former, [entry(7, 1, null)]);
    awareness.receive(holder, [entry(7, 2, { at: 2 })]);
    expect(awareness.receive(former, [entry(7, 3, { at: 3 })])).toBe(1);
    awareness.remove(former);
    expect(awareness.all()).toMatchObject([{ clientId: 7 }]);
    expect(awareness.all()[0]?.state).toContain(userIdOf(2));
  });

  test("[AWARE-5] a client that returns with its old clock gets a higher one", () => {
    const awareness = new RoomAwareness(at(0));
    const me = person(1);
    awareness.receive(me, [entry(7, 5, { at: 1 })]);
    awareness.remove(me);
    const [removal] = awareness.takeChanges().changes;
    awareness.receive(person(1), [entry(7, 5, { at: 2 })]);
    const [back] = awareness.takeChanges().changes;
    expect(removal).toMatchObject({ clientId: 7, state: "null" });
    expect(back?.clock).toBeGreaterThan(removal?.clock ?? Infinity);
  });

  test("[AWARE-5] clocks of people who left are bounded", () => {
    const awareness = new RoomAwareness(at(0));
    const keeper = person(1);
    awareness.receive(keeper, [entry(1, 40, { at: 1 })]);
    for (let clientId = 2; clientId < 5_000; clientId += 1) {
      const passer = person(2);
      awareness.receive(passer, [entry(clientId, 0, {})]);
      awareness.remove(passer);
    }
    awareness.takeChanges();
    awareness.receive(keeper, [entry(1, 0, { at: 2 })]);
    expect(awareness.takeChanges().changes[0]?.clock).toBe(41);
  });
});

describe("over the wire", () => {
  let harness: Harness;
  let meetingId: MeetingId;
  const start = async (options?: { fakeTime: boolean }) => {
    harness = await startHarness(options);
    meetingId = harness.house.addMeeting(1, { 1: "host", 2: "participant" });
  };
  beforeEach(() => start());
  afterEach(() => harness.close());

  test("[AWARE-2] others see the server's word for who somebody is", async () => {
    const [first, second] = [harness.openNotes("user-1", meetingId), harness.openNotes("user-2", meetingId)];
    await Promise.all([synced(first), synced(second)]);
    first.provider.awareness.setLocalStateField("user", { id: "x", name: "Somebody else", color: "#112233" });
    first.provider.awareness.setLocalStateField("cursor", { anchor: 4 });
    const seen = () => second.provider.awareness.getStates().get(first.doc.clientID);
    await until(() => seen()?.["cursor"] !== undefined);
    expect(seen()).toEqual({
      cursor: { anchor: 4 },
      user: { id: userIdOf(1), name: "Person 1", color: "#112233" },
    });
    // The sender keeps its own state as it set it.
    expect(first.provider.awareness.getLocalState()).toMatchObject({ user: { name: "Somebody else" } });
  });

  test("[AWARE-4] whoever closes is removed at once, and seen again when back with the same id", async () => {
    const [first, second] = [harness.openNotes("user-1", meetingId), harness.openNotes("user-2", meetingId)];
    await Promise.all([synced(first), synced(second)]);
    const present = () => second.provider.awareness.getStates().has(first.doc.clientID);
    await until(present);
    (first.provider.ws as unknown as { terminate(): void }).terminate();
    await until(() => !present(), "the removal");
    await until(present, "the return");
  });

  test("[AWARE-3] an oversized state is refused with message 101 to its sender alone", async () => {
    const { socket, frames } = harness.openRaw(`/notes/${meetingId}?token=user-1`);
    await new Promise<void>((resolve) => socket.once("message", () => resolve()));
    socket.send(awarenessFrame([entry(7, 0, { blob: "x".repeat(limits.awarenessMaxBytes) })]));
    await until(() => frames.some(([type]) => type === 101));
    expect(harness.realtime.stats().notesConnections).toBe(1);
  });

  test("[AWARE-4] the silently dead are removed within 30 s; the living hear a sign of life", async () => {
    await harness.close();
    await start({ fakeTime: true });
    const dead = harness.openRaw(`/notes/${meetingId}?token=user-1`, { autoPong: false });
    await new Promise<void>((resolve) => dead.socket.once("message", () => resolve()));
    const alive = harness.openRaw(`/notes/${meetingId}?token=user-2`);
    await new Promise<void>((resolve) => alive.socket.once("message", () => resolve()));
    dead.socket.send(awarenessFrame([entry(7, 0, { at: 1 })]));
    const gone = () =>
      alive.frames.some((bytes) => {
        const frame = decodeFrame(bytes);
        return frame.kind === "awareness" && frame.entries.some(({ state }) => state === "null");
      });
    const pinged = new Promise((resolve) => alive.socket.once("ping", resolve));
    harness.house.advance(14_000);
    await pinged;
    // Its pong is read before the answer to what it sends afterwards.
    alive.socket.send(new Uint8Array([3]));
    await until(() => alive.frames.length >= 4);
    harness.house.advance(14_000);
    await until(gone);
    expect(alive.socket.readyState).toBe(alive.socket.OPEN);
    expect(harness.realtime.stats().notesConnections).toBe(1);
  });
});
