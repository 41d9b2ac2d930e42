// Changes of the plain text made on the rich text (NOTES-TEXT in SPEC.md): the text afterwards is the changed text, to the unit.
import * as Y from "yjs";
import type { NoteChange } from "../../../shared/schemas/notes.ts";
import {
  attributesOf,
  childrenOf,
  copyOf,
  elementOf,
  fragmentsFrom,
  indexIn,
  lengthOf,
  nodesOf,
  plainOf,
  removeNode,
  type Fragment,
} from "./notes.copy.ts";
import { isInline, layoutOf, type Line, type Parent } from "./notes.layout.ts";

const listItems = new Set(["listItem", "taskItem"]);

/** Within one transaction, which the caller opens. */
export function applyChanges(fragment: Y.XmlFragment, changes: readonly NoteChange[]): void {
  const splices = splicesOf(changes);
  if (splices.length === 0) return;
  let { lines } = layoutOf(fragment);
  if (lines.length === 0) {
    fragment.insert(fragment.length, [new Y.XmlElement("paragraph")]);
    ({ lines } = layoutOf(fragment));
  }
  // From the end to the start: so what stands before a splice is still where it was.
  for (const splice of splices.reverse()) applySplice(lines, splice);
}

interface Splice {
  at: number;
  remove: number;
  insert: string;
}

function splicesOf(changes: readonly NoteChange[]): Splice[] {
  const splices: Splice[] = [];
  let at = 0;
  let open: Splice | null = null;
  for (const change of changes) {
    if ("retain" in change) {
      at += change.retain;
      open = null;
      continue;
    }
    if (open === null) {
      open = { at, remove: 0, insert: "" };
      splices.push(open);
    }
    if ("insert" in change) open.insert += change.insert;
    else {
      open.remove += change.delete;
      at += change.delete;
    }
  }
  return splices;
}

function applySplice(lines: Line[], { at, remove, insert }: Splice): void {
  const first = lineAt(lines, at);
  if (remove > 0) removeText(lines, first, at, at + remove);
  const line = lines[first];
  if (line === undefined) throw new Error("a position lies in no line");
  if (insert === "") return;
  const offset = at - line.start;
  if (line.block === null) insertBreaks(line, offset, insert);
  else if (insert.includes("\n") && line.block.nodeName !== "codeBlock") {
    lines[first] = insertLines({ ...line, block: line.block }, offset, insert.split("\n"));
  } else insertText(line, offset, insert);
}

