// Transcripts in WebVTT and SRT: cues with their times; speakers from voice tags or a name before a colon.
import {
  finishTranscript,
  parseClockTime,
  TranscriptImportError,
  type ImportedTranscript,
  type RawUtterance,
} from "./utterances.ts";

/** Where a file names nobody: one speaker, rather than no transcript. */
const unnamedSpeaker = "Speaker";

const arrow = /^(\S+)\s+-->\s+(\S+)(?:\s.*)?$/;
/** The line's own tag `<v Name>`, with or without classes. */
const voice = /^<v(?:\.[^\s>]*)?\s+([^>]{1,200})>/i;
const nameBeforeColon = /^([\p{L}][\p{L}\p{M}\p{N} .'’()_-]{0,60}):\s+(?=\S)/u;
const tag = /<[^<>]{0,200}>/g;

export function parseVttTranscript(content: string): ImportedTranscript {
  const lines = linesOf(content);
  if (!/^WEBVTT(?:[ \t]|$)/.test(lines[0] ?? ""))
    throw new TranscriptImportError("A WebVTT file begins with WEBVTT.", 1);
  return finishTranscript(cuesOf(lines, 1));
}

export function parseSrtTranscript(content: string): ImportedTranscript {
  return finishTranscript(cuesOf(linesOf(content), 0));
}

function linesOf(content: string): string[] {
  return content.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
}

function cuesOf(lines: readonly string[], from: number): RawUtterance[] {
  const cues: RawUtterance[] = [];
  let speaker = unnamedSpeaker;
  let at = from;
  while (at < lines.length) {
    const block = at;
    while (at < lines.length && lines[at]?.trim() !== "") at += 1;
    const body = lines.slice(block, at);
    at += 1;
    const times = body.findIndex((line) => line.includes("-->"));
    // Headers, notes, styles and regions have no times.
    if (times === -1 || isAside(body[0])) continue;
    // An identifier may stand before the times, nothing else.
    if (times > 1)
      throw new TranscriptImportError("The times of a cue are not where they belong.", block + times + 1);
    const { startMs, endMs } = timesOf(body[times] ?? "", block + times + 1);
    let said: string[] = [];
    const finish = () => {
      const text = said.join(" ").trim();
      if (text !== "") cues.push({ speaker, text, startMs, endMs, line: block + times + 1 });
      said = [];
    };
    for (const line of body.slice(times + 1)) {
      const named = speakerOf(line);
      if (named !== null) {
        finish();
        speaker = named.speaker;
      }
      said.push(plain(named?.rest ?? line));
    }
    finish();
  }
  return cues;
}

function isAside(first: string | undefined): boolean {
  return /^(?:NOTE|STYLE|REGION)(?:\s|$)/.test(first ?? "");
}

function timesOf(line: string, number: number): { startMs: number; endMs: number } {
  const match = arrow.exec(line.trim());
  const startMs = match === null ? null : parseClockTime(match[1] ?? "");
  const endMs = match === null ? null : parseClockTime(match[2] ?? "");
  if (startMs === null || endMs === null)
    throw new TranscriptImportError(
      "The times of a cue are not of the form 00:00:00.000 --> 00:00:00.000.",
      number,
    );
  return { startMs, endMs };
}

function speakerOf(line: string): { speaker: string; rest: string } | null {
  const dashless = line.trim().replace(/^[-–—]\s+/, "");
  const match = voice.exec(dashless) ?? nameBeforeColon.exec(dashless);
  const speaker = match?.[1]?.trim();
  if (match === null || speaker === undefined || speaker === "") return null;
  return { speaker, rest: dashless.slice(match[0].length) };
}

const entities: Record<string, string> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&nbsp;": " ",
  "&lrm;": "",
  "&rlm;": "",
};

function plain(line: string): string {
  return line
    .replace(tag, "")
    .replace(/&(?:amp|lt|gt|nbsp|lrm|rlm);/g, (entity) => entities[entity] ?? entity);
}
