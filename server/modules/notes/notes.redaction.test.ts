// What is left of updates when one person's words are taken out: others' words, places and marks, to the unit.
import fc from "fast-check";
import { expect, test } from "vitest";
import * as Y from "yjs";
import { layoutOf } from "./notes.layout.ts";
import { deletionOf, RedactedUnits, redacted } from "./notes.redaction.ts";
import { documentOf, fragmentOf } from "./testing-documents.ts";

interface Edit {
  author: "them" | "me";
  update: Uint8Array;
}

/** A person's editor: what it sends, and what it takes in. */
function editor(author: Edit["author"], log: Edit[], start: Uint8Array) {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, start);
  doc.on("update", (update: Uint8Array, origin: unknown) => {
    if (origin !== "others") log.push({ author, update });
  });
  return {
    doc,
    text: () =>
      fragmentOf(doc)
        .toArray()
        .flatMap((block) => (block instanceof Y.XmlElement ? block.toArray() : []))[0] as Y.XmlText,
    take: (update: Uint8Array) => Y.applyUpdate(doc, update, "others"),
  };
}

function redactAll(log: readonly Edit[]) {
  const units = new RedactedUnits();
  for (const { author, update } of log) units.learn(update, author === "them");
  const results = log.map(({ update }) => redacted(update, units));
  const updates = log.map(({ update }, index) => results[index]?.update ?? update);
  return { units, updates, deletion: deletionOf(results.map(({ deleted }) => deleted)) };
}

function textOf(updates: Uint8Array[]): string {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return layoutOf(fragmentOf(doc)).text;
}

const start = () => Y.encodeStateAsUpdate(documentOf([{ kind: "p", text: "start" }]));

function written() {
  const begun = start();
  const log: Edit[] = [{ author: "me", update: begun }];
  const mine = editor("me", log, begun);
  const theirs = editor("them", log, begun);
  theirs.text().insert(5, " PLANTED words");
  mine.take(log.at(-1)?.update ?? begun);
  mine.text().insert(12, "mine");
  theirs.take(log.at(-1)?.update ?? begun);
  theirs.text().insert(0, "PLANTED ", { link: { href: "https://planted.example" } });
  mine.take(log.at(-1)?.update ?? begun);
  return { log, mine };
}

test("[NOTES-ERASE-1] of their words nothing is left in any update; mine stay, inside of theirs as well", () => {
  const { log } = written();
  const { updates } = redactAll(log);
  expect(Buffer.concat(log.map(({ update }) => update)).includes("PLANTED")).toBe(true);
  const bytes = Buffer.concat(updates).toString("latin1");
  expect(bytes).not.toContain("PLANTED");
  expect(bytes).not.toContain("planted.example");
  expect(textOf(updates)).toBe("startmine");
});

test("[NOTES-ERASE-2] a state that was made before is redacted to what the redacted log makes", () => {
  const { log, mine } = written();
  const { units, updates } = redactAll(log);
  const state = Y.encodeStateAsUpdate(mine.doc);
  const { update } = redacted(state, units);
  expect(Buffer.from(update ?? state).includes("PLANTED")).toBe(false);
  expect(textOf([update ?? state])).toBe(textOf(updates));
  const again = redacted(update ?? state, units);
  expect(again.update).toBeNull();
});

test("[NOTES-ERASE-3] who has the notes open sees the words go by the deletion alone, and goes on writing", () => {
  const { log, mine } = written();
  const { updates, deletion } = redactAll(log);
  mine.take(deletion ?? new Uint8Array());
  expect(layoutOf(fragmentOf(mine.doc)).text).toBe("startmine");
  mine.text().insert(mine.text().length, " more");
  expect(textOf([...updates, ...log.slice(updates.length).map(({ update }) => update)])).toBe(
    "startmine more",
  );
});

test("[NOTES-ERASE-1] [NOTES-ERASE-2] random histories: every version reads as it did, without their characters", () => {
  const step = fc.record({
    author: fc.constantFrom("them" as const, "me" as const),
    at: fc.nat(),
    remove: fc.nat(3),
    insert: fc.nat(6),
    sees: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const begun = start();
      const log: Edit[] = [{ author: "me", update: begun }];
      const editors = { them: editor("them", log, begun), me: editor("me", log, begun) };
      for (const { author, at, remove, insert, sees } of steps) {
        const one = editors[author];
        if (sees) for (const { update } of log) one.take(update);
        const text = one.text();
        const place = at % (text.length + 1);
        one.doc.transact(() => {
          text.delete(place, Math.min(remove, text.length - place));
          if (insert > 0) text.insert(place, (author === "them" ? "Ж" : "m").repeat(insert));
        });
      }
      const { units, updates } = redactAll(log);
      for (let version = 1; version <= log.length; version += 1) {
        const before = textOf(log.slice(0, version).map(({ update }) => update));
        expect(textOf(updates.slice(0, version))).toBe(before.replaceAll("Ж", ""));
      }
      const state = Y.mergeUpdates(log.map(({ update }) => update));
      expect(textOf([redacted(state, units).update ?? state])).toBe(textOf(updates));
    }),
    { numRuns: 100 },
  );
});
