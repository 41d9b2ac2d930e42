// Notes through the journal on a real document store.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { createMongoNotesRepository } from "../../server/modules/notes/notes.repository.mongo.ts";
import type { NotesService } from "../../server/modules/notes/index.ts";
import type { Actor } from "../../shared/actor.ts";
import {
  actor,
  codeOf,
  forgetModels,
  house,
  journalEntries,
  meeting,
  numbers,
} from "../factories/live-modules.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(async () => {
  await store.close();
});

describe("notes", () => {
  /** An editor without an editor: adds a paragraph and gives the update of it. */
  function writer(): { doc: Y.Doc; paragraph(text: string): Uint8Array } {
    const doc = new Y.Doc();
    return {
      doc,
      paragraph(text) {
        const before = Y.encodeStateVector(doc);
        const paragraph = new Y.XmlElement("paragraph");
        paragraph.insert(0, [new Y.XmlText(text)]);
        doc.getXmlFragment("notes").push([paragraph]);
        return Y.encodeStateAsUpdate(doc, before);
      },
    };
  }

  async function contentOf(notes: NotesService, documentId: string): Promise<Y.Doc> {
    const doc = new Y.Doc();
    for (const update of (await notes.load(documentId)).updates) Y.applyUpdate(doc, update);
    return doc;
  }

  test("a new shared document is initialised once, however many open it at once", async () => {
    const { journal, notes } = await house(store);
    const people = Array.from({ length: 50 }, actor);
    const id = meeting(people.map((person) => [person, "host"]));
    const opened = await Promise.all(people.map((person) => notes.open(person, id, "shared")));
    expect(new Set(opened.map(({ documentId }) => documentId)).size).toBe(1);
    const view = await notes.read(people[0] as Actor, id, "shared");
    expect(view).toMatchObject({
      content: "## Goal\n\n## Reality\n\n## Options\n\n## Way forward",
      version: 1,
    });
    await journal.materialise();
    await notes.open(people[1] as Actor, id, "shared");
    expect(await notes.read(people[0] as Actor, id, "shared")).toEqual(view);
    await journal.stop();
  });

  test("what is read contains every durable edit, moved or not, and survives a restart", async () => {
    const first = await house(store);
    const host = actor();
    const id = meeting([[host, "host"]], { template: "blank" });
    const { documentId } = await first.notes.open(host, id, "shared");
    const { doc, paragraph } = writer();
    const changed: number[] = [];
    first.bus.subscribe("notes.changed", ({ version }) => changed.push(version));
    expect(await first.notes.append(documentId, host.userId, paragraph("one"))).toEqual({ sequence: 1 });
    expect(await first.notes.read(host, id, "shared")).toMatchObject({ content: "one", version: 1 });
    await first.journal.materialise();
    await first.notes.append(documentId, host.userId, paragraph("two"));
    expect(await first.notes.read(host, id, "shared")).toMatchObject({ content: "one\n\ntwo", version: 2 });
    expect(changed).toEqual([1, 2]);
    await first.journal.stop();
    const second = await house(store);
    expect(await second.notes.read(host, id, "shared")).toMatchObject({ content: "one\n\ntwo", version: 2 });
    const loaded = await contentOf(second.notes, documentId);
    expect(Y.encodeStateVector(loaded)).toEqual(Y.encodeStateVector(doc));
    await second.journal.stop();
  });

  test("roles decide the mode, and one's own layer is one's own", async () => {
    const { journal, notes } = await house(store);
    const [host, guest, observer, stranger] = [actor(), actor(), actor(), actor()];
    const id = meeting([
      [host, "host"],
      [guest, "participant"],
      [observer, "observer"],
    ]);
    const hosts = await notes.open(host, id, "mine");
    const guests = await notes.open(guest, id, "mine");
    expect(hosts.documentId).not.toBe(guests.documentId);
    await notes.append(hosts.documentId, host.userId, writer().paragraph("private"));
    await journal.materialise();
    expect((await notes.load(guests.documentId)).updates).toEqual([]);
    expect((await notes.read(guest, id, "shared")).content).not.toContain("private");
    expect(await notes.open(observer, id, "shared")).toMatchObject({ mode: "read", layer: "shared" });
    expect(await codeOf(notes.open(observer, id, "mine"))).toBe("FORBIDDEN");
    expect(await codeOf(notes.open(stranger, id, "shared"))).toBe("NOT_FOUND");
    const over = meeting([[host, "host"]], { state: "cancelled" });
    expect(await notes.open(host, over, "shared")).toMatchObject({ mode: "read" });
    await journal.stop();
  });

  test("damaged updates are refused before they are written; empty ones are answered without writing", async () => {
    const { journal, notes } = await house(store);
    const host = actor();
    const id = meeting([[host, "host"]], { template: "blank" });
    const { documentId } = await notes.open(host, id, "shared");
    const damaged = writer().paragraph("text").subarray(0, 20);
    expect(await codeOf(notes.append(documentId, host.userId, damaged))).toBe("VALIDATION_ERROR");
    const empty = Y.encodeStateAsUpdate(new Y.Doc());
    expect(await notes.append(documentId, host.userId, empty)).toEqual({ sequence: 0 });
    expect(await journalEntries(store, `${id}/shared`)).toBe(0);
    await journal.stop();
  });

  test("after many edits a snapshot stands in for them, and load gives the same document", async () => {
    const { journal, notes } = await house(store);
    const host = actor();
    const id = meeting([[host, "host"]], { template: "blank" });
    const { documentId } = await notes.open(host, id, "shared");
    const { doc, paragraph } = writer();
    for (let round = 0; round < 13; round += 1) {
      const updates = numbers(1, 100).map((number) => paragraph(`${round}-${number}`));
      await Promise.all(updates.map((update) => notes.append(documentId, host.userId, update)));
      await journal.materialise();
    }
    const { updates, sequence } = await notes.load(documentId);
    expect(sequence).toBe(1_300);
    expect(updates.length).toBeLessThan(700);
    const loaded = await contentOf(notes, documentId);
    expect(Y.encodeStateAsUpdate(loaded)).toEqual(Y.encodeStateAsUpdate(doc));
    await journal.stop();
  });

  test("a document over 16 MB persists in chunks", async () => {
    const { journal, notes } = await house(store);
    const host = actor();
    const id = meeting([[host, "host"]], { template: "blank" });
    const { documentId } = await notes.open(host, id, "shared");
    const { doc, paragraph } = writer();
    for (let part = 0; part < 6; part += 1) {
      await notes.append(documentId, host.userId, paragraph(`${part}`.repeat(3_300_000)));
      await journal.materialise();
    }
    await journal.stop();
    const later = await house(store);
    const { updates } = await later.notes.load(documentId);
    expect(updates.reduce((sum, update) => sum + update.byteLength, 0)).toBeGreaterThan(19_000_000);
    const loaded = await contentOf(later.notes, documentId);
    expect(Y.encodeStateVector(loaded)).toEqual(Y.encodeStateVector(doc));
    // Its history is read as that of a small one; operations on a text of this size are refused, and change nothing.
    const { items } = await later.notes.history(host, id, { layer: "shared", limit: 5 });
    expect(items).toMatchObject([{ version: 6, fromVersion: 0 }]);
    const { text } = await later.notes.version(host, id, { layer: "shared", version: 2, compareWith: 1 });
    expect(text.length).toBe(2 * 3_300_000 + 1);
    const operations = [{ type: "insert" as const, position: 0, content: "x" }];
    const request = { clientKey: "k", layer: "shared" as const, baseVersion: 6, operations };
    expect(await codeOf(later.notes.applyOperations(host, id, request))).toBe("PAYLOAD_TOO_LARGE");
    expect(await later.journal.lastSequence(documentId)).toBe(6);
    await later.journal.stop();
  });

  test("a snapshot without its pointer, or without all of its chunks, is never read", async () => {
    const { journal, notes } = await house(store);
    const host = actor();
    const id = meeting([[host, "host"]], { template: "blank" });
    const { documentId } = await notes.open(host, id, "shared");
    const { paragraph } = writer();
    for (let number = 1; number <= 5; number += 1)
      await notes.append(documentId, host.userId, paragraph(`edit ${number}`));
    await journal.materialise();
    forgetModels(store);
    const repository = await createMongoNotesRepository(store.connection);
    const state = Y.encodeStateAsUpdate(await contentOf(notes, documentId));
    const snapshot = await repository.writeSnapshot(documentId, {
      sequence: 5,
      bytes: state,
      at: new Date(),
      keep: false,
    });
    if (snapshot === null) throw new Error("the first snapshot is written");
    expect(await repository.readSnapshot(snapshot)).toEqual(Buffer.from(state));
    expect(await repository.readSnapshot({ ...snapshot, chunks: snapshot.chunks + 1 })).toBeNull();
    const older = { sequence: 4, bytes: new Uint8Array([0, 0]), at: new Date(), keep: false };
    expect(await repository.writeSnapshot(documentId, older)).toBeNull();
    await store.connection.collection("noteSnapshots").deleteMany({ documentId });
    const view = await contentOf(notes, documentId);
    expect(view.getXmlFragment("notes").length).toBe(5);
    await journal.stop();
  });
});
