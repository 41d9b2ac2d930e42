// Transcript and chat through the journal on a real document store.
import mongoose from "mongoose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Y from "yjs";
import type { Actor } from "../../shared/actor.ts";
import { actor, chunks, codeOf, house, journalEntries, meeting, numbers } from "../factories/live-modules.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";
import { chatChanges } from "./journal-chat.ts";

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(async () => {
  await store.close();
});

describe("transcript", () => {
  test("reads combine pages and tail without gap or double, before, between and after moves", async () => {
    const { journal, transcripts } = await house(store);
    const host = actor();
    const id = meeting([[host, "host"]]);
    for (let round = 0; round < 4; round += 1) {
      await transcripts.append(host, id, chunks(25, `r${round}`));
      if (round % 2 === 1) await journal.materialise();
      const page = await transcripts.read(host, id, { fromSequence: 0, limit: 1_000 });
      expect(page.chunks.map(({ sequence }) => sequence)).toEqual(numbers(1, (round + 1) * 25));
      expect(page).toMatchObject({ lastSequence: (round + 1) * 25, nextFromSequence: null });
    }
    const middle = await transcripts.read(host, id, { fromSequence: 20, limit: 40 });
    expect(middle.chunks.map(({ sequence }) => sequence)).toEqual(numbers(20, 59));
    expect(middle).toMatchObject({ lastSequence: 100, nextFromSequence: 60 });
    const all: number[] = [];
    for await (const page of transcripts.readAll(id)) all.push(...page.map(({ sequence }) => sequence));
    expect(all).toEqual(numbers(1, 100));
    await journal.stop();
  });

  test("[JOURNAL-9] a batch repeated at once, after a move and after a restart happens once", async () => {
    const first = await house(store);
    const host = actor();
    const id = meeting([[host, "host"]]);
    const published: number[] = [];
    first.bus.subscribe("transcript.appended", (event) => {
      published.push(...event.chunks.map(({ sequence }) => sequence));
    });
    const batch = chunks(10);
    const both = await Promise.all([
      first.transcripts.append(host, id, batch),
      first.transcripts.append(host, id, batch),
    ]);
    expect(both).toEqual([
      { firstSequence: 1, lastSequence: 10 },
      { firstSequence: 1, lastSequence: 10 },
    ]);
    await first.journal.materialise();
    await first.transcripts.append(host, id, batch);
    expect(published).toEqual(numbers(1, 10));
    await first.journal.stop();
    const second = await house(store);
    expect(await second.transcripts.append(host, id, [...batch, ...chunks(1, "new")])).toEqual({
      firstSequence: 1,
      lastSequence: 11,
    });
    expect(await second.transcripts.lastSequence(id)).toBe(11);
    await second.journal.stop();
  });

  test("only a host appends for others, and only for people in the meeting", async () => {
    const { journal, transcripts } = await house(store);
    const [host, guest, observer, stranger] = [actor(), actor(), actor(), actor()];
    const id = meeting([
      [host, "host"],
      [guest, "participant"],
      [observer, "observer"],
    ]);
    await transcripts.append(host, id, chunks(1, "a", { speakerId: guest.userId }));
    await transcripts.append(guest, id, chunks(1, "b", { speakerId: guest.userId }));
    expect(await codeOf(transcripts.append(guest, id, chunks(1, "c", { speakerId: host.userId })))).toBe(
      "FORBIDDEN",
    );
    expect(await codeOf(transcripts.append(host, id, chunks(1, "d", { speakerId: stranger.userId })))).toBe(
      "VALIDATION_ERROR",
    );
    expect(await codeOf(transcripts.append(observer, id, chunks(1, "e")))).toBe("FORBIDDEN");
    expect(await codeOf(transcripts.append(stranger, id, chunks(1, "f")))).toBe("NOT_FOUND");
    expect(await codeOf(transcripts.read(stranger, id, { fromSequence: 0, limit: 1 }))).toBe("NOT_FOUND");
    const page = await transcripts.read(observer, id, { fromSequence: 0, limit: 10 });
    expect(page.chunks.map(({ speakerId }) => speakerId)).toEqual([guest.userId, guest.userId]);
    await journal.stop();
  });

  test("two people may use the same client keys", async () => {
    const { journal, transcripts } = await house(store);
    const [host, guest] = [actor(), actor()];
    const id = meeting([
      [host, "host"],
      [guest, "participant"],
    ]);
    await Promise.all([transcripts.append(host, id, chunks(5)), transcripts.append(guest, id, chunks(5))]);
    await journal.materialise();
    await Promise.all([transcripts.append(host, id, chunks(5)), transcripts.append(guest, id, chunks(5))]);
    expect(await transcripts.lastSequence(id)).toBe(10);
    await journal.stop();
  });

  test("[JOURNAL-8] concurrent batches are published in order of sequence, and those of one person in their order", async () => {
    const { journal, transcripts, bus } = await house(store);
    const speakers = Array.from({ length: 8 }, actor);
    const id = meeting(speakers.map((person) => [person, "participant"]));
    const published: number[] = [];
    bus.subscribe("transcript.appended", (event) => {
      published.push(...event.chunks.map(({ sequence }) => sequence));
    });
    await Promise.all(
      numbers(0, 19).flatMap((round) =>
        speakers.map((person) => transcripts.append(person, id, chunks(2, `round ${round} `))),
      ),
    );
    expect(published).toEqual(numbers(1, 320));
    const page = await transcripts.read(speakers[0] as Actor, id, { fromSequence: 0, limit: 1_000 });
    for (const person of speakers) {
      const own = page.chunks
        .filter(({ speakerId }) => speakerId === person.userId)
        .map(({ clientKey }) => clientKey);
      expect(own).toEqual(numbers(0, 19).flatMap((round) => [`round ${round} -0`, `round ${round} -1`]));
    }
    await journal.stop();
  });
});

