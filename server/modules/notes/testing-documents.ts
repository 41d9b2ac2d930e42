// Rich documents for tests: built from a short description, drawn at random, and checked for what editors accept.
import fc from "fast-check";
import * as Y from "yjs";
import { notesFragmentName } from "../../../shared/protocol/notes-sync.ts";
import type { NoteOperation } from "../../../shared/schemas/notes.ts";
import { childrenOf, elementOf } from "./notes.copy.ts";

/** `p`, `h`, `code` and `rule` are blocks; the rest holds others. A bar in a text is a break within its line. */
export type Sample =
  | { kind: "p" | "h" | "code"; text: string; bold?: boolean }
  | { kind: "rule" }
  | { kind: "quote"; children: Sample[] }
  | { kind: "list" | "tasks"; items: Sample[][] };

export function documentOf(samples: Sample[]): Y.Doc {
  const doc = new Y.Doc();
  fragmentOf(doc).insert(0, samples.map(nodeOf));
  return doc;
}

export function fragmentOf(doc: Y.Doc): Y.XmlFragment {
  return doc.getXmlFragment(notesFragmentName);
}

function nodeOf(sample: Sample): Y.XmlElement {
  switch (sample.kind) {
    case "rule":
      return elementOf("horizontalRule");
    case "quote":
      return holding("blockquote", sample.children.map(nodeOf));
    case "list":
      return holding(
        "bulletList",
        sample.items.map((children) => holding("listItem", children.map(nodeOf))),
      );
    case "tasks":
      return holding(
        "taskList",
        sample.items.map((children) => holding("taskItem", children.map(nodeOf), { checked: true })),
      );
    case "code":
      return holding("codeBlock", sample.text === "" ? [] : [new Y.XmlText(sample.text)]);
    default:
      return textBlock(sample);
  }
}

function textBlock({ kind, text, bold }: { kind: string; text: string; bold?: boolean }): Y.XmlElement {
  const nodes: (Y.XmlText | Y.XmlElement)[] = [];
  for (const [index, part] of text.split("|").entries()) {
    if (index > 0) nodes.push(new Y.XmlElement("hardBreak"));
    if (part === "") continue;
    const node = new Y.XmlText();
    node.applyDelta([{ insert: part, ...(bold === true ? { attributes: { bold: {} } } : {}) }]);
    nodes.push(node);
  }
  return kind === "h" ? holding("heading", nodes, { level: 2 }) : holding("paragraph", nodes);
}

function holding(
  name: string,
  children: (Y.XmlElement | Y.XmlText)[],
  attributes: Record<string, unknown> = {},
): Y.XmlElement {
  const element = elementOf(name, attributes);
  element.insert(0, children);
  return element;
}

/** Characters that go wrong easily: pairs, combining marks, joined emoji, right-to-left, and plain ones. */
export const anyCharacters = fc.constantFrom(
  "a",
  "b",
  " ",
  "é",
  "e\u0301",
  "😀",
  "👩‍👩‍👧",
  "שלום",
  "ع",
  "\u202e",
  "𝒳",
  "字",
);
export const anyWords = fc.array(anyCharacters, { maxLength: 6 }).map((parts) => parts.join(""));

const { block } = fc.letrec<{ block: Sample; item: Sample[] }>((tie) => ({
  item: fc
    .tuple(
      fc.record({ kind: fc.constant("p" as const), text: anyWords }),
      fc.array(tie("block"), { maxLength: 2 }),
    )
    .map(([first, rest]) => [first, ...rest]),
  block: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ kind: fc.constantFrom("p" as const, "h" as const), text: anyWords, bold: fc.boolean() }),
    fc.record({
      kind: fc.constant("p" as const),
      text: fc.array(anyWords, { maxLength: 3 }).map((all) => all.join("|")),
    }),
    fc.record({
      kind: fc.constant("code" as const),
      text: fc.array(anyWords, { maxLength: 3 }).map((all) => all.join("\n")),
    }),
    fc.constant<Sample>({ kind: "rule" }),
    fc.record({
      kind: fc.constant("quote" as const),
      children: fc.array(tie("block"), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constantFrom("list" as const, "tasks" as const),
      items: fc.array(tie("item"), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));
export const anyDocument: fc.Arbitrary<Sample[]> = fc.array(block, { maxLength: 5 });

/** Operations without a text to fit yet: positions are shares of it. */
export const anyIntent = fc.oneof(
  fc.record({
    type: fc.constant("insert" as const),
    where: fc.double({ min: 0, max: 1, noNaN: true }),
    content: inserted(),
  }),
  fc.record({
    type: fc.constant("delete" as const),
    where: fc.double({ min: 0, max: 1, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
);
export type Intent = typeof anyIntent extends fc.Arbitrary<infer Each> ? Each : never;

function inserted(): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof({ weight: 4, arbitrary: anyCharacters }, { weight: 1, arbitrary: fc.constant("\n") }), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => parts.join(""));
}

/** The intent as an operation on this text, at the borders of its characters; null where there is nothing to delete. */
export function operationFor(text: string, intent: Intent): NoteOperation | null {
  const borders = [0];
  for (const character of text) borders.push((borders.at(-1) ?? 0) + character.length);
  const from = Math.floor(intent.where * (borders.length - 1));
  const position = borders[from] ?? 0;
  if (intent.type === "insert") return { type: "insert", position, content: intent.content };
  const to = Math.min(borders.length - 1, from + 1 + Math.floor(intent.share * 8));
  const length = (borders[to] ?? position) - position;
  return length === 0 ? null : { type: "delete", position, length };
}

/** What the editor's schema asks for: it throws away what does not fit, and with it what people wrote. */
export function misfits(parent: Y.XmlFragment | Y.XmlElement, name = "doc"): string[] {
  const children = childrenOf(parent);
  const names = children.map((child) => (child instanceof Y.XmlElement ? child.nodeName : "#text"));
  const own = misfitOf(name, names);
  const below = children.flatMap((child) =>
    child instanceof Y.XmlElement ? misfits(child, child.nodeName) : [],
  );
  return own === null ? below : [own, ...below];
}

function misfitOf(name: string, children: string[]): string | null {
  const found = `${name}: ${children.join(" ")}`;
  const only = (allowed: string[]) => (children.every((child) => allowed.includes(child)) ? null : found);
  switch (name) {
    case "paragraph":
    case "heading":
      return only(["#text", "hardBreak"]);
    case "codeBlock":
      return only(["#text"]);
    case "bulletList":
      return children.length === 0 ? found : only(["listItem"]);
    case "taskList":
      return children.length === 0 ? found : only(["taskItem"]);
    case "listItem":
    case "taskItem":
      return children[0] === "paragraph" ? only(blocks) : found;
    case "blockquote":
      return children.length === 0 ? found : only(blocks);
    case "doc":
      return only(blocks);
    default:
      return children.length === 0 ? null : found;
  }
}

const blocks = [
  "paragraph",
  "heading",
  "codeBlock",
  "bulletList",
  "taskList",
  "blockquote",
  "horizontalRule",
];