/** The last line that begins at or before the position. */
function lineAt(lines: Line[], position: number): number {
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((lines[middle]?.start ?? Infinity) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

function removeText(lines: Line[], first: number, from: number, to: number): void {
  const last = lineAt(lines, to);
  const [line, end] = [lines[first], lines[last]];
  if (line === undefined || end === undefined) throw new Error("a position lies in no line");
  if (first === last) return removeUnits(line, from - line.start, to - from);
  if (from === line.start && stays(line, end)) {
    for (const gone of lines.slice(first, last)) removeLine(gone);
    for (const { atomsBefore } of lines.slice(first + 1, last + 1))
      for (const atom of atomsBefore) removeNode(atom);
    removeUnits(end, 0, to - end.start);
    // Where it begins now counts for the splices in front of it.
    lines[first] = { ...end, start: line.start };
    return;
  }
  removeUnits(line, from - line.start, line.length - (from - line.start));
  appendFragments(line, fragmentsFrom(end.nodes, to - end.start));
  // What a list item still holds when its own line is gone goes on behind the line that took it over.
  let behind: Y.XmlElement | Y.XmlText | null = line.block ?? line.nodes.at(-1) ?? null;
  for (const gone of lines.slice(first + 1, last + 1).reverse()) {
    for (const atom of gone.atomsBefore) removeNode(atom);
    const left = removeLine(gone);
    if (left === null || behind === null || !isHeadless(left)) continue;
    const rest = childrenOf(left).map((child) => copyOf(child));
    const { parent } = behind;
    if (!(parent instanceof Y.XmlFragment)) continue;
    parent.insertAfter(behind, rest);
    behind = rest.at(-1) ?? behind;
    removeNode(left);
  }
}

/** Whether the line behind whole deleted lines may stay where and what it is. */
function stays(line: Line, end: Line): boolean {
  if (line.block === null || end.block === null || line.parent !== end.parent) return false;
  const inItem = end.parent instanceof Y.XmlElement && listItems.has(end.parent.nodeName);
  return !inItem || end.block.nodeName === "paragraph";
}

/** Editors refuse a list item that does not begin with a paragraph, and everything in it. */
function isHeadless(parent: Parent): parent is Y.XmlElement {
  if (!(parent instanceof Y.XmlElement) || !listItems.has(parent.nodeName)) return false;
  const head = childrenOf(parent)[0];
  return !(head instanceof Y.XmlElement) || head.nodeName !== "paragraph";
}

function removeLine({ block, nodes }: Line): Parent | null {
  if (block !== null) return removeNode(block);
  let left: Parent | null = null;
  for (const node of nodes) left = removeNode(node);
  return left;
}

function removeUnits(line: Line, offset: number, length: number): void {
  let at = 0;
  let left = length;
  for (const node of [...line.nodes]) {
    const size = lengthOf(node);
    const from = Math.max(0, offset - at);
    at += size;
    if (left === 0 || from >= size) continue;
    const count = Math.min(left, size - from);
    left -= count;
    if (node instanceof Y.XmlText) node.delete(from, count);
    else {
      const parent = line.block ?? line.parent;
      parent.delete(indexIn(parent, node), 1);
      line.nodes.splice(line.nodes.indexOf(node), 1);
    }
  }
}

/** Without line breaks, or in a code block, whose line breaks are part of its text. */
function insertText(line: Line, offset: number, text: string): void {
  if (text === "") return;
  let at = 0;
  for (const node of line.nodes) {
    const size = lengthOf(node);
    // At a seam the text before goes on, with its marks, as it does for who types there.
    if (node instanceof Y.XmlText && offset <= at + size) return void node.insert(offset - at, text);
    if (offset <= at) return insertNodes(line, line.nodes.indexOf(node), [new Y.XmlText(text)]);
    at += size;
  }
  insertNodes(line, line.nodes.length, [new Y.XmlText(text)]);
}

/** `index` counts in the line's nodes; in a block other children may stand between them. */
function insertNodes(line: Line, index: number, nodes: Line["nodes"]): void {
  if (nodes.length === 0) return;
  const parent = line.block ?? line.parent;
  const before = line.nodes[index - 1];
  const behind = line.nodes[index];
  if (before !== undefined) parent.insertAfter(before, nodes);
  else parent.insert(behind === undefined ? 0 : indexIn(parent, behind), nodes);
  line.nodes.splice(index, 0, ...nodes);
}

function appendFragments(line: Line, fragments: Fragment[]): void {
  if (fragments.length === 0) return;
  if (line.block?.nodeName === "codeBlock") {
    const length = line.nodes.reduce((sum, node) => sum + lengthOf(node), 0);
    insertText(line, length, plainOf(fragments));
    return;
  }
  const last = line.nodes.at(-1);
  const breakAt = fragments.indexOf("break");
  const joined = last instanceof Y.XmlText ? fragments.slice(0, breakAt < 0 ? undefined : breakAt) : [];
  if (last instanceof Y.XmlText && joined.length > 0) {
    last.applyDelta([...(last.length === 0 ? [] : [{ retain: last.length }]), ...joined]);
  }
  insertNodes(line, line.nodes.length, nodesOf(fragments.slice(joined.length)));
}

/** In a container without blocks of its own a line break stays a break. */
function insertBreaks(line: Line, offset: number, text: string): void {
  const tail = fragmentsFrom(line.nodes, offset);
  const length = line.nodes.reduce((sum, node) => sum + lengthOf(node), 0);
  const [head = "", ...rest] = text.split("\n");
  if (rest.length === 0) return insertText(line, offset, head);
  removeUnits(line, offset, length - offset);
  insertText(line, offset, head);
  appendFragments(line, [
    ...rest.flatMap((part): Fragment[] => (part === "" ? ["break"] : ["break", { insert: part }])),
    ...tail,
  ]);
}

type BlockLine = Line & { block: Y.XmlElement };

/** Answers the line that stands where the old one began. */
function insertLines(line: BlockLine, offset: number, texts: string[]): Line {
  const length = line.nodes.reduce((sum, node) => sum + lengthOf(node), 0);
  const [head = "", ...rest] = texts;
  if (offset === 0 && length > 0) {
    // In front of a line: the line itself stays what it is, for everybody who is writing in it.
    const last = rest.at(-1) ?? "";
    insertText(line, 0, last);
    const blocks = [head, ...rest.slice(0, -1)].map((text) =>
      paragraphOf(text === "" ? [] : [{ insert: text }]),
    );
    insertBeside(line.block, blocks, "before");
    const first = blocks[0] ?? line.block;
    return { ...line, block: first, nodes: childrenOf(first).filter(isInline) };
  }
  const tail = fragmentsFrom(line.nodes, offset);
  removeUnits(line, offset, length - offset);
  insertText(line, offset, head);
  const blocks = rest.map((text, index) => {
    const isLast = index === rest.length - 1;
    const fragments: Fragment[] = [...(text === "" ? [] : [{ insert: text }]), ...(isLast ? tail : [])];
    const { nodeName } = line.block;
    // The second half of a split heading is a heading; a line behind one is not.
    if (!isLast || tail.length === 0 || nodeName === "paragraph") return paragraphOf(fragments);
    const block = elementOf(nodeName, attributesOf(line.block));
    block.insert(0, nodesOf(fragments));
    return block;
  });
  insertBeside(line.block, blocks, "after");
  return line;
}

function paragraphOf(fragments: Fragment[]): Y.XmlElement {
  const paragraph = new Y.XmlElement("paragraph");
  paragraph.insert(0, nodesOf(fragments));
  return paragraph;
}

/** In a list, lines become items where that keeps their order. */
function insertBeside(block: Y.XmlElement, blocks: Y.XmlElement[], side: "before" | "after"): void {
  const { parent } = block;
  if (!(parent instanceof Y.XmlFragment)) throw new Error("a block stands nowhere");
  const index = indexIn(parent, block);
  const atEdge = side === "before" ? index === 0 : index === parent.length - 1;
  const { parent: list } = parent;
  // An item begins with a paragraph: the second half of a split heading stays in the item of the first.
  const fits = blocks.every(({ nodeName }) => nodeName === "paragraph");
  if (
    fits &&
    atEdge &&
    parent instanceof Y.XmlElement &&
    listItems.has(parent.nodeName) &&
    list instanceof Y.XmlFragment
  ) {
    const attributes = parent.nodeName === "taskItem" ? { checked: false } : {};
    const itemsOf = blocks.map((content) => {
      const item = elementOf(parent.nodeName, attributes);
      item.insert(0, [content]);
      return item;
    });
    list.insert(indexIn(list, parent) + (side === "before" ? 0 : 1), itemsOf);
    return;
  }
  parent.insert(index + (side === "before" ? 0 : 1), blocks);
}
