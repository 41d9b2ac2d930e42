// Notes over real WebSockets with stock y-websocket clients against the realtime core.
import { afterEach, beforeEach, expect, test } from "vitest";
import * as Y from "yjs";
import type { MeetingId } from "../../shared/ids.ts";
import { limits } from "../../shared/limits.ts";
import {
  roundTrip,
  startHarness,
  synced,
  until,
  type Harness,
  type NotesClient,
} from "../testing/harness.ts";
import { updateFrame } from "./frames.ts";

let harness: Harness;
let meetingId: MeetingId;

beforeEach(async () => {
  harness = await startHarness();
  meetingId = harness.house.addMeeting(1, { 1: "host", 2: "participant", 3: "observer" });
});
afterEach(() => harness.close());

test("[NOTES-1] what one stock client writes another sees, and a later one loads", async () => {
  const [first, second] = [harness.openNotes("user-1", meetingId), harness.openNotes("user-2", meetingId)];
  await Promise.all([synced(first), synced(second)]);
  first.doc.getText("text").insert(0, "hello");
  await until(() => second.text() === "hello");
  const third = harness.openNotes("user-2", meetingId);
  await synced(third);
  expect(third.text()).toBe("hello");
});

test("[NOTES-12] what became durable without a socket reaches who has the notes open, and who is opening them", async () => {
  const first = harness.openNotes("user-1", meetingId);
  await synced(first);
  const written = (text: string) => {
    const doc = new Y.Doc();
    doc.getText("text").insert(0, text);
    return Y.encodeStateAsUpdate(doc);
  };
  harness.house.appendNotes(meetingId, written("by HTTP"));
  await until(() => first.text() === "by HTTP");
  first.provider.disconnect();
  await until(() => harness.realtime.stats().openDocuments === 0);
  // The load reads what is durable, and is then held back while more becomes so.
  const { load } = harness.house.ports.notes;
  let finish = () => {};
  const reading = new Promise<void>((started) => {
    harness.house.ports.notes.load = async (documentId) => {
      const read = await load(documentId);
      started();
      await new Promise<void>((resolve) => (finish = resolve));
      return read;
    };
  });
  const second = harness.openNotes("user-2", meetingId);
  await reading;
  harness.house.appendNotes(meetingId, written("meanwhile "));
  finish();
  await until(() => second.text().includes("by HTTP") && second.text().includes("meanwhile"));
});

test.each([1, 2, 3, 4, 5])(
  "[NOTES-1] seed %i: clients with random edits and disconnects converge",
  async (seed) => {
    const random = seededRandom(seed);
    const clients: NotesClient[] = [];
    const count = 2 + Math.floor(random() * 9);
    for (let index = 0; index < count; index += 1) {
      clients.push(harness.openNotes(`user-${1 + (index % 2)}`, meetingId));
    }
    let edits = 0;
    for (let step = 0; step < 200; step += 1) {
      const client = pick(clients, random);
      const chance = random();
      if (chance < 0.08) client.provider.disconnect();
      else if (chance < 0.2) client.provider.connect();
      else edits += editAt(client, random);
      if (random() < 0.2) await new Promise(setImmediate);
    }
    for (const { provider } of clients) provider.connect();
    await Promise.all(clients.map(synced));
    const [first] = clients;
    const stateOf = ({ doc }: NotesClient) => JSON.stringify([doc.getText("text"), Y.encodeStateVector(doc)]);
    await until(
      () => first !== undefined && clients.every((client) => stateOf(client) === stateOf(first)),
      "convergence",
    );
    expect(edits).toBeGreaterThan(100);
    // And what is stored is what they see.
    const stored = new Y.Doc();
    for (const update of harness.house.notes.get(meetingId) ?? []) Y.applyUpdate(stored, update);
    expect(stored.getText("text").toString()).toBe(first?.text());
  },
);

