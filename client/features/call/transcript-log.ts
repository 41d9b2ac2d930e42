// The transcript as one page holds it: in order, each line once, and how far it is known to be complete.
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";

export interface TranscriptLog {
  /** By sequence, ascending, without repeats. */
  chunks: readonly TranscriptChunk[];
  /** Everything up to and including this sequence is in `chunks`. */
  completeTo: number;
  /** The highest sequence heard of; beyond `completeTo` something may still be missing. */
  lastSequence: number;
}

export const emptyTranscript: TranscriptLog = { chunks: [], completeTo: 0, lastSequence: 0 };

/** Lines as they are broadcast: any order, any repeats. */
export function mergeChunks(log: TranscriptLog, arrived: readonly TranscriptChunk[]): TranscriptLog {
  const chunks = mergeBySequence(log.chunks, arrived);
  if (chunks === log.chunks) return log;
  return {
    chunks,
    completeTo: advance(chunks, log.completeTo),
    lastSequence: Math.max(log.lastSequence, chunks.at(-1)?.sequence ?? 0),
  };
}

export interface TranscriptPageRead {
  fromSequence: number;
  chunks: readonly TranscriptChunk[];
  /** Null: the page reaches the end, `lastSequence`. */
  nextFromSequence: number | null;
  lastSequence: number;
}

/** A page as it was read: it says itself how far it is complete, so that a missing number is not asked for again. */
export function mergePage(log: TranscriptLog, page: TranscriptPageRead): TranscriptLog {
  const merged = mergeChunks(log, page.chunks);
  const lastSequence = Math.max(merged.lastSequence, page.lastSequence);
  if (page.fromSequence > merged.completeTo + 1) return { ...merged, lastSequence };
  const coveredTo = page.nextFromSequence === null ? page.lastSequence : page.nextFromSequence - 1;
  const completeTo = advance(merged.chunks, Math.max(merged.completeTo, coveredTo));
  return { ...merged, lastSequence, completeTo };
}

/** Where to read on, or null while nothing is known to be missing. */
export function missingFrom(log: TranscriptLog): number | null {
  return log.completeTo < log.lastSequence ? log.completeTo + 1 : null;
}

/** The highest sequence that is reached from `from` without a missing one. */
export function advance(items: readonly { sequence: number }[], from: number): number {
  let completeTo = from;
  for (let index = firstAfter(items, from); index < items.length; index += 1) {
    if (items[index]?.sequence !== completeTo + 1) break;
    completeTo += 1;
  }
  return completeTo;
}

/** Index of the first item with a higher sequence. */
function firstAfter(items: readonly { sequence: number }[], sequence: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.sequence ?? Infinity) <= sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Both lists as one; the first list itself where nothing in the second is new. */
export function mergeBySequence<Item extends { sequence: number }>(
  known: readonly Item[],
  arrived: readonly Item[],
): readonly Item[] {
  const sorted = [...arrived].sort((one, other) => one.sequence - other.sequence);
  const fresh = sorted.filter(
    (item, index) =>
      sorted[index - 1]?.sequence !== item.sequence &&
      known[firstAfter(known, item.sequence) - 1]?.sequence !== item.sequence,
  );
  const [first] = fresh;
  if (first === undefined) return known;
  const keep = firstAfter(known, first.sequence);
  if (keep === known.length) return [...known, ...fresh];
  const tail = [...known.slice(keep), ...fresh].sort((one, other) => one.sequence - other.sequence);
  return [...known.slice(0, keep), ...tail];
}
