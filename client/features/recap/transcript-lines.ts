// The transcript as the page shows it: turns of one speaker together, in blocks, with what a search finds.
import type { UserId } from "../../../shared/ids.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";

export type TranscriptLine = Pick<
  TranscriptChunk,
  "sequence" | "speakerId" | "text" | "startMs" | "endMs" | "source"
>;

export interface ShownLine {
  line: TranscriptLine;
  /** The line opens a turn: the speaker's name stands above it. */
  opensTurn: boolean;
}

export interface LineBlock {
  /** Sequence of its first line, which names it. */
  first: number;
  last: number;
  lines: ShownLine[];
}

export const linesPerBlock = 50;

/** Blocks of fixed size: blocks that are full never change as further lines arrive. */
export function blocksOf(lines: readonly TranscriptLine[], size: number = linesPerBlock): LineBlock[] {
  const blocks: LineBlock[] = [];
  for (let at = 0; at < lines.length; at += size) {
    const part = lines.slice(at, at + size);
    const [first] = part;
    const last = part.at(-1);
    if (first === undefined || last === undefined) continue;
    let speaker: UserId | null = lines[at - 1]?.speakerId ?? null;
    const shown = part.map((line) => {
      const opensTurn = line.speakerId !== speaker;
      speaker = line.speakerId;
      return { line, opensTurn };
    });
    blocks.push({ first: first.sequence, last: last.sequence, lines: shown });
  }
  return blocks;
}

/** Adds a page to what was read, by sequence: a page read twice doubles nothing. */
export function withPage(
  lines: readonly TranscriptLine[],
  page: readonly TranscriptLine[],
): TranscriptLine[] {
  const last = lines.at(-1)?.sequence ?? 0;
  return [...lines, ...page.filter((line) => line.sequence > last)];
}

/** Sequences of the lines that contain the words, regardless of case and accents. */
export function findLines(lines: readonly TranscriptLine[], query: string): number[] {
  const wanted = folded(query.trim());
  if (wanted === "") return [];
  return lines.filter((line) => folded(line.text).includes(wanted)).map((line) => line.sequence);
}

/** The text cut into found and other parts, for marking. */
export function markedParts(text: string, query: string): { text: string; found: boolean }[] {
  const wanted = folded(query.trim());
  const searched = folded(text);
  // Folding may change lengths in some scripts: positions would be wrong then, so nothing is marked.
  if (wanted === "" || searched.length !== text.length) return [{ text, found: false }];
  const parts: { text: string; found: boolean }[] = [];
  let at = 0;
  for (let hit = searched.indexOf(wanted); hit !== -1; hit = searched.indexOf(wanted, at)) {
    if (hit > at) parts.push({ text: text.slice(at, hit), found: false });
    parts.push({ text: text.slice(hit, hit + wanted.length), found: true });
    at = hit + wanted.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), found: false });
  return parts;
}

/** `#t-12` → 12; null for anything else. */
export function sequenceOfHash(hash: string): number | null {
  const match = /^#t-(\d{1,9})$/.exec(hash);
  return match === null ? null : Number(match[1]);
}

/** The sequence to show for one that was asked for: itself, or the last one before it that exists. */
export function nearestSequence(lines: readonly TranscriptLine[], wanted: number): number | null {
  let found: number | null = null;
  for (const line of lines) {
    if (line.sequence > wanted) break;
    found = line.sequence;
  }
  return found ?? lines[0]?.sequence ?? null;
}

// Letter by letter, so that lengths stay: "é" is found by "e", and "ß" stays "ß".
function folded(text: string): string {
  return Array.from(text.normalize("NFC"), (letter) => {
    const plain = letter.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase("en");
    return plain.length === letter.length ? plain : letter;
  }).join("");
}