describe("chat", () => {
  test("messages keep order and happen once by their author's key", async () => {
    const { journal, messaging } = await house(store);
    const [host, guest, observer] = [actor(), actor(), actor()];
    const id = meeting([
      [host, "host"],
      [guest, "participant"],
      [observer, "observer"],
    ]);
    const heard: number[] = [];
    messaging.follow(id, {
      afterSequence: 0,
      deliver: (messages) => messages.forEach(({ sequence }) => heard.push(sequence)),
    });
    const first = await messaging.send(host, id, { clientKey: "1", content: "hello" });
    const other = await messaging.send(guest, id, { clientKey: "1", content: "hi" });
    const again = () => messaging.send(host, id, { clientKey: "1", content: "hello" });
    expect(await again()).toEqual(first);
    await journal.materialise();
    expect(await again()).toEqual(first);
    const reply = await messaging.send(host, id, { clientKey: "2", content: "reply", parentId: other.id });
    const nested = await messaging.send(host, id, { clientKey: "3", content: "more", parentId: reply.id });
    expect([first, other, reply, nested].map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(heard).toEqual([1, 2, 3, 4]);
    const page = await messaging.list(observer, id, { fromSequence: 2, limit: 2 });
    expect(page).toEqual({ messages: [other, reply], changes: [], lastSequence: 4, nextFromSequence: 4 });
    expect(await codeOf(messaging.send(observer, id, { clientKey: "x", content: "no" }))).toBe("FORBIDDEN");
    await journal.stop();
  });

  chatChanges(() => store);

  test("an answer to a message of another meeting is refused", async () => {
    const { journal, messaging } = await house(store);
    const host = actor();
    const [here, there] = [meeting([[host, "host"]]), meeting([[host, "host"]])];
    const elsewhere = await messaging.send(host, there, { clientKey: "1", content: "there" });
    const answer = () =>
      messaging.send(host, here, { clientKey: "1", content: "here", parentId: elsewhere.id });
    expect(await codeOf(answer())).toBe("VALIDATION_ERROR");
    await journal.materialise();
    expect(await codeOf(answer())).toBe("VALIDATION_ERROR");
    await journal.stop();
  });
});

test("[JOURNAL-16] after stop nothing is left in the journal", async () => {
  const { journal, transcripts } = await house(store);
  const host = actor();
  const id = meeting([[host, "host"]]);
  await transcripts.append(host, id, chunks(3));
  expect(await journalEntries(store, id)).toBe(3);
  await journal.stop();
  expect(await journalEntries(store, id)).toBe(0);
});

test("[JOURNAL-24] what a journal of before there were terms has left is filed at the start, once", async () => {
  const host = actor();
  const id = meeting([[host, "host"]]);
  const entry = (sequence: number) => ({
    s: `transcript/${id}`,
    q: sequence,
    k: `${host.userId}/k-${sequence - 1}`,
    a: new mongoose.mongo.ObjectId(host.userId),
    t: new Date(),
    p: { ...chunks(sequence)[sequence - 1], speakerId: host.userId, source: "speech" },
  });
  const { connection } = store;
  const former = [[1, 2], [3]].map((sequences) => ({
    _id: new mongoose.mongo.ObjectId(),
    node: "former",
    epoch: 1,
    at: new Date(),
    entries: sequences.map(entry),
    streams: [`transcript/${id}`],
  }));
  await connection.getClient().db(connection.name).collection("journal").insertMany(former);
  for (let start = 0; start < 2; start += 1) {
    const { journal, transcripts } = await house(store);
    const page = await transcripts.read(host, id, { fromSequence: 0, limit: 10 });
    expect(page.chunks.map(({ sequence, text }) => [sequence, text])).toEqual([
      [1, "utterance k 0"],
      [2, "utterance k 1"],
      [3, "utterance k 2"],
    ]);
    expect(await journalEntries(store, id)).toBe(0);
    // Their keys are known: sent again they are no new ones.
    expect(await transcripts.append(host, id, chunks(3))).toEqual({ firstSequence: 1, lastSequence: 3 });
    await journal.stop();
  }
});

test("[CLUSTER-11] transcript, chat and notes are followed from any sequence, moved or not", async () => {
  const { journal, transcripts, messaging, notes } = await house(store);
  const host = actor();
  const id = meeting([[host, "host"]], { template: "blank" });
  const { documentId } = await notes.open(host, id, "shared");
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  for (const word of ["one ", "two ", "three "]) doc.getText("notes").insert(0, word);
  const write = async (index: number) => {
    await transcripts.append(host, id, chunks(1, `${index}`));
    await messaging.send(host, id, { clientKey: `${index}`, content: `${index}` });
    await notes.append(documentId, host.userId, updates[index] as Uint8Array, { origin: `socket-${index}` });
  };
  await write(0);
  await journal.materialise();
  await write(1);
  const said: string[] = [];
  const sent: string[] = [];
  const written: [number, string | null, boolean][] = [];
  const followed = Promise.withResolvers<void>();
  const note = () => {
    if (said.length + sent.length + written.length === 6) followed.resolve();
  };
  await transcripts.follow(id, {
    afterSequence: 0,
    deliver: (some) => (said.push(...some.map(({ text }) => text)), note()),
  });
  messaging.follow(id, {
    afterSequence: 0,
    deliver: (some) => (sent.push(...some.map(({ content }) => content)), note()),
  });
  notes.follow(documentId, {
    afterSequence: 0,
    deliver: (some) => {
      for (const { sequence, origin, update } of some)
        written.push([sequence, origin, Buffer.from(update).equals(updates[sequence - 1] as Uint8Array)]);
      note();
    },
  });
  await followed.promise;
  await write(2);
  expect(said).toEqual(["utterance 0 0", "utterance 1 0", "utterance 2 0"]);
  expect(sent).toEqual(["0", "1", "2"]);
  expect(written.map(([sequence, , same]) => [sequence, same])).toEqual([
    [1, true],
    [2, true],
    [3, true],
  ]);
  expect(written.at(-1)?.[1]).toBe("socket-2");
  await journal.stop();
});

test("[TRANSCRIPT-51] [TRANSCRIPT-53] a vendor's lines happen once over moves and restarts, and its first delivery is in the audit log", async () => {
  const id = meeting([[actor(), "host"]]);
  const batch = chunks(3, "vendor", { speakerLabel: "S1" });
  const before = await house(store);
  const first = await before.transcripts.appendFromVendor(id, batch);
  expect(await before.transcripts.appendFromVendor(id, batch)).toEqual(first);
  await before.journal.materialise();
  expect(await before.transcripts.appendFromVendor(id, batch)).toEqual(first);
  const audited = () =>
    store.connection
      .collection("auditLogs")
      .find({ resourceId: id, action: "transcript.receive-from-vendor" })
      .toArray();
  expect(await audited()).toMatchObject([{ outcome: "done" }]);
  await before.journal.stop();
  const after = await house(store);
  expect(
    await after.transcripts.appendFromVendor(id, [...batch, ...chunks(1, "new", { speakerLabel: "S1" })]),
  ).toEqual({ firstSequence: 1, lastSequence: 4 });
  expect(await codeOf(after.transcripts.appendFromVendor(id, chunks(1, "nobody")))).toBe("VALIDATION_ERROR");
  await after.journal.stop();
});
