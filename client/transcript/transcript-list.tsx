// Ten thousand lines without a stutter: drawn only where somebody looks, led to by search or address, corrected in place.
import { type KeyboardEvent, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { EditorPart } from "./line-editor.tsx";
import { blocksOf, type ShownLine, type TranscriptLine } from "./lines.ts";
import type { LineRights } from "./rights.ts";
import { TranscriptBlock } from "./transcript-block.tsx";
import type { LinesLook } from "./transcript-line.tsx";

/** A line to be shown. */
export interface Target {
  sequence: number;
  /** Changes with every request, so that the same line can be asked for again. */
  request: string;
  /** A citation takes the focus with it; a search keeps it in its field. */
  focus: boolean;
}

export interface TranscriptListProps {
  /** In the order in which they are shown. */
  lines: readonly TranscriptLine[];
  /** The scrolled element around the list. */
  root: HTMLElement | null;
  query: string;
  target: Target | null;
  nameOf: (userId: string) => string;
  rights: LineRights | null;
  linked: boolean;
}

/** Not a live region: a transcript that reads itself out would talk over the people. */
export function TranscriptList({ lines, root, query, target, nameOf, rights, linked }: TranscriptListProps) {
  const blocks = useMemo(() => blocksOf(lines), [lines]);
  const [open, setOpen] = useState<{ sequence: number; part: EditorPart } | null>(null);
  const [focused, setFocused] = useState<number | null>(null);
  const onOpen = useCallback(
    (sequence: number, part: EditorPart | null) => setOpen(part === null ? null : { sequence, part }),
    [],
  );
  const look = useMemo(
    (): LinesLook => ({ query, nameOf, rights, linked, onOpen, onCurrent: setFocused }),
    [query, nameOf, rights, linked, onOpen],
  );
  useLineInView(root, target);
  // One stop for the Tab key in the whole list: the tools used last, or those of the newest line.
  const current = rights === null ? null : (focused ?? lines.at(-1)?.sequence ?? null);

  return (
    <div onKeyDown={moveBetweenTools}>
      {blocks.map((block, index) => (
        <TranscriptBlock
          key={index}
          lines={block}
          look={look}
          root={root}
          first={index < 2}
          highlighted={target !== null && holds(block, target.sequence) ? target.sequence : null}
          open={open !== null && holds(block, open.sequence) ? open : null}
          current={current !== null && holds(block, current) ? current : null}
        />
      ))}
    </div>
  );
}

function holds(block: readonly ShownLine[], sequence: number): boolean {
  return block.some(({ line }) => line.sequence === sequence);
}

/** Arrow keys go from one line's tools to the next one's. */
function moveBetweenTools(event: KeyboardEvent<HTMLElement>): void {
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (by === 0 || !(event.target instanceof HTMLElement) || event.target.dataset["tools"] === undefined)
    return;
  const tools = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-tools]")];
  const next = tools[tools.indexOf(event.target) + by];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

/** Runs after the target's block is drawn, and once more when the blocks around it have found their height. */
function useLineInView(root: HTMLElement | null, target: Target | null): void {
  const shown = useRef<string | null>(null);
  const [settling, setSettling] = useState(0);
  useLayoutEffect(() => {
    if (target === null || root === null) return;
    const line = document.getElementById(`t-${target.sequence}`);
    if (line === null) return;
    const again = shown.current === target.request;
    // The list moves, not the page: whoever pressed a citation keeps their place beside it.
    const [lineBox, listBox] = [line.getBoundingClientRect(), root.getBoundingClientRect()];
    root.scrollBy({ top: lineBox.top - listBox.top - (root.clientHeight - lineBox.height) / 2 });
    if (target.focus) root.scrollIntoView({ block: "nearest" });
    if (again) return;
    shown.current = target.request;
    if (target.focus) line.focus({ preventScroll: true });
    const frame = requestAnimationFrame(() => setSettling((count) => count + 1));
    return () => cancelAnimationFrame(frame);
    // Lines that arrive later must not pull the reader back.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [root, target?.request, target?.sequence, settling]);
}
