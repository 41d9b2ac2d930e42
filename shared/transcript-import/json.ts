// Transcripts in JSON: our own form, and meetings in QMSum's.
import { z } from "zod";
import { finishTranscript, TranscriptImportError, type ImportedTranscript } from "./utterances.ts";

const ownSchema = z.object({
  utterances: z.array(
    z.object({
      speaker: z.string(),
      text: z.string(),
      startMs: z.number().optional(),
      endMs: z.number().optional(),
    }),
  ),
});
const qmsumSchema = z.object({
  meeting_transcripts: z.array(z.object({ speaker: z.string(), content: z.string() })),
});

export function parseJsonTranscript(content: string): ImportedTranscript {
  const value = readJson(content);
  if (typeof value === "object" && value !== null && "meeting_transcripts" in value) {
    const { meeting_transcripts: turns } = check(qmsumSchema, value);
    return finishTranscript(
      turns.map(({ speaker, content: text }, index) => ({
        speaker,
        text,
        startMs: null,
        endMs: null,
        line: index + 1,
      })),
    );
  }
  const { utterances } = check(ownSchema, value);
  return finishTranscript(
    utterances.map(({ speaker, text, startMs = null, endMs = null }, index) => ({
      speaker,
      text,
      startMs,
      endMs,
      line: index + 1,
    })),
  );
}

function readJson(content: string): unknown {
  try {
    return JSON.parse(content.replace(/^\ufeff/, ""));
  } catch {
    // The parser's own message quotes the text.
    throw new TranscriptImportError("The file is not valid JSON.");
  }
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = issue?.path.map(String).join(".") ?? "";
  throw new TranscriptImportError(
    place === ""
      ? "The file needs `utterances` (speaker, text) or `meeting_transcripts` (speaker, content)."
      : `\`${place}\` is not as expected.`,
  );
}
