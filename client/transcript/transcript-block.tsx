// Fifty lines that are drawn while they are near the visible part, and keep their height otherwise.
import { memo, useEffect, useRef, useState } from "react";
import type { EditorPart } from "./line-editor.tsx";
import { sameBlock, type ShownLine } from "./lines.ts";
import { Line, type LinesLook } from "./transcript-line.tsx";
import styles from "./transcript.module.css";

/** Until a block has been drawn once, its height is a guess from its lines. */
const guessedLinePixels = 44;
const nearPixels = 900;

export interface TranscriptBlockProps {
  lines: readonly ShownLine[];
  look: LinesLook;
  /** The scrolled element. */
  root: HTMLElement | null;
  /** Drawn before anybody knows what is visible. */
  first: boolean;
  /** Sequences of lines in this block that were asked for, are being corrected, or hold the Tab key's stop. */
  highlighted: number | null;
  open: { sequence: number; part: EditorPart } | null;
  current: number | null;
}

export const TranscriptBlock = memo(
  function TranscriptBlock({ lines, look, root, first, highlighted, open, current }: TranscriptBlockProps) {
    const element = useRef<HTMLDivElement>(null);
    const [near, setNear] = useState(first);
    const [heightPixels, setHeightPixels] = useState<number | null>(null);
    const drawn = near || highlighted !== null || open !== null || current !== null;

    useEffect(() => {
      const observed = element.current;
      if (observed === null || root === null) return;
      const observer = new IntersectionObserver(
        ([entry]) => {
          if (entry === undefined) return;
          if (!entry.isIntersecting) setHeightPixels(entry.boundingClientRect.height);
          setNear(entry.isIntersecting);
        },
        { root, rootMargin: `${nearPixels}px 0px` },
      );
      observer.observe(observed);
      return () => observer.disconnect();
    }, [root]);

    if (!drawn) {
      const height = heightPixels ?? lines.length * guessedLinePixels;
      return <div ref={element} style={{ height }} aria-hidden />;
    }
    return (
      <div ref={element}>
        <ol className={styles["block"]}>
          {lines.map((shown) => {
            const { sequence } = shown.line;
            return (
              <Line
                key={sequence}
                {...look}
                shown={shown}
                highlighted={sequence === highlighted}
                open={open?.sequence === sequence ? open.part : null}
                current={sequence === current}
              />
            );
          })}
        </ol>
      </div>
    );
  },
  (before, after) =>
    before.look === after.look &&
    before.root === after.root &&
    before.highlighted === after.highlighted &&
    before.open === after.open &&
    before.current === after.current &&
    sameBlock(before.lines, after.lines),
);
