// Corrections of a transcript: a line's words, one line's speaker, or a speaker everywhere; numbered by revision.
import { z } from "zod";
import { userIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { clientKeySchema, requiredText, timestampSchema } from "./common.ts";
import { speakerLabelSchema } from "./transcripts.ts";

export const lineSequenceSchema = z.coerce.number().int().min(1).max(1_000_000_000);
const sequence = z.number().int().min(1).max(1_000_000_000);

/** `clientKey` makes a retry harmless. */
export const editLineSchema = z.object({
  clientKey: clientKeySchema,
  text: requiredText(limits.chunkTextMaxChars),
});
export type EditLine = z.infer<typeof editLineSchema>;

/** Somebody by id, or by a label: the name of somebody who is no person of the meeting. */
const speakerSchema = z.union([
  z.strictObject({ speakerId: userIdSchema }),
  z.strictObject({ label: speakerLabelSchema }),
]);
export type Speaker = z.infer<typeof speakerSchema>;

/**
 * `line` gives one line to `to`. `everywhere` gives it every line of `from`: of a label all that came or will come with
 * it, of an id those that are that speaker's now.
 */
export const renameSpeakerSchema = z.discriminatedUnion("scope", [
  z.object({ scope: z.literal("line"), clientKey: clientKeySchema, sequence, to: speakerSchema }),
  z.object({
    scope: z.literal("everywhere"),
    clientKey: clientKeySchema,
    from: speakerSchema,
    to: speakerSchema,
  }),
]);
export type RenameSpeaker = z.infer<typeof renameSpeakerSchema>;

const numbered = z.object({ revision: z.number().int().min(1), at: timestampSchema, authorId: userIdSchema });
const newSpeaker = { speakerId: userIdSchema, speakerLabel: z.string().nullable() };

/** What `applyCorrection` understands: the same on the server, in events and in the browser. */
export const correctionSchema = z.discriminatedUnion("kind", [
  numbered.extend({ kind: z.literal("text"), sequence, text: z.string() }),
  numbered.extend({ kind: z.literal("line-speaker"), sequence, ...newSpeaker }),
  numbered.extend({
    kind: z.literal("speaker"),
    /** Exactly one of the two is given. */
    fromSpeakerId: userIdSchema.nullable(),
    fromLabel: z.string().nullable(),
    /** Later lines keep their speaker; null where there is no such end. */
    throughSequence: z.number().int().nullable(),
    ...newSpeaker,
  }),
]);
export type Correction = z.infer<typeof correctionSchema>;

const wording = z.object({ text: z.string(), speakerId: userIdSchema, speakerLabel: z.string().nullable() });

/** The line as it came, and as it was after each correction that touched it, oldest first. */
export const lineHistorySchema = z.object({
  sequence: z.number().int(),
  original: wording.extend({ at: timestampSchema }),
  changes: z.array(
    wording.extend({ revision: z.number().int(), at: timestampSchema, authorId: userIdSchema }),
  ),
});
export type LineHistory = z.infer<typeof lineHistorySchema>;
