// Cuts a posting's text where its quotes begin and end, so that each piece is shown once, with what it is quoted for.
import type { Rubric } from "../../../../shared/schemas/career/rubric.ts";

export interface TextPiece {
  text: string;
  start: number;
  /** The requirement that quotes it; null where none does. */
  reqId: string | null;
  type: "must" | "nice" | null;
}

/** Together the pieces are the text. Where quotes overlap, the one that begins first stands. */
export function piecesOf(text: string, requirements: Rubric["requirements"]): TextPiece[] {
  const quotes = requirements
    .flatMap(({ reqId, type, jdOffsets }) => jdOffsets.map(({ start, end }) => ({ reqId, type, start, end })))
    .filter(({ start, end }) => start < end && end <= text.length)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const { start, end, reqId, type } of quotes) {
    if (start < at) continue;
    if (start > at) pieces.push({ text: text.slice(at, start), start: at, reqId: null, type: null });
    pieces.push({ text: text.slice(start, end), start, reqId, type });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), start: at, reqId: null, type: null });
  return pieces;
}
