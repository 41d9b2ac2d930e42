// Operations without Yjs through the journal on a real document store, beside clients with Yjs.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Y from "yjs";
import type { Actor } from "../../shared/actor.ts";
import type { MeetingId } from "../../shared/ids.ts";
import { limits } from "../../shared/limits.ts";
import {
  applyNoteOperationsSchema,
  type NoteChange,
  type NoteOperation,
} from "../../shared/schemas/notes.ts";
import { applied, composed, transformed } from "../../server/modules/notes/notes.transform.ts";
import {
  anyIntent,
  fragmentOf,
  operationFor,
  type Intent,
} from "../../server/modules/notes/testing-documents.ts";
import { plainTextOf } from "../../server/modules/notes/notes.layout.ts";
import { actor, codeOf, house, meeting, numbers, type House } from "../factories/live-modules.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;
let keys = 0;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  await store.close();
});

const insert = (position: number, content: string): NoteOperation => ({ type: "insert", position, content });
const remove = (position: number, length: number): NoteOperation => ({ type: "delete", position, length });

interface Desk {
  world: House;
  host: Actor;
  id: MeetingId;
}

async function desk(): Promise<Desk> {
  const world = await house(store);
  const host = actor();
  return { world, host, id: meeting([[host, "host"]], { template: "blank" }) };
}

function operate(
  { world, host, id }: Desk,
  baseVersion: number,
  operations: NoteOperation[],
  more: { by?: Actor; clientKey?: string; layer?: "shared" | "mine" } = {},
) {
  const { by = host, clientKey = `key-${(keys += 1)}`, layer = "shared" } = more;
  return world.notes.applyOperations(by, id, { clientKey, layer, baseVersion, operations });
}

async function textOf({ world, host, id }: Desk): Promise<string> {
  return (await world.notes.read(host, id, "shared")).text;
}

/** A client with Yjs, which sends each of its edits and takes in what there is when told to. */
async function editor({ world, host, id }: Desk) {
  const { documentId } = await world.notes.open(host, id, "shared");
  const doc = new Y.Doc();
  const sending: Promise<unknown>[] = [];
  const origin = {};
  doc.on("update", (update: Uint8Array, from: unknown) => {
    if (from !== origin) sending.push(world.notes.append(documentId, host.userId, update));
  });
  return {
    doc,
    sent: () => Promise.all(sending.splice(0)),
    async pull() {
      for (const update of (await world.notes.load(documentId)).updates) Y.applyUpdate(doc, update, origin);
    },
    async state() {
      const fresh = new Y.Doc();
      for (const update of (await world.notes.load(documentId)).updates) Y.applyUpdate(fresh, update);
      return plainTextOf(fragmentOf(fresh));
    },
  };
}

