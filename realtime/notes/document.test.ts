// A document's durable bytes: what a joining client is told, and what is known already.
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { assertUpdate, NotesDocument } from "./document.ts";
import { DurableCount } from "./durable-count.ts";
import { contentOf, documentOf, randomHistory, seededRandom, shuffled } from "./testing-histories.ts";

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

const seeds = Array.from({ length: 40 }, (_, seed) => seed);

test.each(seeds)("[NOTES-10] seed %i: answers from bytes are those of a document", (seed) => {
  const random = seededRandom(seed);
  const formats = seed % 2 === 0;
  const { people, updates } = randomHistory(random, 150, { formats });
  const content = (doc: Y.Doc) => contentOf(doc, { formats });
  const cut = Math.floor(random() * updates.length);
  const state = Y.encodeStateAsUpdate(documentOf(updates.slice(0, cut)));
  const behind = updates.slice(Math.max(0, cut - Math.floor(random() * 5)));
  const loaded = behind.splice(0, Math.floor(random() * behind.length));
  const document = new NotesDocument([...(random() < 0.8 ? [state] : updates.slice(0, cut)), ...loaded]);
  const truth = documentOf([state, ...loaded]);
  for (const update of [null, ...behind]) {
    if (update !== null) {
      document.add(update);
      Y.applyUpdate(truth, update);
      if (random() < 0.8) continue;
    }
    expect(Y.decodeStateVector(document.stateVector())).toEqual(
      Y.decodeStateVector(Y.encodeStateVector(truth)),
    );
    expect(content(documentOf([document.missingFor(new Uint8Array([0]))]))).toEqual(content(truth));
    const person = people[Math.floor(random() * people.length)] ?? new Y.Doc();
    const joining = documentOf([Y.encodeStateAsUpdate(person)]);
    Y.applyUpdate(joining, document.missingFor(Y.encodeStateVector(joining)));
    const both = documentOf([Y.encodeStateAsUpdate(truth), Y.encodeStateAsUpdate(person)]);
    expect(content(joining)).toEqual(content(both));
    if (formats) continue;
    // Who has all of it, and who may have more.
    const rejoining = documentOf([Y.encodeStateAsUpdate(truth)]);
    expect(document.contains(Y.encodeStateAsUpdate(rejoining, document.stateVector()))).toBe(true);
    const step2 = Y.encodeStateAsUpdate(person, document.stateVector());
    const isKnown = isDeepStrictEqual(content(both), content(truth));
    expect(document.contains(step2)).toBe(isKnown);
    if (random() < 0.1) document.merge();
  }
});

test.each(seeds)(
  "[NOTES-2] seed %i: nothing is lost of updates that come late or in another order",
  (seed) => {
    const random = seededRandom(seed);
    const { updates } = randomHistory(random, 100);
    const late = updates.filter(() => random() < 0.1);
    const early = shuffled(
      updates.filter((update) => !late.includes(update)),
      random,
    );
    const loaded = early.splice(0, Math.floor(random() * early.length));
    // A snapshot may hold what waits for others.
    const document = new NotesDocument(random() < 0.5 ? loaded : [Y.encodeStateAsUpdate(documentOf(loaded))]);
    for (const update of early) {
      document.add(update);
      if (random() < 0.1) document.stateVector();
      if (random() < 0.1) document.missingFor(new Uint8Array([0]));
    }
    const before = documentOf([document.missingFor(new Uint8Array([0]))]);
    for (const update of late) {
      document.add(update);
      Y.applyUpdate(before, document.missingFor(Y.encodeStateVector(before)));
      // One may bring nothing: somebody else has deleted the same.
      const isAll = document.contains(Y.encodeStateAsUpdate(documentOf(updates)));
      const now = documentOf([document.missingFor(new Uint8Array([0]))]);
      expect(isAll).toBe(isDeepStrictEqual(contentOf(now), contentOf(documentOf(updates))));
    }
    expect(contentOf(documentOf([document.missingFor(new Uint8Array([0]))]))).toEqual(
      contentOf(documentOf(updates)),
    );
    expect(contentOf(before)).toEqual(contentOf(documentOf(updates)));
  },
);

test("[NOTES-4] damaged bytes are found when they are put together, in the state and behind it", () => {
  const { doc, updates } = edited((text) => {
    for (const word of ["one ", "two ", "three "]) text.insert(text.length, word);
  });
  const state = Y.encodeStateAsUpdate(doc);
  const torn = (bytes: Uint8Array) => bytes.subarray(0, -3);
  expect(() => new NotesDocument([torn(state)]).settle()).toThrow();
  expect(() => new NotesDocument([torn(state), ...updates]).settle()).toThrow();
  expect(() => new NotesDocument([state, torn(updates[0] ?? state)]).settle()).toThrow();
  expect(() => new NotesDocument([state, ...updates]).settle()).not.toThrow();
});