test("[NOTES-4] a failed load closes everybody who waits, shares one load, shows nobody an empty document, and heals", async () => {
  const seed = harness.openNotes("user-1", meetingId);
  await synced(seed);
  seed.doc.getText("text").insert(0, "precious");
  await until(() => seed.durable() === 2);
  seed.provider.destroy();
  await until(() => harness.realtime.stats().openDocuments === 0);
  const loadsBefore = harness.house.calls.loads;
  const gate = Promise.withResolvers<void>();
  harness.house.beforeLoad = () => gate.promise;
  const waiting = ["user-1", "user-2"].map((token) => harness.openRaw(`/notes/${meetingId}?token=${token}`));
  await Promise.all(
    waiting.map(({ socket }) => new Promise<void>((resolve) => socket.once("open", () => resolve()))),
  );
  await until(() => harness.house.calls.loads > loadsBefore);
  gate.reject(new Error("disk"));
  expect(await Promise.all(waiting.map(({ closed }) => closed))).toEqual([1013, 1013]);
  expect(waiting.flatMap(({ frames }) => frames)).toEqual([]);
  harness.house.beforeLoad = () => Promise.resolve();
  const healed = harness.openNotes("user-2", meetingId);
  await synced(healed);
  expect(healed.text()).toBe("precious");
  expect(harness.house.logged).toContainEqual({ level: "warn", event: "notes could not be opened" });
});

test("[NOTES-4] many who come at once share one load", async () => {
  const clients = Array.from({ length: 8 }, () => harness.openNotes("user-1", meetingId));
  await Promise.all(clients.map(synced));
  expect(harness.house.calls.loads).toBe(1);
});

test("[NOTES-5] an observer's edit is refused, not stored, not relayed", async () => {
  const [observer, writer] = [harness.openNotes("user-3", meetingId), harness.openNotes("user-1", meetingId)];
  await Promise.all([synced(observer), synced(writer)]);
  observer.doc.getText("text").insert(0, "graffiti");
  await until(() => observer.refusals.some(({ code }) => code === "FORBIDDEN"));
  await roundTrip(writer);
  expect(writer.text()).toBe("");
  expect(harness.house.notes.get(meetingId) ?? []).toEqual([]);
});

test("[NOTES-5] an observer who returns to notes with deletions is not refused for repeating them", async () => {
  const writer = harness.openNotes("user-1", meetingId);
  await synced(writer);
  writer.doc.getText("text").insert(0, "abcdef");
  writer.doc.getText("text").delete(1, 2);
  const observer = harness.openNotes("user-3", meetingId);
  await until(() => observer.text() === "adef");
  observer.provider.disconnect();
  writer.doc.getText("text").delete(0, 1);
  observer.provider.connect();
  await until(() => observer.text() === "def" && observer.durable() === 1);
  expect(observer.refusals).toEqual([]);
});

test("[NOTES-6] a frame beyond the bound closes its sender alone with 4409 and changes nothing", async () => {
  const witness = harness.openNotes("user-2", meetingId);
  await synced(witness);
  for (const bytes of [limits.notesFrameMaxBytes + 1, limits.notesFrameMaxBytes * 2]) {
    const { socket, closed } = harness.openRaw(`/notes/${meetingId}?token=user-1`);
    await new Promise<void>((resolve) => socket.once("message", () => resolve()));
    socket.send(new Uint8Array(bytes));
    expect(await closed).toBe(4409);
  }
  await roundTrip(witness);
  expect(witness.closes).toEqual([]);
  expect(harness.house.notes.get(meetingId) ?? []).toEqual([]);
});

test("[NOTES-6] bytes that are no update are refused and stored nowhere", async () => {
  const { socket, frames } = harness.openRaw(`/notes/${meetingId}?token=user-1`);
  await new Promise<void>((resolve) => socket.once("message", () => resolve()));
  socket.send(updateFrame(new Uint8Array([9, 9, 9, 9])));
  socket.send(new Uint8Array([0]));
  socket.send("text");
  await until(() => frames.filter(([type]) => type === 101).length === 3);
  expect(harness.house.notes.get(meetingId) ?? []).toEqual([]);
});

test.each([
  ["no token", "", 4401],
  ["a bad token", "?token=nobody", 4401],
  ["a stranger's token", "?token=user-9", 4403],
])("[NOTES-7] %s opens and closes with its code, without a frame", async (_what, query, code) => {
  const { closed, frames } = harness.openRaw(`/notes/${meetingId}${query}`);
  expect(await closed).toBe(code);
  expect(frames).toEqual([]);
});

