// How a correction changes a line: one rule for the server, which reads, and for pages, which hear of it live.
import type { Correction } from "../schemas/transcript-corrections.ts";
import type { TranscriptChunk } from "../schemas/transcripts.ts";

/**
 * The line after the correction; the same object where it does not touch it, or where it is in the line already.
 * Corrections are applied in order of revision; one that is applied again changes nothing.
 */
export function applyCorrection<Line extends CorrectableLine>(line: Line, correction: Correction): Line {
  const { revision, at } = correction;
  if (revision <= (line.edited?.revision ?? 0) || !touches(correction, line)) return line;
  const text = correction.kind === "text" ? correction.text : line.text;
  const edited = {
    revision,
    at,
    text: line.edited?.text === true || text !== line.text,
    speaker: line.edited?.speaker === true || correction.kind !== "text",
  };
  if (correction.kind === "text") return { ...line, text, edited };
  const { speakerLabel: _, ...rest } = line;
  const { speakerId, speakerLabel } = correction;
  return { ...(rest as Line), speakerId, ...(speakerLabel === null ? {} : { speakerLabel }), edited };
}

/** Part of a chunk that corrections read and write. */
export type CorrectableLine = Pick<
  TranscriptChunk,
  "sequence" | "speakerId" | "speakerLabel" | "sourceLabel" | "text" | "edited"
>;

/** Lines after these corrections, which are in order of revision; the same array where nothing changes. */
export function applyCorrections<Line extends CorrectableLine>(
  lines: readonly Line[],
  corrections: readonly Correction[],
): readonly Line[] {
  if (corrections.length === 0) return lines;
  const everywhere = corrections.filter(({ kind }) => kind === "speaker");
  const ofLine = new Map<number, Correction[]>();
  for (const correction of corrections) {
    if (correction.kind === "speaker") continue;
    const known = ofLine.get(correction.sequence);
    if (known === undefined) ofLine.set(correction.sequence, [correction]);
    else known.push(correction);
  }
  let changed = false;
  const corrected = lines.map((line) => {
    const own = ofLine.get(line.sequence);
    const due = own === undefined ? everywhere : inOrder([...own, ...everywhere]);
    const after = due.reduce((now, correction) => applyCorrection(now, correction), line);
    changed ||= after !== line;
    return after;
  });
  return changed ? corrected : lines;
}

function inOrder(corrections: Correction[]): Correction[] {
  return corrections.sort((one, other) => one.revision - other.revision);
}

function touches(correction: Correction, line: CorrectableLine): boolean {
  if (correction.kind !== "speaker") return correction.sequence === line.sequence;
  const { fromLabel, fromSpeakerId, throughSequence } = correction;
  if (throughSequence !== null && line.sequence > throughSequence) return false;
  return fromLabel !== null ? line.sourceLabel === fromLabel : line.speakerId === fromSpeakerId;
}
