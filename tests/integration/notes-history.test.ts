// History of notes on a real document store: revisions, past versions, restoring, large documents.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Y from "yjs";
import type { Actor } from "../../shared/actor.ts";
import type { MeetingId } from "../../shared/ids.ts";
import type { NoteRevision, NotesLayer } from "../../shared/schemas/notes.ts";
import { applied } from "../../server/modules/notes/notes.transform.ts";
import { documentOf, fragmentOf } from "../../server/modules/notes/testing-documents.ts";
import {
  actor,
  codeOf,
  forgetModels,
  house,
  meeting,
  numbers,
  type House,
} from "../factories/live-modules.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
let keys = 0;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  await store.close();
});

async function write(
  world: House,
  by: Actor,
  id: MeetingId,
  text: string,
  layer: NotesLayer = "shared",
): Promise<number> {
  const { version, text: before } = await world.notes.read(by, id, layer);
  const answer = await world.notes.applyOperations(by, id, {
    clientKey: `write-${(keys += 1)}`,
    layer,
    baseVersion: version,
    operations: [{ type: "insert", position: before.length, content: text }],
  });
  return answer.version;
}

async function everyRevision(world: House, by: Actor, id: MeetingId, limit: number): Promise<NoteRevision[]> {
  const all: NoteRevision[] = [];
  let cursor: string | undefined;
  do {
    const page = await world.notes.history(by, id, { layer: "shared", limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    all.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}

describe("history of notes", () => {
  test("[NOTES-HISTORY-1] revisions name their authors and follow each other without a gap, page by page", async () => {
    const world = await house(store);
    const [host, guest] = [actor(), actor()];
    const id = meeting([
      [host, "host"],
      [guest, "participant"],
    ]);
    await write(world, host, id, "one");
    await write(world, host, id, " two");
    await write(world, guest, id, " three");
    const [newest, ...rest] = (await everyRevision(world, host, id, 1)).map(
      ({ startedAt: _s, endedAt: _e, ...each }) => each,
    );
    // Written at once, so the two share a revision; the house's headings are one of their own.
    expect(newest).toEqual({
      version: 4,
      fromVersion: 1,
      authors: [
        { userId: host.userId, displayName: `Person ${host.userId}`, edits: 2 },
        { userId: guest.userId, displayName: `Person ${guest.userId}`, edits: 1 },
      ],
      edits: 3,
      insertedChars: 13,
      deletedChars: 0,
      kind: "edit",
      restoredVersion: null,
    });
    expect(rest).toMatchObject([
      { kind: "template", version: 1, fromVersion: 0, authors: [{ userId: null }] },
    ]);
    await world.journal.stop();
  });

  test("[NOTES-HISTORY-2] edits from before there was an index are found, and a crash in between leaves no gap and no double", async () => {
    const world = await house(store);
    const host = actor();
    const id = meeting([[host, "host"]], { template: "blank" });
    for (const number of numbers(1, 5)) await write(world, host, id, `${number}`);
    await world.journal.materialise();
    const revisions = store.connection.collection("noteRevisions");
    await revisions.deleteMany({ documentId: `notes/${id}/shared` });
    expect(await everyRevision(world, host, id, 10)).toMatchObject([
      { version: 5, fromVersion: 0, edits: 5 },
    ]);
    await revisions.deleteMany({ documentId: `notes/${id}/shared` });
    await write(world, host, id, "6");
    expect(await everyRevision(world, host, id, 10)).toMatchObject([
      { version: 6, fromVersion: 0, edits: 6 },
    ]);
    await world.journal.stop();
  });

  test("[NOTES-HISTORY-3] a past version is the text of its time, and is compared with the present or another", async () => {
    const world = await house(store);
    const host = actor();
    const id = meeting([[host, "host"]], { template: "blank" });
    await write(world, host, id, "Agreed: call on Monday");
    await write(world, host, id, "\nBring figures");
    const past = await world.notes.version(host, id, { layer: "shared", version: 1 });
    expect(past).toMatchObject({
      version: 1,
      currentVersion: 2,
      comparedWith: 2,
      text: "Agreed: call on Monday",
      earlierText: "Agreed: call on Monday",
    });
    expect(applied(past.earlierText, past.changes)).toBe("Agreed: call on Monday\nBring figures");
    const empty = await world.notes.version(host, id, { layer: "shared", version: 2, compareWith: 0 });
    expect(empty).toMatchObject({
      earlierText: "",
      changes: [{ insert: "Agreed: call on Monday\nBring figures" }],
    });
    expect(await codeOf(world.notes.version(host, id, { layer: "shared", version: 3 }))).toBe(
      "NOTES_VERSION_UNKNOWN",
    );
    await world.journal.stop();
  });

  test("[NOTES-HISTORY-5] restoring is a new edit of the restorer's, once a key; nothing is lost, and it is audited", async () => {
    const world = await house(store);
    const [host, guest, observer] = [actor(), actor(), actor()];
    const id = meeting(
      [
        [host, "host"],
        [guest, "participant"],
        [observer, "observer"],
      ],
      { template: "blank" },
    );
    await write(world, host, id, "kept\nlost");
    const { documentId } = await world.notes.open(host, id, "shared");
    const rich = documentOf([
      { kind: "h", text: "Goal" },
      { kind: "tasks", items: [[{ kind: "p", text: "do", bold: true }]] },
    ]);
    await world.notes.append(documentId, host.userId, Y.encodeStateAsUpdate(rich));
    const before = await world.notes.read(host, id, "shared");
    await world.notes.applyOperations(guest, id, {
      clientKey: "wipe",
      layer: "shared",
      baseVersion: before.version,
      operations: [{ type: "delete", position: 0, length: before.text.length }],
    });
    const heard: number[] = [];
    const { sequence } = await world.notes.load(documentId);
    world.notes.follow(documentId, {
      afterSequence: sequence,
      deliver: (updates) => updates.forEach(({ update }) => heard.push(update.byteLength)),
    });
    const restore = (by: Actor) =>
      world.notes.restore(by, id, before.version, { clientKey: "back", layer: "shared" });
    expect(await codeOf(restore(observer))).toBe("FORBIDDEN");
    const [first, second] = await Promise.all([restore(guest), restore(guest)]);
    expect([first.repeated, second.repeated].sort()).toEqual([false, true]);
    expect(heard).toHaveLength(1);
    expect(await world.notes.read(host, id, "shared")).toMatchObject({
      content: before.content,
      text: before.text,
    });
    expect(
      await world.notes.restore(guest, id, before.version, { clientKey: "again", layer: "shared" }),
    ).toMatchObject({
      changed: false,
    });
    const [revision] = await everyRevision(world, host, id, 10);
    expect(revision).toMatchObject({
      kind: "restore",
      restoredVersion: before.version,
      authors: [{ userId: guest.userId }],
    });
    expect(
      await world.notes.version(host, id, { layer: "shared", version: before.version + 1 }),
    ).toMatchObject({ text: "" });
    const entries = await store.connection.collection("auditLogs").find({ resourceId: id }).toArray();
    expect(entries).toMatchObject([
      {
        action: "notes.restore",
        outcome: "done",
        metadata: { layer: "shared", restoredVersion: before.version },
      },
    ]);
    await world.journal.stop();
  });

  test("[NOTES-HISTORY-5] what others write while a version is restored stays", async () => {
    const world = await house(store);
    const host = actor();
    const id = meeting([[host, "host"]], { template: "blank" });
    await write(world, host, id, "same\nold");
    await write(world, host, id, " and new");
    const { documentId } = await world.notes.open(host, id, "shared");
    const editor = new Y.Doc();
    for (const update of (await world.notes.load(documentId)).updates) Y.applyUpdate(editor, update);
    const state = Y.encodeStateVector(editor);
    const [first] = fragmentOf(editor).toArray();
    const text = first instanceof Y.XmlElement ? first.get(0) : null;
    if (!(text instanceof Y.XmlText)) throw new Error("the first block has a text");
    text.insert(4, " as before");
    await world.notes.restore(host, id, 1, { clientKey: "r", layer: "shared" });
    await world.notes.append(documentId, host.userId, Y.encodeStateAsUpdate(editor, state));
    expect(await world.notes.read(host, id, "shared")).toMatchObject({ text: "same as before\nold" });
    await world.journal.stop();
  });

  test("[NOTES-HISTORY-6] history is for hosts and participants; to a stranger there is no such meeting", async () => {
    const world = await house(store);
    const [host, observer, stranger] = [actor(), actor(), actor()];
    const id = meeting([
      [host, "host"],
      [observer, "observer"],
    ]);
    await write(world, host, id, "x");
    const query = { layer: "shared", limit: 5 } as const;
    expect(await codeOf(world.notes.history(observer, id, query))).toBe("FORBIDDEN");
    expect(await codeOf(world.notes.history(stranger, id, query))).toBe("NOT_FOUND");
    expect(await codeOf(world.notes.version(observer, id, { layer: "shared", version: 0 }))).toBe(
      "FORBIDDEN",
    );
    await world.journal.stop();
  });

  test("[NOTES-HISTORY-7] a past version needs a kept state and the edits behind it, not the whole log", async () => {
    const world = await house(store);
    const host = actor();
    const id = meeting([[host, "host"]], { template: "blank" });
    const { documentId } = await world.notes.open(host, id, "shared");
    const doc = new Y.Doc();
    const paragraph = new Y.XmlElement("paragraph");
    const text = new Y.XmlText();
    const updates: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update));
    doc.transact(() => {
      paragraph.insert(0, [text]);
      fragmentOf(doc).insert(0, [paragraph]);
    });
    for (const number of numbers(1, 11_999)) {
      if (number % 3 === 0) text.delete(0, 1);
      else text.insert(text.length, String(number % 10));
    }
    for (let from = 0; from < updates.length; from += 1_000) {
      await Promise.all(
        updates
          .slice(from, from + 1_000)
          .map((update) => world.notes.append(documentId, host.userId, update)),
      );
      await world.journal.materialise();
    }
    const now = await world.notes.read(host, id, "shared");
    await world.journal.stop();
    // Without the first half of the log there is no way but the kept state.
    const later = await house(store);
    await store.connection.collection("noteOps").deleteMany({ documentId, lastSequence: { $lte: 5_000 } });
    const past = await later.notes.version(host, id, { layer: "shared", version: 7_000 });
    const replayed = new Y.Doc();
    for (const update of updates.slice(0, 7_000)) Y.applyUpdate(replayed, update);
    const [block] = fragmentOf(replayed).toArray();
    expect(past.text).toBe(block instanceof Y.XmlElement ? block.toArray().join("") : "");
    expect(applied(past.earlierText, past.changes)).toBe(now.text);
    const kept = await store.connection
      .collection("noteSnapshots")
      .find({ documentId, kept: true })
      .toArray();
    expect(kept.length).toBe(2);
    const revisions = await everyRevision(later, host, id, 5);
    expect(revisions.reduce((sum, { edits }) => sum + edits, 0)).toBe(12_000);
    forgetModels(store);
    await later.journal.stop();
  });
});
