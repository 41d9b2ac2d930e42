// A document's durable bytes: what a joining client is told, and what is known already.
import { expect, test } from "vitest";
import * as Y from "yjs";
import { NotesDocument } from "./document.ts";
import { DurableCount } from "./durable-count.ts";

function edited(edit: (text: Y.Text) => void): { doc: Y.Doc; updates: Uint8Array[] } {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  edit(doc.getText("text"));
  return { doc, updates };
}

const textOf = (update: Uint8Array): string => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return doc.getText("text").toString();
};

test("[NOTES-10] updates wait unmerged until somebody asks, and then all of them are answered", () => {
  const { updates } = edited((text) => {
    for (const letter of "hello") text.insert(text.length, letter);
  });
  const document = new NotesDocument([]);
  for (const update of updates) document.add(update);
  expect(document.pendingUpdates).toBe(5);
  expect(textOf(document.missingFor(new Uint8Array([0])))).toBe("hello");
  expect(document.pendingUpdates).toBe(0);
});

test("[NOTES-1] a client with a state vector gets what it lacks", () => {
  const { doc, updates } = edited((text) => text.insert(0, "one"));
  const behind = new Y.Doc();
  Y.applyUpdate(behind, Y.encodeStateAsUpdate(doc));
  doc.getText("text").insert(3, " two");
  const document = new NotesDocument(updates);
  Y.applyUpdate(behind, document.missingFor(Y.encodeStateVector(behind)));
  expect(behind.getText("text").toString()).toBe("one two");
});

test("[NOTES-2] an update that comes before the one it rests on is kept until that comes", () => {
  const { updates } = edited((text) => {
    text.insert(0, "a");
    text.insert(1, "b");
  });
  const [first, second] = updates as [Uint8Array, Uint8Array];
  const document = new NotesDocument([second]);
  expect(textOf(document.missingFor(new Uint8Array([0])))).toBe("");
  document.add(first);
  expect(textOf(document.missingFor(new Uint8Array([0])))).toBe("ab");
});

test("[NOTES-5] what is known already is told from what is new, deletions included", () => {
  const { doc, updates } = edited((text) => {
    text.insert(0, "abcdef");
    text.delete(1, 2);
  });
  const document = new NotesDocument([...updates]);
  expect(document.contains(new Uint8Array([0, 0]))).toBe(true);
  expect(document.contains(Y.encodeStateAsUpdate(doc, document.stateVector()))).toBe(true);
  expect(document.contains(Y.encodeStateAsUpdate(doc))).toBe(true);
  const known = document.stateVector();
  doc.getText("text").delete(0, 1);
  expect(document.contains(Y.encodeStateAsUpdate(doc, known))).toBe(false);
  doc.getText("text").insert(0, "new");
  expect(document.contains(Y.encodeStateAsUpdate(doc))).toBe(false);
});

test("[NOTES-2] frames may become durable in any order, the count rises without a gap and skips refused ones", () => {
  const count = new DurableCount();
  const [first, second, third, fourth] = [count.next(), count.next(), count.next(), count.next()];
  count.complete(third);
  count.complete(fourth);
  expect(count.count).toBe(0);
  count.complete(first);
  expect(count.count).toBe(1);
  count.drop(second);
  expect(count.count).toBe(3);
});
