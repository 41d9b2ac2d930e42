// What every import format is brought to, its bounds, and errors that say where the file is wrong.

export interface ImportedUtterance {
  speaker: string;
  text: string;
  /** Milliseconds since the start of the conversation. */
  startMs: number;
  endMs: number;
}

export interface ImportedTranscript {
  /** In order; starts never fall. */
  utterances: ImportedUtterance[];
  /** Distinct, in order of first appearance. */
  speakers: string[];
  /** At least one time was not in the file and follows from the number of words. */
  timesEstimated: boolean;
}

export const importLimits = {
  fileMaxBytes: 20 * 1024 * 1024,
  utterancesMax: 50_000,
  speakersMax: 500,
  speakerMaxChars: 120,
  textMaxChars: 4_000,
  /** A day: longer than any call. */
  timelineMaxMs: 24 * 60 * 60 * 1_000,
} as const;

/** A file that cannot be imported; the message tells where and why, never what was said. */
export class TranscriptImportError extends Error {
  readonly line: number | null;

  constructor(message: string, line: number | null = null) {
    super(line === null ? message : `Line ${line}: ${message}`);
    this.name = "TranscriptImportError";
    this.line = line;
  }
}

/** An utterance as a format gives it; missing times are filled in later. */
export interface RawUtterance {
  speaker: string;
  text: string;
  startMs: number | null;
  endMs: number | null;
  /** Where it stands in the file, for errors; for formats without lines its number. */
  line: number;
}

/** Usual pace of conversation. */
const wordsPerMinute = 150;
const leastMs = 400;

/**
 * Checks bounds, fills in missing times at 150 words a minute and sorts by start. Throws TranscriptImportError for an
 * empty transcript, for times that are no times and for what is too long; nothing is cut off silently.
 */
export function finishTranscript(raw: readonly RawUtterance[]): ImportedTranscript {
  const spoken = raw
    .map((one) => ({ ...one, speaker: clean(one.speaker), text: clean(one.text) }))
    .filter(({ text }) => text !== "");
  if (spoken.length === 0) throw new TranscriptImportError("The file has no utterances.");
  if (spoken.length > importLimits.utterancesMax)
    throw new TranscriptImportError(`A transcript has at most ${importLimits.utterancesMax} utterances.`);
  for (const one of spoken) assertUtterance(one);

  const ordered = spoken
    .map((one, index) => ({ ...one, index }))
    .sort((a, b) => (a.startMs ?? -1) - (b.startMs ?? -1) || a.index - b.index);
  // Only where every start is known can the file's order be improved on.
  const source = spoken.every(({ startMs }) => startMs !== null) ? ordered : spoken;
  let timesEstimated = false;
  let clockMs = 0;
  const utterances = source.map(({ speaker, text, startMs, endMs, line }, index): ImportedUtterance => {
    const start = Math.max(startMs ?? clockMs, 0);
    const next = source[index + 1]?.startMs ?? null;
    const spokenMs = Math.max(leastMs, Math.round((countWords(text) / wordsPerMinute) * 60_000));
    // Never beyond the start of the next one, where that is known: the file knows better than the usual pace.
    const estimated = next !== null && next > start ? Math.min(start + spokenMs, next) : start + spokenMs;
    if (startMs === null || endMs === null) timesEstimated = true;
    const end = Math.max(endMs ?? estimated, start);
    if (end > importLimits.timelineMaxMs)
      throw new TranscriptImportError("The conversation lasts longer than a day.", line);
    clockMs = Math.max(clockMs, end);
    return { speaker, text, startMs: start, endMs: end };
  });
  const speakers = [...new Set(utterances.map(({ speaker }) => speaker))];
  if (speakers.length > importLimits.speakersMax)
    throw new TranscriptImportError(`A transcript has at most ${importLimits.speakersMax} speakers.`);
  return { utterances, speakers, timesEstimated };
}

function assertUtterance({ speaker, text, startMs, endMs, line }: RawUtterance): void {
  if (speaker === "") throw new TranscriptImportError("The speaker is missing.", line);
  if (speaker.length > importLimits.speakerMaxChars)
    throw new TranscriptImportError(
      `The speaker's name has more than ${importLimits.speakerMaxChars} characters.`,
      line,
    );
  if (text.length > importLimits.textMaxChars)
    throw new TranscriptImportError(
      `The utterance has more than ${importLimits.textMaxChars} characters.`,
      line,
    );
  for (const time of [startMs, endMs]) {
    if (time === null) continue;
    if (!Number.isFinite(time) || time < 0 || time > importLimits.timelineMaxMs)
      throw new TranscriptImportError("The time does not lie within a day.", line);
  }
  if (startMs !== null && endMs !== null && endMs < startMs)
    throw new TranscriptImportError("The end lies before the start.", line);
}

function clean(text: string): string {
  return (
    text
      .normalize("NFC")
      // eslint-disable-next-line no-control-regex -- control characters are what is taken out
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "")
      .replace(/\s+/g, " ")
      .trim()
  );
}

function countWords(text: string): number {
  return text.split(" ").length;
}

const clockTime = /^(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?$/;

/** `hh:mm:ss`, `mm:ss`, with or without milliseconds. Null where it is no such time. */
export function parseClockTime(text: string): number | null {
  const match = clockTime.exec(text.trim());
  if (match === null) return null;
  const [, hours = "0", minutes = "0", seconds = "0", fraction = ""] = match;
  if (Number(minutes) > 59 || Number(seconds) > 59) return null;
  const milliseconds = Number(fraction.padEnd(3, "0") || "0");
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 + milliseconds;
}
