// The transcript as one page holds it: in order, each line once, and how far it is known to be complete.
import type { Correction } from "../../../shared/schemas/transcript-corrections.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { applyCorrections } from "../../../shared/transcript/corrections.ts";

export interface TranscriptLog {
  /** By sequence, ascending, without repeats. */
  chunks: readonly TranscriptChunk[];
  /** Everything up to and including this sequence is in `chunks`. */
  completeTo: number;
  /** The highest sequence heard of; beyond `completeTo` something may still be missing. */
  lastSequence: number;
  /** Every correction up to this one is in `chunks`; null until a page has told. */
  revision: number | null;
  /** The highest one heard of. */
  lastRevision: number;
  /** Heard lately: a line may arrive after its correction. */
  corrections: readonly Correction[];
}

const keptCorrections = 200;

export const emptyTranscript: TranscriptLog = {
  chunks: [],
  completeTo: 0,
  lastSequence: 0,
  revision: null,
  lastRevision: 0,
  corrections: [],
};

/** Lines as they are broadcast: any order, any repeats. */
export function mergeChunks(log: TranscriptLog, arrived: readonly TranscriptChunk[]): TranscriptLog {
  const chunks = mergeBySequence(log.chunks, applyCorrections(arrived, correctionsInTurn(log)));
  if (chunks === log.chunks) return log;
  return {
    ...log,
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

/**
 * A correction as it is broadcast, or as one's own was answered: any repeats. One that comes before its turn waits for
 * those before it: a line tells of its latest correction alone, and an earlier one would be taken for done.
 */
export function mergeCorrection(log: TranscriptLog, correction: Correction): TranscriptLog {
  if (log.corrections.some(({ revision }) => revision === correction.revision)) return log;
  const corrections = [...log.corrections, correction].sort((one, other) => one.revision - other.revision);
  const lastRevision = Math.max(log.lastRevision, correction.revision);
  const heard = { ...log, corrections, lastRevision };
  const merged =
    log.revision === null
      ? { ...heard, chunks: applyCorrections(log.chunks, [correction]) }
      : correctedTo(heard, log.revision);
  return { ...merged, corrections: corrections.slice(-keptCorrections) };
}

/** Some were made while nothing could be heard. */
export function heardOfRevision(log: TranscriptLog, revision: number): TranscriptLog {
  return { ...log, lastRevision: Math.max(log.lastRevision, revision) };
}

/** What has been read holds every correction up to `revision`. */
export function correctedTo(log: TranscriptLog, revision: number): TranscriptLog {
  const from = log.revision ?? 0;
  const reached = advanceRevision(log.corrections, Math.max(from, revision));
  const due = log.corrections.filter((one) => one.revision > from && one.revision <= reached);
  return {
    ...log,
    chunks: applyCorrections(log.chunks, due),
    revision: reached,
    lastRevision: Math.max(log.lastRevision, reached),
  };
}

/** Those that wait for their turn are left out. */
function correctionsInTurn({ corrections, revision: reached }: TranscriptLog): readonly Correction[] {
  return reached === null ? corrections : corrections.filter(({ revision }) => revision <= reached);
}

/** Whether a correction was missed: then all lines are read again. */
export function missesCorrections({ revision, lastRevision }: TranscriptLog): boolean {
  return revision !== null && revision < lastRevision;
}

function advanceRevision(corrections: readonly Correction[], from: number): number {
  return corrections.reduce((reached, { revision }) => (revision === reached + 1 ? revision : reached), from);
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

/** Both lists as one, of two states of a line the later; the first list itself where nothing in the second is new. */
export function mergeBySequence<Item extends { sequence: number; edited?: { revision: number } | undefined }>(
  before: readonly Item[],
  arrived: readonly Item[],
): readonly Item[] {
  const known = withNewerStates(before, arrived);
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

function withNewerStates<Item extends { sequence: number; edited?: { revision: number } | undefined }>(
  known: readonly Item[],
  arrived: readonly Item[],
): readonly Item[] {
  let changed: Item[] | null = null;
  for (const item of arrived) {
    if (item.edited === undefined) continue;
    const at = firstAfter(known, item.sequence) - 1;
    const there = (changed ?? known)[at];
    if (there?.sequence !== item.sequence || (there.edited?.revision ?? 0) >= item.edited.revision) continue;
    changed ??= [...known];
    changed[at] = item;
  }
  return changed ?? known;
}
