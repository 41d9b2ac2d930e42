// The live transcript: chunks as they arrive, and the segments made of them.
import { z } from "zod";
import { meetingIdSchema, segmentIdSchema, userIdSchema } from "../ids.ts";
import { limits } from "../limits.ts";
import { clientKeySchema, requiredText, timestampSchema } from "./common.ts";

export const transcriptSourceSchema = z.enum(["speech", "typed", "import", "vendor"]);
export type TranscriptSource = z.infer<typeof transcriptSourceSchema>;

const timelineMs = z.number().int().min(0).max(limits.timelineMaxMs);

/** What a recogniser or a file calls a speaker of whom nobody has said who it is. */
export const speakerLabelSchema = requiredText(limits.speakerLabelMaxChars);

/**
 * One utterance to append. `clientKey` makes a retry harmless; `startMs`/`endMs` are milliseconds since the meeting
 * started. Without `speakerId` and `speakerLabel` the sender is the speaker; only a host may append for somebody else.
 */
export const appendChunkSchema = z
  .object({
    clientKey: clientKeySchema,
    speakerId: userIdSchema.optional(),
    speakerLabel: speakerLabelSchema.optional(),
    text: requiredText(limits.chunkTextMaxChars),
    confidence: z.number().min(0).max(1),
    startMs: timelineMs,
    endMs: timelineMs,
    source: transcriptSourceSchema.optional(),
  })
  .refine((chunk) => chunk.endMs >= chunk.startMs, {
    message: "endMs must not lie before startMs",
    path: ["endMs"],
  })
  .refine((chunk) => chunk.speakerId === undefined || chunk.speakerLabel === undefined, {
    message: "name the speaker by speakerId or by speakerLabel, not by both",
    path: ["speakerLabel"],
  });
export type AppendChunk = z.infer<typeof appendChunkSchema>;

export const appendTranscriptSchema = z.object({
  chunks: z.array(appendChunkSchema).min(1).max(limits.transcriptAppendMaxChunks),
});

/**
 * What a recogniser's webhook delivers. `clientKey` is the vendor's own id of the utterance, so that a delivery which is
 * repeated changes nothing; nobody sends it, so each chunk names its speaker; the meeting is named in what is signed.
 */
export const transcriptWebhookSchema = z.object({
  meetingId: meetingIdSchema,
  chunks: z
    .array(
      appendChunkSchema.refine(
        ({ speakerId, speakerLabel }) => speakerId !== undefined || speakerLabel !== undefined,
        { message: "name the speaker by speakerId or by speakerLabel", path: ["speakerLabel"] },
      ),
    )
    .min(1)
    .max(limits.transcriptAppendMaxChunks),
});

/**
 * Sequences of the batch after it is durable. A repeated chunk keeps the sequence of its first arrival, so the range
 * spans the lowest and highest sequence of the batch.
 */
export const appendedSchema = z.object({
  firstSequence: z.number().int(),
  lastSequence: z.number().int(),
  /** Lines of a vendor's delivery that were not stored, because their speakers do not want it; absent where there are none. */
  withheld: z.number().int().optional(),
});
export type Appended = z.infer<typeof appendedSchema>;

export const transcriptChunkSchema = z.object({
  sequence: z.number().int().min(1),
  clientKey: z.string(),
  /** A person of the meeting, or an id that stands for a label in this meeting alone. */
  speakerId: userIdSchema,
  /** The speaker's name where it is a label and no person. */
  speakerLabel: z.string().optional(),
  /** The label the line came with, whoever it is given to now. */
  sourceLabel: z.string().optional(),
  text: z.string(),
  confidence: z.number(),
  startMs: z.number().int(),
  endMs: z.number().int(),
  source: transcriptSourceSchema,
  createdAt: timestampSchema,
  /** The latest correction in it, and what corrections have changed; absent where there was none. */
  edited: z
    .object({
      revision: z.number().int().min(1),
      at: timestampSchema,
      text: z.boolean(),
      speaker: z.boolean(),
    })
    .optional(),
});
export type TranscriptChunk = z.infer<typeof transcriptChunkSchema>;

export const transcriptQuerySchema = z.object({
  fromSequence: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(limits.transcriptPageMaxChunks).default(200),
});

/**
 * Chunks with `sequence >= fromSequence`, in order of sequence; `lastSequence` is the meeting's highest at the time of
 * reading, `revision` the latest correction that is surely in them.
 */
export const transcriptPageSchema = z.object({
  chunks: z.array(transcriptChunkSchema),
  lastSequence: z.number().int(),
  revision: z.number().int(),
  nextFromSequence: z.number().int().nullable(),
});
export type TranscriptPage = z.infer<typeof transcriptPageSchema>;

export const segmentSchema = z.object({
  id: segmentIdSchema,
  meetingId: meetingIdSchema,
  startMs: z.number().int(),
  endMs: z.number().int(),
  firstSequence: z.number().int(),
  lastSequence: z.number().int(),
  speakers: z.array(userIdSchema),
  text: z.string(),
  /** Which of the call's topics it belongs to, from 0 on; null where no machine has looked. */
  stretch: z.number().int().nullable(),
  /** What that topic is called by, in words that were said. */
  topics: z.array(z.string()),
  /** Terms that the call keeps coming back to and that are said here. */
  keyTerms: z.array(z.string()),
  /** Words of ease against words of strain, by a list of English words; null where none was said. */
  sentiment: z.number().min(-1).max(1).nullable(),
});
export type Segment = z.infer<typeof segmentSchema>;

/** A stretch of the call that is about one matter. */
export const topicSchema = z.object({
  /** Words that were said in it, most telling first; none where nothing stands out. */
  labels: z.array(z.string()),
  startMs: z.number().int(),
  endMs: z.number().int(),
  /** Of the line that it begins with. */
  firstSequence: z.number().int(),
  segments: z.number().int(),
});
export type Topic = z.infer<typeof topicSchema>;

/** `live`: the call is running, and its last topics may still be divided otherwise. */
export const topicsSchema = z.object({ items: z.array(topicSchema), live: z.boolean() });
export type Topics = z.infer<typeof topicsSchema>;
