// Ten thousand lines without a stutter: blocks that never change again, laid out only when they come into view.
import { memo, useMemo } from "react";
import type { TranscriptChunk } from "../../../../shared/schemas/transcripts.ts";
import { formatTimeline } from "../../../ui/times.ts";
import { callStrings } from "../strings.ts";
import styles from "./transcript-panel.module.css";

const blockLines = 100;

export interface TranscriptLinesProps {
  chunks: readonly TranscriptChunk[];
  nameOf: (userId: string) => string;
}

/** Not a live region: a transcript that reads itself out would talk over the people. */
export const TranscriptLines = memo(function TranscriptLines({ chunks, nameOf }: TranscriptLinesProps) {
  const blocks = useMemo(() => {
    const starts = Array.from({ length: Math.ceil(chunks.length / blockLines) }, (_, index) => index);
    return starts.map((index) => chunks.slice(index * blockLines, (index + 1) * blockLines));
  }, [chunks]);
  return (
    <ol className={styles["lines"]}>
      {blocks.map((lines, index) => (
        <Block key={index} lines={lines} nameOf={nameOf} />
      ))}
    </ol>
  );
});

const Block = memo(
  function Block({
    lines,
    nameOf,
  }: {
    lines: readonly TranscriptChunk[];
    nameOf: (userId: string) => string;
  }) {
    return (
      <li className={styles["block"]} style={{ containIntrinsicSize: `auto ${lines.length * 40}px` }}>
        <ol className={styles["blockLines"]}>
          {lines.map((line, index) => {
            const newSpeaker = lines[index - 1]?.speakerId !== line.speakerId;
            return (
              <li key={line.sequence} className={styles["line"]} data-sequence={line.sequence}>
                <span className={styles["speaker"]} hidden={!newSpeaker}>
                  {nameOf(line.speakerId)}
                </span>
                <time className={styles["time"]}>{formatTimeline(line.startMs)}</time>
                <span className={styles["words"]}>
                  {line.text}
                  {line.source === "typed" && <span className={styles["typed"]}>{callStrings.typed}</span>}
                </span>
              </li>
            );
          })}
        </ol>
      </li>
    );
  },
  // Lines are only ever added, so the same ends and the same count are the same lines.
  (before, after) =>
    before.nameOf === after.nameOf &&
    before.lines.length === after.lines.length &&
    before.lines[0] === after.lines[0] &&
    before.lines.at(-1) === after.lines.at(-1),
);
