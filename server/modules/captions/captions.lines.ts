// What a service heard in a piece, as lines on the meeting's timeline. Pure.
import { limits } from "../../../shared/limits.ts";
import type { SpeechPieceQuery } from "../../../shared/schemas/speech.ts";
import type { AppendChunk } from "../../../shared/schemas/transcripts.ts";
import type { SpokenText } from "../../vendors/speech/index.ts";

/** As browsers' own recognition has it, where it is not told. */
const unknownConfidence = 0.5;

/** One a segment, or one for the whole piece; none where nothing was said. Times stay within the piece. */
export function linesOf(piece: SpeechPieceQuery, { text, segments }: SpokenText): AppendChunk[] {
  const { key, startMs, durationMs } = piece;
  const within = (ms: number) => startMs + Math.min(Math.max(0, Math.round(ms)), durationMs);
  const heard = segments.length > 0 ? segments : [{ startMs: 0, endMs: durationMs, text }];
  return heard
    .map((segment) => ({ ...segment, text: segment.text.trim() }))
    .filter((segment) => isWords(segment.text))
    .slice(0, limits.speechLinesPerPiece)
    .map((segment, index) => ({
      clientKey: keyOf(key, index),
      text: segment.text.slice(0, limits.chunkTextMaxChars).toWellFormed(),
      confidence: ("confidence" in segment ? segment.confidence : undefined) ?? unknownConfidence,
      startMs: within(segment.startMs),
      endMs: Math.max(within(segment.startMs), within(segment.endMs)),
      source: "speech" as const,
    }));
}

export function keyOf(pieceKey: string, index: number): string {
  return `${pieceKey}/${index}`;
}

/** Services write "…" or "♪" of what is no speech. */
function isWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
