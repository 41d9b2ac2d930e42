// Copies of nodes: Yjs cannot move a node, so what goes elsewhere is written there anew.
import * as Y from "yjs";
import { notesFragmentName } from "../../../shared/protocol/notes-sync.ts";
import { type Inline, type Parent } from "./notes.layout.ts";

/** A part of a line: text with its marks, or a break. */
export type Fragment = { insert: unknown; attributes?: Record<string, unknown> } | "break";

type Child = Y.XmlElement | Y.XmlText;

export function childrenOf(parent: Parent): Child[] {
  return parent
    .toArray()
    .filter((child): child is Child => child instanceof Y.XmlElement || child instanceof Y.XmlText);
}

/** A node of the same content that belongs to no document yet. */
export function copyOf(node: Child): Child {
  if (node instanceof Y.XmlText) {
    const text = new Y.XmlText();
    text.applyDelta(deltaOf(node));
    return text;
  }
  const element = elementOf(node.nodeName, attributesOf(node));
  element.insert(
    0,
    childrenOf(node).map((child) => copyOf(child)),
  );
  return element;
}

export function elementOf(nodeName: string, attributes: Record<string, unknown> = {}): Y.XmlElement {
  const element = new Y.XmlElement(nodeName);
  // Attributes are numbers and booleans as well as strings, as the editor stores them; the type of Yjs knows strings.
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value as string);
  return element;
}

export function attributesOf(element: Y.XmlElement): Record<string, unknown> {
  return element.getAttributes();
}

export function deltaOf(text: Y.XmlText): Exclude<Fragment, "break">[] {
  return (text.toDelta() as Exclude<Fragment, "break">[]).filter(
    // A type inside of a text belongs to no editor of ours, and cannot be in two places.
    ({ insert }) => !(insert instanceof Y.AbstractType),
  );
}

/** What stands in these nodes from `offset` on. */
export function fragmentsFrom(nodes: Inline[], offset: number): Fragment[] {
  const fragments: Fragment[] = [];
  let at = 0;
  for (const node of nodes) {
    const length = lengthOf(node);
    const from = Math.max(0, offset - at);
    at += length;
    if (from >= length) continue;
    if (node instanceof Y.XmlText) fragments.push(...deltaFrom(node, from));
    else fragments.push("break");
  }
  return fragments;
}

function deltaFrom(text: Y.XmlText, from: number): Fragment[] {
  const fragments: Fragment[] = [];
  let at = 0;
  for (const part of deltaOf(text)) {
    const length = typeof part.insert === "string" ? part.insert.length : 1;
    const skip = Math.max(0, from - at);
    at += length;
    if (skip >= length) continue;
    fragments.push(typeof part.insert === "string" ? { ...part, insert: part.insert.slice(skip) } : part);
  }
  return fragments;
}

/** Nodes that belong to no document yet, one text for each run between breaks. */
export function nodesOf(fragments: Fragment[]): Inline[] {
  const nodes: Inline[] = [];
  let run: Exclude<Fragment, "break">[] = [];
  const endRun = () => {
    if (run.length === 0) return;
    const text = new Y.XmlText();
    text.applyDelta(run);
    nodes.push(text);
    run = [];
  };
  for (const fragment of fragments) {
    if (fragment !== "break") {
      run.push(fragment);
      continue;
    }
    endRun();
    nodes.push(new Y.XmlElement("hardBreak"));
  }
  endRun();
  return nodes;
}

/** The same as text alone, as a code block takes it. */
export function plainOf(fragments: Fragment[]): string {
  return fragments
    .map((fragment) => {
      if (fragment === "break") return "\n";
      return typeof fragment.insert === "string" ? fragment.insert : "\ufffc";
    })
    .join("");
}

export function lengthOf(node: Inline): number {
  return node instanceof Y.XmlText ? node.length : 1;
}

/** Takes the node out, and what is left empty around it; answers the parents that were left with something in them. */
export function removeNode(node: Child): Parent | null {
  const { parent } = node;
  if (!(parent instanceof Y.XmlFragment)) return null;
  parent.delete(indexIn(parent, node), 1);
  if (parent instanceof Y.XmlElement && parent.length === 0) return removeNode(parent);
  return parent;
}

export function indexIn(parent: Parent, node: Child): number {
  const index = parent.toArray().indexOf(node);
  if (index < 0) throw new Error("a node is not among its parent's children");
  return index;
}

/**
 * Makes `target` say what `source` says, block by block: blocks that are the same stay as they are, so that cursors in
 * them and edits under way survive. Answers whether anything changed.
 */
export function replaceContent(target: Y.XmlFragment, source: Y.XmlFragment): boolean {
  const [have, want] = [childrenOf(target), childrenOf(source)];
  const [haveKeys, wantKeys] = [have.map(contentKey), want.map(contentKey)];
  let start = 0;
  while (start < have.length && start < want.length && haveKeys[start] === wantKeys[start]) start += 1;
  let end = 0;
  const room = Math.min(have.length, want.length) - start;
  while (end < room && haveKeys[have.length - 1 - end] === wantKeys[want.length - 1 - end]) end += 1;
  const removed = have.length - start - end;
  const added = want.slice(start, want.length - end).map((node) => copyOf(node));
  if (removed === 0 && added.length === 0) return false;
  target.delete(start, removed);
  target.insert(start, added);
  return true;
}

function contentKey(node: Child): string {
  return JSON.stringify(contentOf(node));
}

function contentOf(node: Child): unknown {
  if (node instanceof Y.XmlText) return deltaOf(node);
  const attributes = Object.entries(attributesOf(node)).sort(([a], [b]) => (a < b ? -1 : 1));
  return [node.nodeName, attributes, childrenOf(node).map(contentOf)];
}

/** The same content in a document of its own, which outlives the one it was read from. */
export function copyInto(source: Y.XmlFragment): Y.XmlFragment {
  const target = new Y.Doc().getXmlFragment(notesFragmentName);
  target.insert(
    0,
    childrenOf(source).map((child) => copyOf(child)),
  );
  return target;
}