describe("operations without Yjs", () => {
  test("[NOTES-OPS-1] an operation on an empty document makes its first line, and answers what it led to", async () => {
    const here = await desk();
    const answer = await operate(here, 0, [insert(0, "Hello 😀\nשלום"), remove(5, 3)]);
    expect(answer).toMatchObject({
      sequence: 1,
      version: 1,
      repeated: false,
      changes: [{ insert: "Hello\nשלום" }],
    });
    expect(await here.world.notes.read(here.host, here.id, "shared")).toMatchObject({
      text: "Hello\nשלום",
      content: "Hello\n\nשלום",
      version: 1,
    });
    await here.world.journal.stop();
  });

  test("[NOTES-OPS-2] an operation on an old version lands where its author meant, and says how to follow", async () => {
    const here = await desk();
    await operate(here, 0, [insert(0, "one\ntwo\nthree")]);
    const old = (await here.world.notes.read(here.host, here.id, "shared")).version;
    await operate(here, old, [insert(0, "zero\n")]);
    await operate(here, old + 1, [remove(5, 4)]);
    const answer = await operate(here, old, [insert(7, "!"), insert(0, "> ")]);
    expect(await textOf(here)).toBe("zero\n> two!\nthree");
    expect(applied("one\ntwo\nthree", answer.changes ?? [])).toBe(await textOf(here));
    await here.world.journal.stop();
  });

  test("[NOTES-OPS-3] many people write on one version at once: every word is there, whole, in the order of arrival", async () => {
    const here = await desk();
    const people = numbers(1, 40).map(() => actor());
    const id = meeting(
      [[here.host, "host"], ...people.map((each): [Actor, "participant"] => [each, "participant"])],
      {
        template: "blank",
      },
    );
    const there = { ...here, id };
    await operate(there, 0, [insert(0, "start end")]);
    const answers = await Promise.all(
      people.map((by, index) => operate(there, 1, [insert(5, ` <${index}é😀>`)], { by })),
    );
    const order = answers
      .map(({ sequence }, index) => ({ sequence, index }))
      .sort((a, b) => a.sequence - b.sequence)
      .map(({ index }) => ` <${index}é😀>`);
    expect(await textOf(there)).toBe(`start${order.join("")} end`);
    await here.world.journal.stop();
  });

  test("[NOTES-OPS-4] a repeated key is applied once, also at once with itself and after a restart", async () => {
    const here = await desk();
    const again = () => operate(here, 0, [insert(0, "once")], { clientKey: "same" });
    const first = await Promise.all([again(), again(), again()]);
    expect(first.filter(({ repeated }) => !repeated)).toHaveLength(1);
    await operate(here, 1, [insert(4, " more")]);
    await here.world.journal.materialise();
    await here.world.journal.stop();
    const later = { ...here, world: await house(store) };
    const repeated = await operate(later, 0, [insert(0, "once")], { clientKey: "same" });
    expect(repeated).toMatchObject({ sequence: 1, repeated: true, transformed: null, version: 2 });
    expect(applied("", repeated.changes ?? [])).toBe("once more");
    expect(await textOf(later)).toBe("once more");
    // Another person's key is another key.
    const other = actor();
    const id = meeting(
      [
        [here.host, "host"],
        [other, "participant"],
      ],
      { id: here.id, template: "blank" },
    );
    await operate({ ...later, id }, 2, [insert(0, "his ")], { clientKey: "same", by: other });
    expect(await textOf(later)).toBe("his once more");
    await later.world.journal.stop();
  });

  test("[NOTES-OPS-5] a version that is not there yet, or too old, is refused with the current one", async () => {
    const here = await desk();
    await operate(here, 0, [insert(0, "text")]);
    const refused = await operate(here, 2, [insert(0, "x")]).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "NOTES_VERSION_UNKNOWN", details: { currentVersion: 1 } });
    const { documentId } = await here.world.notes.open(here.host, here.id, "shared");
    const doc = new Y.Doc();
    doc.on("update", (update: Uint8Array) => updates.push(update));
    const updates: Uint8Array[] = [];
    for (const number of numbers(0, limits.notesOperationMaxVersionsBehind))
      doc.getMap("other").set("n", number);
    await Promise.all(updates.map((update) => here.world.notes.append(documentId, here.host.userId, update)));
    const { version } = await here.world.notes.read(here.host, here.id, "shared");
    const tooOld = await operate(here, 1, [insert(0, "x")]).catch((error: unknown) => error);
    expect(tooOld).toMatchObject({ code: "NOTES_VERSION_TOO_OLD", details: { currentVersion: version } });
    await operate(here, 2, [insert(4, "!")]);
    expect(await textOf(here)).toBe("text!");
    await here.world.journal.stop();
  });

  test("[NOTES-OPS-5] a base version that nobody remembers is built again from the log", async () => {
    const here = await desk();
    let version = 0;
    for (const word of ["a", "b", "c", "d"]) ({ version } = await operate(here, version, [insert(0, word)]));
    await here.world.journal.materialise();
    await here.world.journal.stop();
    const later = { ...here, world: await house(store) };
    // On "ba": between the two.
    await operate(later, 2, [insert(1, "|")]);
    expect(await textOf(later)).toBe("dcb|a");
    await later.world.journal.stop();
  });

  test("[NOTES-OPS-6] positions outside of the text are refused, and nothing changes", async () => {
    const here = await desk();
    await operate(here, 0, [insert(0, "😀")]);
    for (const operation of [insert(3, "x"), insert(1, "x"), remove(0, 3), remove(0, 1)]) {
      expect(await codeOf(operate(here, 1, [operation]))).toBe("VALIDATION_ERROR");
    }
    expect(await here.world.notes.read(here.host, here.id, "shared")).toMatchObject({
      text: "😀",
      version: 1,
    });
    await here.world.journal.stop();
  });

  test("[NOTES-OPS-7] requests are bounded, and text that is none is refused", () => {
    const request = (operations: unknown[]) =>
      applyNoteOperationsSchema.safeParse({ clientKey: "k", baseVersion: 0, operations }).success;
    const ofLength = (length: number) => ({ type: "insert", position: 0, content: "x".repeat(length) });
    expect(request([ofLength(limits.notesOperationsMaxChars)])).toBe(true);
    expect(request([ofLength(limits.notesOperationsMaxChars), ofLength(1)])).toBe(false);
    expect(request(Array.from({ length: limits.notesOperationsMaxItems + 1 }, () => ofLength(1)))).toBe(
      false,
    );
    for (const content of ["\ud800", "a\rb", "\u0000", ""]) {
      expect(request([{ type: "insert", position: 0, content }])).toBe(false);
    }
    expect(request([{ type: "delete", position: -1, length: 1 }])).toBe(false);
    expect(request([{ type: "insert", position: 0, content: "a", length: 3 }])).toBe(false);
  });

  test("[NOTES-OPS-8] whatever changes nothing is answered without an edit", async () => {
    const here = await desk();
    await operate(here, 0, [insert(0, "text")]);
    await operate(here, 1, [remove(0, 4)]);
    expect(await operate(here, 1, [remove(1, 2)])).toMatchObject({
      version: 2,
      sequence: 2,
      transformed: [],
    });
    expect(await operate(here, 2, [{ type: "retain", position: 0 }])).toMatchObject({ version: 2 });
    await here.world.journal.stop();
  });

  test("[NOTES-OPS-9] observers may not, and one's own layer is one's own", async () => {
    const here = await desk();
    const [guest, observer] = [actor(), actor()];
    const id = meeting(
      [
        [here.host, "host"],
        [guest, "participant"],
        [observer, "observer"],
      ],
      { template: "blank" },
    );
    const there = { ...here, id };
    expect(await codeOf(operate(there, 0, [insert(0, "x")], { by: observer }))).toBe("FORBIDDEN");
    expect(await codeOf(operate(there, 0, [insert(0, "x")], { by: observer, layer: "mine" }))).toBe(
      "FORBIDDEN",
    );
    await operate(there, 0, [insert(0, "private")], { layer: "mine" });
    expect(await here.world.notes.read(guest, id, "mine")).toMatchObject({ text: "", version: 0 });
    expect(await here.world.notes.read(here.host, id, "mine")).toMatchObject({
      text: "private",
      layer: "mine",
    });
    expect((await here.world.notes.history(guest, id, { layer: "mine", limit: 10 })).items).toEqual([]);
    expect(await codeOf(here.world.notes.version(guest, id, { layer: "mine", version: 1 }))).toBe(
      "NOTES_VERSION_UNKNOWN",
    );
    await here.world.journal.stop();
  });

  test("[NOTES-OPS-10] others hear of an operation when it is durable, and only then", async () => {
    const here = await desk();
    const heard: string[] = [];
    const doc = new Y.Doc();
    const { documentId } = await here.world.notes.open(here.host, here.id, "shared");
    const { updates, sequence } = await here.world.notes.load(documentId);
    for (const update of updates) Y.applyUpdate(doc, update);
    const follow = here.world.notes.follow(documentId, {
      afterSequence: sequence,
      deliver(followed) {
        for (const { update } of followed) {
          Y.applyUpdate(doc, update);
          heard.push(plainTextOf(fragmentOf(doc)));
        }
      },
    });
    await operate(here, 0, [insert(0, "a")], { clientKey: "heard" });
    await operate(here, 1, [insert(1, "b")]);
    await operate(here, 0, [insert(0, "a")], { clientKey: "heard" });
    expect(heard).toEqual(["a", "ab"]);
    follow.close();
    await here.world.journal.stop();
  });

  test("[NOTES-OPS-11] operations on versions old and new, and edits by Yjs in between: all read one text, and follow it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(4), anyIntent, fc.nat(4)), { minLength: 1, maxLength: 14 }),
        async (steps) => {
          const here = await desk();
          const typist = await editor(here);
          const known = [{ version: 0, text: "" }];
          for (const [who, intent, behind] of steps) {
            if (who === 0) {
              await typist.pull();
              typeInto(typist.doc, intent);
              await typist.sent();
            } else {
              const base = known[Math.max(0, known.length - 1 - behind)] ?? { version: 0, text: "" };
              const operation = operationFor(base.text, intent);
              if (operation === null) continue;
              const { version, changes } = await operate(here, base.version, [operation]);
              known.push({ version, text: applied(base.text, changes ?? []) });
            }
            const view = await here.world.notes.read(here.host, here.id, "shared");
            if (who === 4) await here.world.journal.materialise();
            if (who !== 0) expect(view).toMatchObject(known.at(-1) ?? {});
            known.push({ version: view.version, text: view.text });
          }
          await typist.pull();
          const text = await textOf(here);
          expect(plainTextOf(fragmentOf(typist.doc))).toBe(text);
          expect(await typist.state()).toBe(text);
          await here.world.journal.stop();
        },
      ),
      { numRuns: 25 },
    );
  });

  test("[NOTES-OPS-12] clients without Yjs alone get what the textbook's server of operations gives", async () => {
    const here = await desk();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyIntent, fc.nat(6)), { minLength: 2, maxLength: 10 }),
        async (steps) => {
          const there = { ...here, id: meeting([[here.host, "host"]], { template: "blank" }) };
          const texts = [""];
          const log: NoteChange[][] = [];
          for (const [intent, behind] of steps) {
            const base = Math.max(0, texts.length - 1 - behind);
            const operation = operationFor(texts[base] ?? "", intent);
            if (operation === null) continue;
            let expected = composed(texts[base] ?? "", [operation]);
            for (const theirs of log.slice(base)) expected = transformed(theirs, expected);
            const answer = await operate(there, base, [operation]);
            expect(answer.transformed).toEqual(expected);
            if (answer.version < texts.length) continue;
            log.push(expected);
            texts.push(applied(texts.at(-1) ?? "", expected));
            expect(await textOf(there)).toBe(texts.at(-1));
          }
        },
      ),
      { numRuns: 25 },
    );
    await here.world.journal.stop();
  });
});

/** As an editor types: into a paragraph's text, or a paragraph of its own. */
function typeInto(doc: Y.Doc, intent: Intent): void {
  const fragment = fragmentOf(doc);
  const texts = fragment
    .toArray()
    .flatMap((block) => (block instanceof Y.XmlElement ? block.toArray() : []))
    .filter((node): node is Y.XmlText => node instanceof Y.XmlText);
  const text = texts[Math.floor(intent.where * texts.length)];
  if (intent.type === "insert" && (text === undefined || intent.content.startsWith("\n"))) {
    const paragraph = new Y.XmlElement("paragraph");
    paragraph.insert(0, [new Y.XmlText(intent.content.replaceAll("\n", ""))]);
    fragment.insert(Math.floor(intent.where * fragment.length), [paragraph]);
  } else if (intent.type === "insert") text?.insert(0, intent.content.replaceAll("\n", " "));
  else if (text !== undefined && text.length > 0) text.delete(0, text.length);
}