test("[NOTES-10] a reader who knows of a deletion that only a document shows brings nothing new", () => {
  const paragraph = new Y.XmlElement("paragraph");
  const first = new Y.Doc();
  first.getXmlFragment("notes").insert(0, [paragraph]);
  const state = Y.encodeStateAsUpdate(first);
  const second = documentOf([state]);
  const [deleting, writing] = [first, second].map((doc) => {
    const known = Y.encodeStateVector(doc);
    const fragment = doc.getXmlFragment("notes");
    if (doc === first) fragment.delete(0, 1);
    else (fragment.get(0) as Y.XmlElement).insert(0, [new Y.XmlText("lost")]);
    return Y.encodeStateAsUpdate(doc, known);
  });
  const updates = [deleting ?? state, writing ?? state];
  const document = new NotesDocument([state, ...updates]);
  const reader = documentOf([document.missingFor(new Uint8Array([0]))]);
  expect(document.contains(Y.encodeStateAsUpdate(reader, document.stateVector()))).toBe(true);
});

describe("bytes that are an update by their form", () => {
  const client = 7;
  /** 2^53 - 1 as Yjs writes it. */
  const farthest = [255, 255, 255, 255, 255, 255, 255, 15];
  /** What is read as Infinity, and cannot be written. */
  const endless = [...new Array<number>(146).fill(128), 127];
  const text = (clock: number, ...origin: number[]) =>
    Uint8Array.from([
      1,
      1,
      client,
      clock,
      origin.length > 0 ? 0x84 : 0x04,
      ...origin,
      ...(origin.length > 0 ? [] : [1, 1, 110]),
      1,
      97,
      0,
    ]);

  test.each([
    ["what stands beside something of its own that comes later", text(0, client, 5)],
    ["what stands beside itself", text(3, client, 3)],
    ["a deletion of nothing", Uint8Array.from([0, 1, client, 1, 1, 0])],
    ["deletions out of order", Uint8Array.from([0, 1, client, 2, 5, 1, 1, 1])],
    ["a deletion beyond every number", Uint8Array.from([0, 1, client, 1, 1, ...farthest])],
    ["a text without letters", Uint8Array.from([1, 1, client, 0, 0x04, 1, 1, 110, 0, 0])],
    ["values of which there are none", Uint8Array.from([1, 1, client, 0, 0x08, 1, 1, 110, 0, 0])],
    ["what was deleted, and was nothing", Uint8Array.from([1, 1, client, 0, 0x01, 1, 1, 110, 0, 0])],
    ["a gap in what is written, of no length", Uint8Array.from([1, 1, client, 0, 0, 0, 0])],
    ["what stands beyond every number", Uint8Array.from([1, 2, client, 0, 0, ...farthest, 0, 1, 0])],
    [
      "what is of a client without a number",
      Uint8Array.from([1, 1, ...endless, 0, 0x04, 1, 1, 110, 1, 97, 0]),
    ],
    ["a deletion of such a client's", Uint8Array.from([0, 1, ...endless, 1, 1, 1])],
    ["what stands beside such a client's", text(0, ...endless, 0)],
    ["what stands beside the endless", text(0, client + 1, ...endless)],
    [
      "what stands inside of the endless",
      Uint8Array.from([1, 1, client, 0, 0x04, 0, 9, ...endless, 1, 97, 0]),
    ],
    [
      "a document whose name is a number",
      Uint8Array.from([1, 1, client, 0, 0x09, 1, 1, 110, 1, 97, 118, 1, 4, 103, 117, 105, 100, 125, 5, 0]),
    ],
  ])("[NOTES-6] %s is refused: no document takes it, or lets itself be written afterwards", (_, update) => {
    expect(() => Y.decodeUpdate(update)).not.toThrow();
    expect(() => assertUpdate(update)).toThrow();
  });

  test("[NOTES-6] what stands at the start, beside something earlier, or deletes something passes", () => {
    for (const update of [
      text(0),
      text(6, client, 5),
      text(0, client + 1, 9),
      Uint8Array.from([0, 1, client, 1, 1, 1]),
    ])
      expect(() => assertUpdate(update)).not.toThrow();
  });

  test("[NOTES-10] another form of what is there already takes the place of nothing, whatever comes with it", () => {
    const doc = new Y.Doc();
    doc.clientID = 1;
    doc.getText("text").insert(0, "what everybody wrote");
    const state = [Y.encodeStateAsUpdate(doc)];
    // The first letter once more, inside of something that never comes; and something behind a gap.
    const other = Uint8Array.from([1, 1, 1, 0, 0x04, 0, client, 9, 1, 97, 0]);
    const behindGap = text(8, 1, 0);
    for (const update of [other, behindGap]) assertUpdate(update);
    for (const later of [[other, behindGap], [behindGap, other], [Y.mergeUpdates([behindGap, other])]])
      for (const base of [state, [...state, new Uint8Array([0, 0])], [new Uint8Array([0, 0]), ...state]]) {
        const loaded = new NotesDocument([...base, ...later]);
        expect(textOf(loaded.missingFor(new Uint8Array([0])))).toBe("what everybody wrote");
        const document = new NotesDocument(base);
        for (const update of later) {
          document.add(update);
          document.merge();
        }
        expect(textOf(document.missingFor(new Uint8Array([0])))).toBe("what everybody wrote");
      }
  });
});
