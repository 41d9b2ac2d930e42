// Imports a recorded conversation: our JSON, QMSum's JSON, WebVTT, SRT or CSV, recognised by its content.
import { parseCsvTranscript, type CsvOptions } from "./csv.ts";
import { parseJsonTranscript } from "./json.ts";
import { parseSrtTranscript, parseVttTranscript } from "./subtitles.ts";
import { importLimits, TranscriptImportError, type ImportedTranscript } from "./utterances.ts";

export { importLimits, TranscriptImportError } from "./utterances.ts";
export type { ImportedTranscript, ImportedUtterance } from "./utterances.ts";

export type ImportOptions = CsvOptions;

/** Throws TranscriptImportError, whose message names the line where it can. Pure and bounded. */
export function importTranscript(content: string, options: ImportOptions = {}): ImportedTranscript {
  if (content.length > importLimits.fileMaxBytes)
    throw new TranscriptImportError(
      `The file is larger than ${importLimits.fileMaxBytes / 1024 / 1024} megabytes.`,
    );
  const head = content
    .slice(0, 2_000)
    .replace(/^\ufeff/, "")
    .trimStart();
  if (head === "") throw new TranscriptImportError("The file is empty.");
  if (head.startsWith("{")) return parseJsonTranscript(content);
  if (head.startsWith("WEBVTT")) return parseVttTranscript(content);
  if (/^(?:\d+\s*\r?\n)?\s*\d{1,3}:\d{1,2}:\d{1,2}[,.]\d{1,3}\s+-->/.test(head))
    return parseSrtTranscript(content);
  if (/^[^\r\n]*,[^\r\n]*/.test(head)) return parseCsvTranscript(content, options);
  throw new TranscriptImportError("The format is not known: JSON, WebVTT, SRT or CSV are.");
}
