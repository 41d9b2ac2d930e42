// Fifty lines of transcript that are drawn while they are near the visible part, and keep their height otherwise.
import { memo, useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { Avatar } from "../../ui/avatar.tsx";
import { classNames } from "../../ui/class-names.ts";
import { formatTimeline } from "../../ui/times.ts";
import { recapStrings } from "./strings.ts";
import { type LineBlock, markedParts, type ShownLine } from "./transcript-lines.ts";
import styles from "./transcript.module.css";

/** Until a block has been drawn once, its height is a guess from its lines. */
const guessedLinePixels = 44;
const nearPixels = 900;

export interface TranscriptBlockProps {
  block: LineBlock;
  query: string;
  /** The scrolled element. */
  root: HTMLElement | null;
  nameOf: (userId: string) => string;
  /** Sequence of the line that was asked for, if it is in this block: then it is drawn in any case. */
  highlighted: number | null;
}

export const TranscriptBlock = memo(function TranscriptBlock({
  block,
  query,
  root,
  nameOf,
  highlighted,
}: TranscriptBlockProps) {
  const element = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(block.first <= 100);
  const [heightPixels, setHeightPixels] = useState<number | null>(null);
  const drawn = near || highlighted !== null;

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
    const height = heightPixels ?? block.lines.length * guessedLinePixels;
    return <div ref={element} style={{ height }} aria-hidden />;
  }
  return (
    <div ref={element}>
      <ol className={styles["block"]}>
        {block.lines.map((shown) => (
          <Line
            key={shown.line.sequence}
            shown={shown}
            query={query}
            nameOf={nameOf}
            highlighted={shown.line.sequence === highlighted}
          />
        ))}
      </ol>
    </div>
  );
});

interface LineProps {
  shown: ShownLine;
  query: string;
  nameOf: (userId: string) => string;
  highlighted: boolean;
}

function Line({ shown: { line, opensTurn }, query, nameOf, highlighted }: LineProps) {
  const name = nameOf(line.speakerId);
  return (
    <li
      id={`t-${line.sequence}`}
      tabIndex={-1}
      className={classNames(
        styles["line"],
        opensTurn && styles["opens"],
        highlighted && styles["highlighted"],
      )}
    >
      {opensTurn && (
        <p className={styles["speaker"]}>
          <Avatar id={line.speakerId} name={name} size="small" />
          {name}
          {line.source === "typed" && (
            <span className={styles["source"]}>{recapStrings.transcript.typed}</span>
          )}
        </p>
      )}
      <div className={styles["words"]}>
        <Link to={`#t-${line.sequence}`} className={styles["time"]} replace>
          {formatTimeline(line.startMs)}
        </Link>
        <p>
          {query === ""
            ? line.text
            : markedParts(line.text, query).map((part, index) =>
                part.found ? <mark key={index}>{part.text}</mark> : part.text,
              )}
        </p>
      </div>
    </li>
  );
}
