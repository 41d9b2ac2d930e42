// A version's difference as parts to draw: what stayed, came and went, with long unchanged stretches folded.
import type { NoteChange } from "../../../shared/schemas/notes.ts";

export type VersionPart =
  | { kind: "same" | "added" | "removed"; text: string }
  /** Unchanged lines that are left out. */
  | { kind: "folded"; lines: number };

const linesAround = 2;
/** Fewer are shown: the fold would take as much room. */
const foldedLeast = 4;

export function versionParts(earlierText: string, changes: readonly NoteChange[]): VersionPart[] {
  const parts: VersionPart[] = [];
  let at = 0;
  const same = (text: string, isLast: boolean) => {
    if (text !== "") parts.push(...folded(text, parts.length === 0, isLast));
  };
  for (const change of changes) {
    if ("insert" in change) parts.push({ kind: "added", text: change.insert });
    else if ("delete" in change) {
      parts.push({ kind: "removed", text: earlierText.slice(at, at + change.delete) });
      at += change.delete;
    } else {
      same(
        earlierText.slice(at, at + change.retain),
        at + change.retain === earlierText.length && change === changes.at(-1),
      );
      at += change.retain;
    }
  }
  same(earlierText.slice(at), true);
  return parts;
}

function folded(text: string, isFirst: boolean, isLast: boolean): VersionPart[] {
  const lines = text.split("\n");
  const head = isFirst ? 0 : linesAround;
  const tail = isLast ? 0 : linesAround;
  const hidden = lines.length - head - tail - (isFirst ? 0 : 1) - (isLast ? 0 : 1);
  if (hidden < foldedLeast || (isFirst && isLast)) return [{ kind: "same", text }];
  const before = isFirst ? "" : `${lines.slice(0, head + 1).join("\n")}\n`;
  const behind = isLast ? "" : `\n${lines.slice(lines.length - tail - 1).join("\n")}`;
  return [
    ...(before === "" ? [] : [{ kind: "same" as const, text: before }]),
    { kind: "folded", lines: hidden },
    ...(behind === "" ? [] : [{ kind: "same" as const, text: behind.slice(1) }]),
  ];
}