test("[NOTES-8] 1 000 openings and closings, failed loads included, leave nothing behind", async () => {
  let loads = 0;
  harness.house.beforeLoad = () =>
    (loads += 1) % 3 === 0 ? Promise.reject(new Error("disk")) : Promise.resolve();
  const cycle = async (index: number) => {
    const meeting = harness.house.addMeeting(100 + (index % 20), { 1: "host" });
    const { socket, closed } = harness.openRaw(`/notes/${meeting}?token=user-1`);
    await Promise.race([new Promise((resolve) => socket.once("message", resolve)), closed]);
    socket.close();
    await closed;
  };
  for (let index = 0; index < 1_000; index += 10) {
    await Promise.all(Array.from({ length: 10 }, (_unused, offset) => cycle(index + offset)));
  }
  expect(loads).toBeGreaterThan(300);
  await until(() => harness.realtime.stats().openDocuments === 0, "rooms to be gone");
  expect(harness.realtime.stats()).toEqual({ sockets: 0, notesConnections: 0, openDocuments: 0 });
});

test("[NOTES-8] a room stays until its unfinished append is durable", async () => {
  const gate = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const client = harness.openNotes("user-1", meetingId);
  await synced(client);
  harness.house.beforeAppend = () => {
    arrived.resolve();
    return gate.promise;
  };
  client.doc.getText("text").insert(0, "late");
  await arrived.promise;
  client.provider.disconnect();
  await until(() => harness.realtime.stats().notesConnections === 0);
  expect(harness.realtime.stats().openDocuments).toBe(1);
  gate.resolve();
  await until(() => harness.realtime.stats().openDocuments === 0);
  expect(harness.house.notes.get(meetingId)).toHaveLength(1);
});

test("[NOTES-9] a store that does not answer is not handed more than the bound", async () => {
  let handed = 0;
  const gate = Promise.withResolvers<void>();
  const client = harness.openNotes("user-1", meetingId);
  await synced(client);
  harness.house.beforeAppend = () => {
    handed += 1;
    return gate.promise;
  };
  // Each so long that one read of the socket (64 KiB) holds a few hundred of them at most.
  const line = "x".repeat(200);
  for (let index = 0; index < 2_000; index += 1) client.doc.getText("text").insert(0, line);
  await until(() => handed >= 256);
  const other = harness.openNotes("user-2", meetingId);
  await synced(other);
  // Frames that one read of the socket had delivered already still count; the rest waits at the client.
  expect(handed).toBeLessThan(1_000);
  gate.resolve();
  await until(() => other.text().length === 2_000 * line.length);
  await until(() => client.durable() === 2_001);
});

test("[NOTES-9] a flood of frames is read in turns, and all of it arrives", async () => {
  await harness.close();
  harness = await startHarness({ fakeTime: true });
  meetingId = harness.house.addMeeting(1, { 1: "host", 2: "participant" });
  const witness = harness.openNotes("user-2", meetingId);
  await synced(witness);
  const { socket, frames } = harness.openRaw(`/notes/${meetingId}?token=user-1`);
  await new Promise<void>((resolve) => socket.once("message", () => resolve()));
  // Awareness queries, large enough to need many reads of the network.
  const flood = 6_000;
  for (let count = 0; count < flood; count += 1) socket.send(new Uint8Array(500).fill(3));
  await until(() => frames.length > 2_000);
  for (let count = 0; count < 20; count += 1) await roundTrip(witness);
  expect(frames.length).toBeLessThan(4_000);
  await until(() => {
    harness.house.advance(100);
    return frames.length >= flood + 1;
  });
});

test("[NOTES-11] one's own layer is seen by oneself alone", async () => {
  const [mine, theirs] = [
    harness.openNotes("user-1", meetingId, "mine"),
    harness.openNotes("user-2", meetingId, "mine"),
  ];
  await Promise.all([synced(mine), synced(theirs)]);
  mine.doc.getText("text").insert(0, "private");
  await until(() => mine.durable() === 2);
  const again = harness.openNotes("user-1", meetingId, "mine");
  await synced(again);
  expect(again.text()).toBe("private");
  await roundTrip(theirs);
  expect(theirs.text()).toBe("");
});

function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function pick<Item>(items: Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

function editAt({ doc }: NotesClient, random: () => number): number {
  const text = doc.getText("text");
  const at = Math.floor(random() * (text.length + 1));
  if (random() < 0.7 || text.length === 0)
    text.insert(at, String.fromCharCode(97 + Math.floor(random() * 26)));
  else text.delete(Math.min(at, text.length - 1), 1);
  return 1;
}
