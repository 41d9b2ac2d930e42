// Pieces of somebody's microphone on their way to the speech service.
import { z } from "zod";
import { limits } from "../limits.ts";
import { clientKeySchema } from "./common.ts";

/** Around the sound, which is the body. `key` makes a retry harmless; times are milliseconds, as of transcript chunks. */
export const speechPieceQuerySchema = z.object({
  key: clientKeySchema.max(limits.clientKeyMaxChars - speechKeySuffixMaxChars()),
  startMs: z.coerce
    .number()
    .int()
    .min(0)
    .max(limits.timelineMaxMs - limits.speechPieceMaxMs),
  durationMs: z.coerce.number().int().min(1).max(limits.speechPieceMaxMs),
  /** As ISO 639-1, where it is known. */
  language: z
    .string()
    .regex(/^[a-z]{2}$/, "must be two letters such as en")
    .optional(),
});
export type SpeechPieceQuery = z.infer<typeof speechPieceQuerySchema>;

/** Each line of a piece has a key of its own: the piece's, and its place. */
function speechKeySuffixMaxChars(): number {
  return `/${limits.speechLinesPerPiece}`.length;
}

/** What became of it: its lines reach everybody as all lines do. Both null where nothing was heard. */
export const speechPieceSchema = z.object({
  firstSequence: z.number().int().nullable(),
  lastSequence: z.number().int().nullable(),
});
export type SpeechPiece = z.infer<typeof speechPieceSchema>;
