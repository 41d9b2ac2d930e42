// The rich text of a notes document as Markdown, for readers without Yjs.
import * as Y from "yjs";

type Node = Y.XmlElement | Y.XmlText | Y.XmlHook;

/** Nothing that people write is nested deeper; what is, becomes plain text. */
const maxDepth = 32;

export function toMarkdown(fragment: Y.XmlFragment): string {
  return blocks(children(fragment), 0).join("\n\n");
}

function children(parent: Y.XmlFragment): Node[] {
  return parent.toArray().filter((child): child is Node => child instanceof Y.AbstractType);
}

function isInline(node: Node): boolean {
  return node instanceof Y.XmlText || (node instanceof Y.XmlElement && node.nodeName === "hardBreak");
}

function blocks(nodes: Node[], depth: number): string[] {
  const result: string[] = [];
  let run: Node[] = [];
  const endRun = () => {
    if (run.length > 0) result.push(escapeLineStarts(inline(run)));
    run = [];
  };
  for (const node of nodes) {
    if (isInline(node)) {
      run.push(node);
      continue;
    }
    endRun();
    if (node instanceof Y.XmlElement) result.push(block(node, depth));
  }
  endRun();
  return result.filter((text) => text.trim() !== "");
}

function block(element: Y.XmlElement, depth: number): string {
  if (depth > maxDepth) return plainText(element, 0);
  const nested = children(element);
  switch (element.nodeName) {
    case "heading": {
      const text = inline(nested).replaceAll("\n", " ");
      return text.trim() === "" ? "" : `${"#".repeat(headingLevel(element))} ${text}`;
    }
    case "bulletList":
      return items(nested, depth, () => "- ");
    case "orderedList": {
      const first = Number(attribute(element, "start") ?? 1);
      return items(nested, depth, (index) => `${(Number.isInteger(first) ? first : 1) + index}. `);
    }
    case "taskList":
      return items(nested, depth, (_index, item) => (isChecked(item) ? "- [x] " : "- [ ] "));
    case "blockquote":
      return prefixed(blocks(nested, depth + 1).join("\n\n"), "> ", "> ");
    case "codeBlock":
      return codeBlock(element);
    case "horizontalRule":
      return "---";
    default:
      return blocks(nested, depth + 1).join("\n\n");
  }
}

function headingLevel(element: Y.XmlElement): number {
  const level = Number(attribute(element, "level") ?? 1);
  return Number.isInteger(level) ? Math.min(Math.max(level, 1), 6) : 1;
}

// Attributes are numbers and booleans as well as strings: clients store what the editor gives them.
function attribute(element: Y.XmlElement, name: string): unknown {
  return element.getAttribute(name);
}

function isChecked(item: Y.XmlElement): boolean {
  const checked = attribute(item, "checked");
  return checked === true || checked === "true";
}

function items(nodes: Node[], depth: number, marker: (index: number, item: Y.XmlElement) => string): string {
  return nodes
    .filter((node) => node instanceof Y.XmlElement)
    .map((item, index) => {
      const mark = marker(index, item);
      // A tight list: paragraphs of one item are lines, so that the list stays one list.
      const text = blocks(children(item), depth + 1).join("\n");
      // Below a checkbox, further lines stand under its dash.
      const indent = " ".repeat(mark.startsWith("- ") ? 2 : mark.length);
      return prefixed(text, mark, indent).trimEnd();
    })
    .join("\n");
}

function prefixed(text: string, first: string, rest: string): string {
  return text
    .split("\n")
    .map((line, index) => ((index === 0 ? first : rest) + line).trimEnd())
    .join("\n");
}

function codeBlock(element: Y.XmlElement): string {
  const text = plainText(element, 0);
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  const language = attribute(element, "language");
  return `${fence}${typeof language === "string" ? language.replace(/[\s`]/g, "") : ""}\n${text}\n${fence}`;
}

function plainText(node: Node, depth: number): string {
  if (node instanceof Y.XmlText)
    return deltaOf(node)
      .map(({ text }) => text)
      .join("");
  if (depth > maxDepth * 4 || !(node instanceof Y.XmlElement)) return "";
  if (node.nodeName === "hardBreak") return "\n";
  return children(node)
    .map((child) => plainText(child, depth + 1))
    .join("");
}

function inline(nodes: Node[]): string {
  return nodes
    .map((node) => {
      if (node instanceof Y.XmlText) return deltaOf(node).map(marked).join("");
      return node instanceof Y.XmlElement && node.nodeName === "hardBreak" ? "\\\n" : "";
    })
    .join("");
}

interface MarkedText {
  text: string;
  marks: Map<string, unknown>;
}

function deltaOf(text: Y.XmlText): MarkedText[] {
  const delta = text.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[];
  return delta.flatMap(({ insert, attributes }) => {
    if (typeof insert !== "string") return [];
    // A mark that may overlap with itself is stored as name--hash.
    const marks = Object.entries(attributes ?? {})
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name.split("--", 1)[0] ?? name, value] as const);
    return [{ text: insert, marks: new Map(marks) }];
  });
}

function marked({ text, marks }: MarkedText): string {
  const [, before = "", core = "", after = ""] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? [];
  if (core === "") return text;
  // Marks must touch the words: Markdown does not see "** bold**".
  let result = marks.has("code") ? codeSpan(core) : escapeText(core);
  if (marks.has("strike")) result = `~~${result}~~`;
  if (marks.has("italic")) result = `*${result}*`;
  if (marks.has("bold")) result = `**${result}**`;
  const link = marks.get("link");
  if (typeof link === "object" && link !== null && "href" in link && typeof link.href === "string")
    result = `[${result}](<${link.href.replace(/[<>\s]/g, encodeURIComponent)}>)`;
  return before + result + after;
}

function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}

function escapeText(text: string): string {
  return text.replace(/[\\`*[\]<]|~~/g, "\\$&").replace(/(?<!\w)_|_(?!\w)/g, "\\_");
}

// What would start a heading, a list, a quote or a rule is text here.
function escapeLineStarts(text: string): string {
  return text
    .replace(/^(\s*)(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|-{3,}\s*$|={3,}\s*$)/gm, "$1\\$2")
    .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/gm, "$1\\$2");
}
