import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import type { NoteOperation } from "../../../shared/schemas/notes.ts";
import { applyChanges } from "./notes.apply.ts";
import { layoutOf, plainTextOf } from "./notes.layout.ts";
import { toMarkdown } from "./notes.markdown.ts";
import { applied, changesBetween, composed } from "./notes.transform.ts";
import {
  anyDocument,
  anyIntent,
  anyWords,
  documentOf,
  fragmentOf,
  misfits,
  operationFor,
  type Sample,
} from "./testing-documents.ts";

function edited(samples: Sample[], ...operations: NoteOperation[]): { text: string; markdown: string } {
  const doc = documentOf(samples);
  const fragment = fragmentOf(doc);
  for (const operation of operations) {
    const changes = composed(plainTextOf(fragment), [operation]);
    doc.transact(() => applyChanges(fragment, changes));
  }
  expect(misfits(fragment)).toEqual([]);
  return { text: plainTextOf(fragment), markdown: toMarkdown(fragment) };
}

const insert = (position: number, content: string): NoteOperation => ({ type: "insert", position, content });
const remove = (position: number, length: number): NoteOperation => ({ type: "delete", position, length });

describe("the plain text of notes", () => {
  test("[NOTES-TEXT-1] blocks are lines, whatever holds them; rules have no line", () => {
    const text = plainTextOf(
      fragmentOf(
        documentOf([
          { kind: "h", text: "Goal" },
          { kind: "p", text: "" },
          { kind: "rule" },
          {
            kind: "list",
            items: [
              [{ kind: "p", text: "one" }],
              [
                { kind: "p", text: "two" },
                { kind: "p", text: "more" },
              ],
            ],
          },
          { kind: "quote", children: [{ kind: "p", text: "said" }] },
        ]),
      ),
    );
    expect(text).toBe("Goal\n\none\ntwo\nmore\nsaid");
  });

  test("[NOTES-TEXT-2] breaks within a block and line breaks of code are line breaks of the text", () => {
    expect(
      plainTextOf(
        fragmentOf(
          documentOf([
            { kind: "p", text: "a|b" },
            { kind: "code", text: "c\nd" },
          ]),
        ),
      ),
    ).toBe("a\nb\nc\nd");
  });

  test("[NOTES-TEXT-3] a document without blocks has the empty text, as one with an empty block has", () => {
    expect(plainTextOf(fragmentOf(documentOf([])))).toBe("");
    expect(plainTextOf(fragmentOf(documentOf([{ kind: "p", text: "" }])))).toBe("");
    expect(edited([], insert(0, "first\nsecond"))).toEqual({
      text: "first\nsecond",
      markdown: "first\n\nsecond",
    });
  });

  test("[NOTES-TEXT-4] an inserted line break opens a paragraph, an item in a list, a line in code", () => {
    expect(edited([{ kind: "h", text: "Goal" }], insert(4, "\nRun"))).toEqual({
      text: "Goal\nRun",
      markdown: "## Goal\n\nRun",
    });
    expect(
      edited([{ kind: "list", items: [[{ kind: "p", text: "onetwo" }]] }], insert(3, "\n")).markdown,
    ).toBe("- one\n- two");
    expect(
      edited([{ kind: "tasks", items: [[{ kind: "p", text: "one" }]] }], insert(3, "\ntwo")).markdown,
    ).toBe("- [x] one\n- [ ] two");
    expect(edited([{ kind: "code", text: "ab" }], insert(1, "\n")).markdown).toBe("```\na\nb\n```");
  });

  test("[NOTES-TEXT-4] a line put in front of another leaves that one as it is", () => {
    expect(edited([{ kind: "h", text: "Goal" }], insert(0, "Before\n")).markdown).toBe("Before\n\n## Goal");
  });

  test("[NOTES-TEXT-5] a deleted line break joins: the first block stays, the second's text goes on in it", () => {
    expect(
      edited(
        [
          { kind: "h", text: "Go" },
          { kind: "p", text: "al" },
        ],
        remove(2, 1),
      ).markdown,
    ).toBe("## Goal");
    expect(
      edited([{ kind: "p", text: "a" }, { kind: "rule" }, { kind: "p", text: "b" }], remove(1, 1)).markdown,
    ).toBe("ab");
    expect(
      edited(
        [
          { kind: "p", text: "a" },
          {
            kind: "list",
            items: [
              [
                { kind: "p", text: "b" },
                { kind: "list", items: [[{ kind: "p", text: "c" }]] },
              ],
            ],
          },
        ],
        remove(1, 1),
      ),
    ).toEqual({ text: "ab\nc", markdown: "ab\n\n- c" });
  });

  test("[NOTES-TEXT-5] of whole lines that are deleted nothing stays, and the line behind them is as it was", () => {
    const samples: Sample[] = [
      { kind: "p", text: "first" },
      { kind: "p", text: "second" },
      { kind: "h", text: "Goal" },
    ];
    expect(edited(samples, remove(0, 13)).markdown).toBe("## Goal");
  });

  test("[NOTES-TEXT-6] inserted text goes on with the marks of what stands before it", () => {
    expect(edited([{ kind: "p", text: "bold", bold: true }], insert(4, "er")).markdown).toBe("**bolder**");
  });

  test("[NOTES-TEXT-7] on any document, any operations give the text they say, and a document that editors accept", () => {
    fc.assert(
      fc.property(anyDocument, fc.array(anyIntent, { minLength: 1, maxLength: 6 }), (samples, intents) => {
        const doc = documentOf(samples);
        const fragment = fragmentOf(doc);
        const base = plainTextOf(fragment);
        let text = base;
        const operations: NoteOperation[] = [];
        for (const intent of intents) {
          const operation = operationFor(text, intent);
          if (operation === null) continue;
          operations.push(operation);
          text = spliced(text, operation);
        }
        const changes = composed(base, operations);
        expect(applied(base, changes)).toBe(text);
        doc.transact(() => applyChanges(fragment, changes));
        expect(plainTextOf(fragment)).toBe(text);
        expect(misfits(fragment)).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });

  test("[NOTES-OT-4] what led from one version to another leads from its text to the other's, however it was edited", () => {
    fc.assert(
      fc.property(
        anyDocument,
        fc.array(fc.tuple(fc.nat(2), anyIntent, fc.boolean()), { maxLength: 12 }),
        anyWords,
        (samples, edits, loose) => {
          const first = documentOf(samples);
          const replicas = [first, copyOfDocument(first), copyOfDocument(first)];
          const before = layoutOf(fragmentOf(first));
          for (const [who, intent, exchange] of edits) {
            const doc = replicas[who] ?? first;
            const fragment = fragmentOf(doc);
            const operation = operationFor(plainTextOf(fragment), intent);
            if (operation !== null)
              doc.transact(() => applyChanges(fragment, composed(plainTextOf(fragment), [operation])));
            // Other clients may write text that stands in no block.
            if (intent.where > 0.9 && loose !== "") fragment.push([new Y.XmlText(loose)]);
            if (exchange) meet(replicas);
          }
          meet(replicas);
          const after = layoutOf(fragmentOf(first));
          for (const replica of replicas) expect(plainTextOf(fragmentOf(replica))).toBe(after.text);
          expect(applied(before.text, changesBetween(before, after))).toBe(after.text);
        },
      ),
      { numRuns: 400 },
    );
  });
});

function spliced(text: string, operation: NoteOperation): string {
  const { position } = operation;
  if (operation.type === "insert") return text.slice(0, position) + operation.content + text.slice(position);
  if (operation.type === "delete") return text.slice(0, position) + text.slice(position + operation.length);
  return text;
}

function copyOfDocument(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

function meet(replicas: Y.Doc[]): void {
  const updates = replicas.map((doc) => Y.encodeStateAsUpdate(doc));
  for (const doc of replicas) for (const update of updates) Y.applyUpdate(doc, update);
}
