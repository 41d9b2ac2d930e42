// Markdown to values: the part of it that notes are written in. Raw HTML stays text.
import { type Inline, parseInline } from "./parse-inline.ts";

export type Block =
  | { kind: "heading"; level: number; children: Inline[] }
  | { kind: "paragraph"; children: Inline[] }
  | { kind: "list"; ordered: boolean; start: number; items: ListItem[] }
  | { kind: "quote"; blocks: Block[] }
  | { kind: "code"; text: string }
  | { kind: "rule" };

export interface ListItem {
  /** Null where the item has no checkbox. */
  checked: boolean | null;
  blocks: Block[];
}

/** Deeper nesting is shown flat. */
const maxDepth = 16;

const heading = /^(#{1,6})(?:\s+(.*?))?\s*#*$/;
const rule = /^(?:-{3,}|\*{3,}|_{3,})\s*$/;
const fence = /^(`{3,})[^`]*$/;
const quote = /^> ?/;
const bullet = /^([-*+])(\s+)/;
const numbered = /^(\d{1,9})([.)])(\s+)/;

export function parseMarkdown(text: string): Block[] {
  return parseLines(text.replaceAll("\r\n", "\n").split("\n"), 0);
}

function parseLines(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (line.trim() === "") {
      at += 1;
      continue;
    }
    const [block, next] = depth < maxDepth ? readBlock(lines, at, depth) : readParagraph(lines, at);
    blocks.push(block);
    at = next;
  }
  return blocks;
}

type Read = [block: Block, next: number];

function readBlock(lines: readonly string[], at: number, depth: number): Read {
  const line = lines[at] ?? "";
  const fenced = fence.exec(line);
  if (fenced !== null) return readCode(lines, at, fenced[1] ?? "```");
  const titled = heading.exec(line);
  if (titled !== null) {
    const level = titled[1]?.length ?? 1;
    return [{ kind: "heading", level, children: parseInline(titled[2] ?? "") }, at + 1];
  }
  if (rule.test(line)) return [{ kind: "rule" }, at + 1];
  if (quote.test(line)) {
    let end = at;
    while (end < lines.length && quote.test(lines[end] ?? "")) end += 1;
    const inner = lines.slice(at, end).map((quoted) => quoted.replace(quote, ""));
    return [{ kind: "quote", blocks: parseLines(inner, depth + 1) }, end];
  }
  if (startsItem(line)) return readList(lines, at, depth);
  return readParagraph(lines, at);
}

function readCode(lines: readonly string[], at: number, opening: string): Read {
  let end = at + 1;
  while (end < lines.length && !(lines[end] ?? "").startsWith(opening)) end += 1;
  return [{ kind: "code", text: lines.slice(at + 1, end).join("\n") }, end + 1];
}

function readParagraph(lines: readonly string[], at: number): Read {
  let end = at + 1;
  while (end < lines.length && (lines[end] ?? "").trim() !== "" && !interrupts(lines[end] ?? "")) end += 1;
  const text = lines
    .slice(at, end)
    .map((line) => line.trim())
    .join("\n");
  return [{ kind: "paragraph", children: parseInline(text) }, end];
}

function interrupts(line: string): boolean {
  return heading.test(line) || rule.test(line) || fence.test(line) || quote.test(line) || startsItem(line);
}

function startsItem(line: string): boolean {
  return bullet.test(line) || numbered.test(line);
}

function readList(lines: readonly string[], first: number, depth: number): Read {
  const ordered = numbered.test(lines[first] ?? "");
  const items: ListItem[] = [];
  let at = first;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const marker = ordered ? numbered.exec(line) : bullet.exec(line);
    if (marker === null || rule.test(line)) break;
    const width = marker[0].length;
    const inner = [line.slice(width)];
    let end = at + 1;
    while (end < lines.length) {
      const following = lines[end] ?? "";
      const indented = indentOf(following);
      if (following.trim() === "") {
        // A blank line belongs to the item where something indented follows it.
        if (indentOf(lines[end + 1] ?? "") < 2 || (lines[end + 1] ?? "").trim() === "") break;
        inner.push("");
      } else if (indented >= Math.min(width, 2)) inner.push(following.slice(Math.min(indented, width)));
      else break;
      end += 1;
    }
    const box = /^\[([ xX])\](?:\s|$)/.exec(inner[0] ?? "");
    if (box !== null) inner[0] = (inner[0] ?? "").slice(box[0].length);
    items.push({
      checked: box === null ? null : box[1] !== " ",
      blocks: parseLines(inner, depth + 1),
    });
    at = end;
  }
  const start = ordered ? Number(numbered.exec(lines[first] ?? "")?.[1] ?? 1) : 1;
  return [{ kind: "list", ordered, start, items }, at];
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
