// Lines as they are shown: in blocks, turns of one speaker together, with what a search finds in them.
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import { parseTranscriptQuery } from "../../shared/transcript/search.ts";

export type TranscriptLine = Pick<
  TranscriptChunk,
  | "sequence"
  | "speakerId"
  | "speakerLabel"
  | "sourceLabel"
  | "text"
  | "startMs"
  | "endMs"
  | "source"
  | "edited"
>;

export interface ShownLine {
  line: TranscriptLine;
  /** The line opens a turn: the speaker's name stands above it. */
  opensTurn: boolean;
}

export const linesPerBlock = 50;

/** Blocks of fixed size, so that most stay as they are when lines are added. */
export function blocksOf(lines: readonly TranscriptLine[], size: number = linesPerBlock): ShownLine[][] {
  const blocks: ShownLine[][] = [];
  let speaker: string | null = null;
  lines.forEach((line, index) => {
    if (index % size === 0) blocks.push([]);
    blocks.at(-1)?.push({ line, opensTurn: line.speakerId !== speaker });
    speaker = line.speakerId;
  });
  return blocks;
}

export function sameBlock(one: readonly ShownLine[], other: readonly ShownLine[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ line, opensTurn }, index) => {
      const there = other[index];
      return there?.line === line && there.opensTurn === opensTurn;
    })
  );
}

/**
 * Both as one by sequence, a line read twice once: as it was corrected last. The first array itself where the second
 * brings nothing new.
 */
export function withLines<Line extends TranscriptLine>(
  known: readonly Line[],
  arrived: readonly Line[],
): readonly Line[] {
  const last = known.at(-1)?.sequence ?? 0;
  if (arrived.every(({ sequence }, index) => sequence > (arrived[index - 1]?.sequence ?? last))) {
    return arrived.length === 0 ? known : [...known, ...arrived];
  }
  const bySequence = new Map(known.map((line) => [line.sequence, line]));
  let changed = false;
  for (const line of arrived) {
    const there = bySequence.get(line.sequence);
    if (there !== undefined && !isNewer(line, there)) continue;
    bySequence.set(line.sequence, line);
    changed = true;
  }
  return changed ? [...bySequence.values()].sort((one, other) => one.sequence - other.sequence) : known;
}

/** Of two with the same correction as their last, the one that was read: one's own is shown without those before it. */
function isNewer(line: TranscriptLine, there: TranscriptLine): boolean {
  const [revision, known] = [line.edited?.revision ?? 0, there.edited?.revision ?? 0];
  if (revision !== known) return revision > known;
  return revision > 0 && (line.text !== there.text || line.speakerId !== there.speakerId);
}

/** Sequences of the lines that a search finds, in the order in which they are given. */
export function findLines(lines: readonly TranscriptLine[], query: string): number[] {
  const wanted = parseTranscriptQuery(query);
  if (wanted === null) return [];
  return lines.filter((line) => wanted.find(line.text) !== null).map((line) => line.sequence);
}

/** The text cut into found and other parts, for marking. */
export function markedParts(text: string, query: string): { text: string; found: boolean }[] {
  const parts: { text: string; found: boolean }[] = [];
  let at = 0;
  for (const { start, end } of parseTranscriptQuery(query)?.find(text) ?? []) {
    if (start > at) parts.push({ text: text.slice(at, start), found: false });
    parts.push({ text: text.slice(start, end), found: true });
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at), found: false });
  return parts;
}

/** `#t-12` → 12; null for anything else. */
export function sequenceOfHash(hash: string): number | null {
  const match = /^#t-(\d{1,9})$/.exec(hash);
  return match === null ? null : Number(match[1]);
}

/** The sequence to show for one that was asked for: itself, or the nearest before it that exists. */
export function nearestSequence(lines: readonly TranscriptLine[], wanted: number): number | null {
  const before = lines.map(({ sequence }) => sequence).filter((sequence) => sequence <= wanted);
  return before.length === 0
    ? (lines[0]?.sequence ?? null)
    : before.reduce((one, other) => Math.max(one, other));
}
