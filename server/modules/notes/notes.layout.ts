// The plain text of a notes document (NOTES-TEXT in SPEC.md): its lines, where they stand in the tree, and whose units they hold.
import * as Y from "yjs";

export type Inline = Y.XmlText | Y.XmlElement;
export type Parent = Y.XmlFragment | Y.XmlElement;

/** Consecutive units of one client; a line break counts as a unit of the block that it opens. */
export interface Run {
  client: number;
  clock: number;
  length: number;
  /** Position in the text; of units that were removed, the position where they stood. */
  at: number;
  removed: boolean;
}

/** One version's text with the identity of each unit: what operations are carried from one version to another by. */
export interface TextLayout {
  text: string;
  /** In the order of the document. */
  runs: Run[];
}

export interface Line {
  parent: Parent;
  /** The paragraph, heading or code block; null where inline nodes stand in a container by themselves. */
  block: Y.XmlElement | null;
  nodes: Inline[];
  start: number;
  length: number;
  /** Blocks without text between the line before and this one. */
  atomsBefore: Y.XmlElement[];
}

export interface DocumentLayout extends TextLayout {
  lines: Line[];
}

/** Stands for what is in the text and is no text. */
const objectUnit = "\ufffc";
const textBlocks = new Set(["paragraph", "heading", "codeBlock"]);
/** Nothing that people write is nested deeper; what is, has no text. */
const maxDepth = 100;

export function isInline(node: unknown): node is Inline {
  return node instanceof Y.XmlText || (node instanceof Y.XmlElement && node.nodeName === "hardBreak");
}

export function layoutOf(fragment: Y.XmlFragment): DocumentLayout {
  const walk = new Walk();
  walk.container(fragment, 0);
  return { text: walk.parts.join(""), runs: walk.runs, lines: walk.lines };
}

export function plainTextOf(fragment: Y.XmlFragment): string {
  return layoutOf(fragment).text;
}

/** What may be kept of a layout without keeping its document. */
export function withoutLines({ text, runs }: DocumentLayout): TextLayout {
  return { text, runs };
}

class Walk {
  readonly parts: string[] = [];
  readonly runs: Run[] = [];
  readonly lines: Line[] = [];
  #at = 0;
  #atoms: Y.XmlElement[] = [];

  container(parent: Parent, depth: number): void {
    let loose: Line | null = null;
    for (let item = firstItem(parent); item !== null; item = item.right) {
      if (item.deleted) {
        // Of a block that is gone nothing is left but its place.
        this.#run(item, { client: breakClient(item.id.client), removed: true });
        continue;
      }
      const node = typeOf(item);
      if (isInline(node)) {
        loose ??= this.#openLine(parent, null, item);
        this.#inline(loose, node, item);
      } else if (node instanceof Y.XmlElement) {
        if (loose !== null) this.#closeLine(loose);
        loose = null;
        this.#block(parent, node, item, depth);
      }
    }
    if (loose !== null) this.#closeLine(loose);
  }

  #block(parent: Parent, element: Y.XmlElement, item: Y.Item, depth: number): void {
    if (textBlocks.has(element.nodeName)) {
      const line = this.#openLine(parent, element, item);
      for (let child = firstItem(element); child !== null; child = child.right) {
        const node = child.deleted ? null : typeOf(child);
        if (isInline(node)) this.#inline(line, node, child);
      }
      this.#closeLine(line);
      return;
    }
    const [lines, atoms] = [this.lines.length, this.#atoms.length];
    if (depth < maxDepth) this.container(element, depth + 1);
    if (this.lines.length > lines) return;
    // Without a line it is one thing, with all that it holds.
    this.#atoms.length = atoms;
    this.#atoms.push(element);
  }

  #openLine(parent: Parent, block: Y.XmlElement | null, item: Y.Item): Line {
    if (this.lines.length > 0) {
      this.#run({ id: item.id, length: 1 }, { client: breakClient(item.id.client), removed: false });
      this.#text("\n");
    }
    const line = { parent, block, nodes: [], start: this.#at, length: 0, atomsBefore: this.#atoms };
    this.#atoms = [];
    this.lines.push(line);
    return line;
  }

  #closeLine(line: Line): void {
    line.length = this.#at - line.start;
  }

  #inline(line: Line, node: Inline, item: Y.Item): void {
    line.nodes.push(node);
    if (node instanceof Y.XmlElement) {
      this.#run({ id: item.id, length: 1 }, { client: item.id.client, removed: false });
      this.#text("\n");
      return;
    }
    for (let unit = firstItem(node); unit !== null; unit = unit.right) {
      const text = unit.deleted ? "" : textOf(unit);
      if (text === null) continue;
      this.#run(unit, { client: unit.id.client, removed: unit.deleted });
      this.#text(text);
    }
  }

  #run(item: Pick<Y.Item, "id" | "length">, { client, removed }: { client: number; removed: boolean }): void {
    this.runs.push({ client, clock: item.id.clock, length: item.length, at: this.#at, removed });
  }

  #text(text: string): void {
    if (text === "") return;
    this.parts.push(text);
    this.#at += text.length;
  }
}

// Yjs numbers clients from 0: breaks get numbers of their own, as a block and its first node may share one.
function breakClient(client: number): number {
  return -client - 1;
}

function firstItem(type: Pick<Parent, "_start"> | Y.XmlText): Y.Item | null {
  return type._start;
}

function typeOf(item: Y.Item): unknown {
  return item.content instanceof Y.ContentType ? item.content.type : null;
}

/** Null for what takes no room in the text, such as the start of bold. */
function textOf(item: Y.Item): string | null {
  if (item.content instanceof Y.ContentString) return item.content.str;
  return item.countable ? objectUnit.repeat(item.length) : null;
}
