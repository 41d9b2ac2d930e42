// Inline Markdown to values: emphasis, code, links and breaks. Raw HTML stays text; time grows with the length alone.

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "strong" | "emphasis" | "strike"; children: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "link"; href: string; children: Inline[] }
  | { kind: "break" };

/** Deeper nesting is shown as it was typed. */
const maxDepth = 8;
/** Longer rows of signs are decoration, not emphasis. */
const longestRun = 3;
const spans = [
  { delimiter: "**", kind: "strong" },
  { delimiter: "~~", kind: "strike" },
  { delimiter: "*", kind: "emphasis" },
] as const;

export function parseInline(text: string, depth = 0): Inline[] {
  const result: Inline[] = [];
  // A delimiter that finds no end once finds none later either: each is searched for in vain at most once.
  const hopeless = new Set<string>();
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain !== "") result.push({ kind: "text", text: plain });
    plain = "";
  };
  const push = (inline: Inline, next: number) => {
    flush();
    result.push(inline);
    at = next;
  };

  while (at < text.length) {
    const character = text.charAt(at);
    if (character === "\\") {
      const next = text.charAt(at + 1);
      if (next === "\n") push({ kind: "break" }, at + 2);
      else if (/[!-/:-@[-`{-~]/.test(next)) {
        plain += next;
        at += 2;
      } else {
        plain += character;
        at += 1;
      }
      continue;
    }
    if (character === "`") {
      const code = readCode(text, at, hopeless);
      if (code.kind === "code") push({ kind: "code", text: code.text }, code.next);
      else {
        plain += code.text;
        at = code.next;
      }
      continue;
    }
    if (character === "[" && depth < maxDepth && !hopeless.has("[")) {
      const link = readLink(text, at);
      if (link === "hopeless") hopeless.add("[");
      else if (link !== null) {
        const children = parseInline(link.label, depth + 1);
        if (isSafeLink(link.href)) push({ kind: "link", href: link.href, children }, link.next);
        else {
          flush();
          result.push(...children);
          at = link.next;
        }
        continue;
      }
    }
    const run = character === "*" || character === "~" ? runLength(text, at, character) : 0;
    if (run > longestRun) {
      plain += text.slice(at, at + run);
      at += run;
      continue;
    }
    const span = depth < maxDepth ? spans.find(({ delimiter }) => text.startsWith(delimiter, at)) : undefined;
    if (span !== undefined && !hopeless.has(span.delimiter)) {
      const start = at + span.delimiter.length;
      const end = /\S/.test(text.charAt(start)) ? findEnd(text, start, span.delimiter) : null;
      if (end === "hopeless") hopeless.add(span.delimiter);
      else if (end !== null) {
        const children = parseInline(text.slice(start, end), depth + 1);
        push({ kind: span.kind, children }, end + span.delimiter.length);
        continue;
      }
    }
    const length = span?.delimiter.length ?? 1;
    plain += text.slice(at, at + length);
    at += length;
  }
  flush();
  return result;
}

/** Web and mail addresses alone: nothing that runs, nothing that reads files. */
export function isSafeLink(href: string): boolean {
  return /^(https?:\/\/|mailto:)/i.test(href);
}

function findEnd(text: string, from: number, delimiter: string): number | null | "hopeless" {
  const mark = delimiter.charAt(0);
  let openSingles = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "\\") {
      at += 1;
      continue;
    }
    if (character === "`") {
      const run = runLength(text, at, "`");
      const close = text.indexOf("`".repeat(run), at + run);
      at = close === -1 ? at + run - 1 : close + run - 1;
      continue;
    }
    if (character !== mark) continue;
    const run = runLength(text, at, mark);
    if (run > longestRun) {
      at += run - 1;
      continue;
    }
    if (delimiter.length === 2) {
      // "***" after "**a *b" closes the inner emphasis first.
      if (run >= 2) return run > 2 && openSingles % 2 === 1 ? at + run - 2 : at;
      openSingles += 1;
    } else if (run % 2 === 1 && at > from) {
      return at + run - 1;
    }
    at += run - 1;
  }
  return "hopeless";
}

function readCode(
  text: string,
  at: number,
  hopeless: Set<string>,
): { kind: "code" | "text"; text: string; next: number } {
  const run = runLength(text, at, "`");
  const fence = "`".repeat(run);
  let end = hopeless.has(fence) ? -1 : text.indexOf(fence, at + run);
  while (end !== -1 && runLength(text, end, "`") !== run)
    end = text.indexOf(fence, end + runLength(text, end, "`"));
  if (end === -1) {
    hopeless.add(fence);
    return { kind: "text", text: fence, next: at + run };
  }
  const inner = text.slice(at + run, end);
  const padded = inner.startsWith(" ") && inner.endsWith(" ") && inner.trim() !== "";
  return { kind: "code", text: padded ? inner.slice(1, -1) : inner, next: end + run };
}

function readLink(
  text: string,
  at: number,
): { label: string; href: string; next: number } | null | "hopeless" {
  const close = unescapedIndexOf(text, "]", at + 1);
  if (close === -1) return "hopeless";
  if (text.charAt(close + 1) !== "(") return null;
  const target = /^\((?:<([^<>\n]*)>|([^\s()<>]*))\)/.exec(text.slice(close + 1, close + 2_100));
  if (target === null) return null;
  const href = target[1] ?? target[2] ?? "";
  return { label: text.slice(at + 1, close), href, next: close + 1 + target[0].length };
}

function unescapedIndexOf(text: string, wanted: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text.charAt(at) === "\\") at += 1;
    else if (text.charAt(at) === wanted) return at;
  }
  return -1;
}

function runLength(text: string, at: number, character: string): number {
  let end = at;
  while (text.charAt(end) === character) end += 1;
  return end - at;
}
