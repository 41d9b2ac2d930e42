// Transcripts in CSV (RFC 4180): a speaker and a text column under one of their usual names, times where there are any.
import {
  finishTranscript,
  parseClockTime,
  TranscriptImportError,
  type ImportedTranscript,
  type RawUtterance,
} from "./utterances.ts";

export interface CsvOptions {
  /** Which conversation, where a `transcript_id` column tells several apart; the first one without it. */
  transcriptId?: string;
}

const columnNames = {
  speaker: ["speaker", "interlocutor", "name"],
  text: ["text", "utterance_text", "content", "utterance"],
  start: ["timestamp", "start", "start_time", "time"],
  transcript: ["transcript_id"],
  utterance: ["utterance_id"],
} as const;

const rowMaxFields = 1_000;

export function parseCsvTranscript(content: string, options: CsvOptions = {}): ImportedTranscript {
  const rows = readRows(content);
  const header = rows.next().value;
  if (header === undefined) throw new TranscriptImportError("The file is empty.");
  const column = columnsOf(header);
  const wanted = options.transcriptId ?? null;
  let chosen: string | null = wanted;
  let someRow = false;
  const seen = new Set<string>();
  const utterances: RawUtterance[] = [];
  for (const { fields, line } of rows) {
    if (fields.length === 1 && fields[0]?.trim() === "") continue;
    someRow = true;
    if (fields.length !== header.fields.length)
      throw new TranscriptImportError(
        `${fields.length} fields where the header has ${header.fields.length}.`,
        line,
      );
    const field = (index: number | null) => (index === null ? null : (fields[index] ?? ""));
    const transcript = field(column.transcript);
    if (transcript !== null) {
      chosen ??= transcript;
      if (transcript !== chosen) continue;
    }
    // Several annotators' rows of one utterance are one utterance.
    const utterance = field(column.utterance);
    if (utterance !== null && utterance !== "") {
      if (seen.has(utterance)) continue;
      seen.add(utterance);
    }
    utterances.push({
      speaker: field(column.speaker) ?? "",
      text: field(column.text) ?? "",
      startMs: timeOf(field(column.start), line),
      endMs: null,
      line,
    });
  }
  if (wanted !== null && column.transcript === null)
    throw new TranscriptImportError("The file has no transcript_id column to choose a transcript by.");
  if (someRow && utterances.length === 0 && wanted !== null)
    throw new TranscriptImportError("The file has no transcript with this id.");
  return finishTranscript(utterances);
}

/** Every row under the names of its header's columns. Throws TranscriptImportError where a row has another number of fields. */
export function* csvRecords(content: string): Generator<{ record: Record<string, string>; line: number }> {
  const rows = readRows(content);
  const header = rows.next().value;
  if (header === undefined) throw new TranscriptImportError("The file is empty.");
  for (const { fields, line } of rows) {
    if (fields.length === 1 && fields[0]?.trim() === "") continue;
    if (fields.length !== header.fields.length)
      throw new TranscriptImportError(
        `${fields.length} fields where the header has ${header.fields.length}.`,
        line,
      );
    yield {
      record: Object.fromEntries(header.fields.map((name, index) => [name.trim(), fields[index] ?? ""])),
      line,
    };
  }
}

function columnsOf({ fields, line }: Row) {
  const names = fields.map((name) => name.trim().toLowerCase());
  const find = (candidates: readonly string[]): number | null => {
    const index = names.findIndex((name) => candidates.includes(name));
    return index === -1 ? null : index;
  };
  const speaker = find(columnNames.speaker);
  const text = find(columnNames.text);
  if (speaker === null || text === null)
    throw new TranscriptImportError(
      `The header needs a speaker column (${columnNames.speaker.join(", ")}) and a text column (${columnNames.text.join(", ")}).`,
      line,
    );
  return {
    speaker,
    text,
    start: find(columnNames.start),
    transcript: find(columnNames.transcript),
    utterance: find(columnNames.utterance),
  };
}

function timeOf(text: string | null, line: number): number | null {
  if (text === null || text.trim() === "") return null;
  const time = parseClockTime(text);
  if (time === null) throw new TranscriptImportError("The time is not of the form hh:mm:ss.", line);
  return time;
}

interface Row {
  fields: string[];
  /** Where the row begins, counted from 1. */
  line: number;
}

/** Rows one after another; quoted fields may hold commas, line breaks and doubled quotes. */
function* readRows(content: string): Generator<Row, undefined> {
  const text = content.startsWith("\ufeff") ? content.slice(1) : content;
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const startLine = line;
    const fields: string[] = [];
    for (;;) {
      let field: string;
      if (text[at] === '"') {
        const end = closingQuote(text, at, startLine);
        field = text.slice(at + 1, end).replaceAll('""', '"');
        line += countLineBreaks(text, at, end);
        at = end + 1;
        if (at < text.length && !/[,\r\n]/.test(text[at] ?? ""))
          throw new TranscriptImportError("A closing quote is followed by something else.", line);
      } else {
        let end = at;
        while (end < text.length && text[end] !== "," && text[end] !== "\n") end += 1;
        field = text.slice(at, end).replace(/\r$/, "");
        at = end;
      }
      fields.push(field);
      if (fields.length > rowMaxFields)
        throw new TranscriptImportError("The row has too many fields.", startLine);
      if (text[at] !== ",") break;
      at += 1;
    }
    if (text[at] === "\r") at += 1;
    if (text[at] === "\n") at += 1;
    line += 1;
    yield { fields, line: startLine };
  }
  return undefined;
}

function closingQuote(text: string, openedAt: number, line: number): number {
  let at = openedAt + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) throw new TranscriptImportError("A quote is opened and never closed.", line);
    if (text[quote + 1] !== '"') return quote;
    at = quote + 2;
  }
}

function countLineBreaks(text: string, from: number, until: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at !== -1 && at < until; at = text.indexOf("\n", at + 1))
    count += 1;
  return count;
}
