// What may enter the journal as a note update, and the update that a new document starts with.
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { AppError } from "../../../shared/errors.ts";
import { limits } from "../../../shared/limits.ts";
import { toMarkdown } from "./notes.markdown.ts";
import { templateUpdate } from "./notes.template.ts";
import { applyNew, checkUpdate } from "./notes.updates.ts";

function edit(): Uint8Array {
  const doc = new Y.Doc();
  doc.getXmlFragment("notes").insert(0, [new Y.XmlElement("paragraph"), new Y.XmlText("some words")]);
  return Y.encodeStateAsUpdate(doc);
}

function codeOf(update: Uint8Array): string {
  try {
    return checkUpdate(update);
  } catch (error) {
    return error instanceof AppError ? error.code : "not an AppError";
  }
}

describe("checking", () => {
  test("an edit, a deletion and an empty update are told apart", () => {
    expect(checkUpdate(edit())).toBe("edit");
    expect(checkUpdate(Y.encodeStateAsUpdate(new Y.Doc()))).toBe("empty");
    const doc = new Y.Doc();
    doc.getText("t").insert(0, "gone");
    const before = Y.encodeStateVector(doc);
    doc.getText("t").delete(0, 4);
    expect(checkUpdate(Y.encodeStateAsUpdate(doc, before))).toBe("edit");
  });

  test("every truncation of an update is refused", () => {
    const update = edit();
    for (let length = 0; length < update.byteLength - 1; length += 1) {
      expect(codeOf(update.subarray(0, length)), `first ${length} bytes`).toBe("VALIDATION_ERROR");
    }
  });

  test("bytes that are no update are refused", () => {
    expect(codeOf(new TextEncoder().encode("this is not an update at all"))).toBe("VALIDATION_ERROR");
    expect(codeOf(new Uint8Array(100).fill(255))).toBe("VALIDATION_ERROR");
  });

  test("an update above the frame's bound is refused by size", () => {
    expect(codeOf(new Uint8Array(limits.notesFrameMaxBytes + 1))).toBe("PAYLOAD_TOO_LARGE");
  });
});

test("of an update that brings another form of what is there, only what is new is applied, and no state holds the other", () => {
  const doc = new Y.Doc();
  doc.clientID = 1;
  doc.getText("n").insert(0, "what everybody wrote");
  // The first letter inside of something that never comes, and something behind a gap.
  for (const update of [
    [1, 1, 1, 0, 0x04, 0, 7, 9, 1, 97, 0],
    [1, 1, 8, 8, 0x84, 1, 0, 1, 97, 0],
  ])
    applyNew(doc, Uint8Array.from(update));
  const read = new Y.Doc();
  applyNew(read, Y.encodeStateAsUpdate(doc));
  expect(read.getText("n").toString()).toBe("what everybody wrote");
});

describe("the GROW template", () => {
  test("is the same bytes every time, and applying it twice changes nothing", () => {
    const update = templateUpdate("grow");
    if (update === null) throw new Error("the template has content");
    expect(update).toEqual(templateUpdate("grow"));
    const doc = new Y.Doc();
    Y.applyUpdate(doc, update);
    const once = Y.encodeStateAsUpdate(doc);
    Y.applyUpdate(doc, update);
    expect(Y.encodeStateAsUpdate(doc)).toEqual(once);
  });

  test("has the four headings, each with room below", () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, templateUpdate("grow") ?? new Uint8Array());
    const fragment = doc.getXmlFragment("notes");
    expect(toMarkdown(fragment)).toBe("## Goal\n\n## Reality\n\n## Options\n\n## Way forward");
    const names = fragment.toArray().map((node) => (node instanceof Y.XmlElement ? node.nodeName : "text"));
    expect(names).toEqual(Array.from({ length: 4 }, () => ["heading", "paragraph"]).flat());
  });

  test("a blank document has none", () => {
    expect(templateUpdate("blank")).toBeNull();
  });
});
