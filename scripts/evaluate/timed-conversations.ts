// Conversations with the times of their turns: from AnnoMI's starts, and from meetings whose files hold no time at all.
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { countWords } from "../../server/platform/text/words.ts";
import { csvRecords } from "../../shared/transcript-import/csv.ts";
import { importTranscript } from "../../shared/transcript-import/index.ts";
import { parseClockTime } from "../../shared/transcript-import/utterances.ts";
import type { TimedConversation } from "./lulls.ts";

export interface TimedSet {
  /** One coach and one coachee each; the file says when each turn began, to the second. */
  coaching: TimedConversation[];
  /** Many people each; no times, so that turns follow each other without a pause. */
  meetings: TimedConversation[];
}

const row = z.object({
  transcript_id: z.string(),
  utterance_id: z.coerce.number(),
  interlocutor: z.enum(["therapist", "client"]),
  timestamp: z.string(),
  utterance_text: z.string(),
});
const leastMs = 400;

/** The files of a directory, or one of them: CSV with AnnoMI's columns, JSON with QMSum's. */
export async function readTimedConversations(path: string, wordsPerMinute: number): Promise<TimedSet> {
  const files = (await stat(path)).isDirectory()
    ? (await readdir(path, { recursive: true })).map((name) => join(path, name)).sort()
    : [path];
  const read = async (
    ending: string,
    conversationsOf: (content: string, name: string) => TimedConversation[],
  ) => {
    const all: TimedConversation[] = [];
    for (const file of files.filter((name) => name.endsWith(ending)))
      all.push(...conversationsOf(await readFile(file, "utf8"), basename(file)));
    return all;
  };
  return {
    coaching: await read(".csv", (content) => coachingOf(content, wordsPerMinute)),
    meetings: await read(".json", (content, name) => meetingOf(content, name)),
  };
}

/** A turn lasts as long as its words take at this pace, and at most until the next one begins. */
function coachingOf(content: string, wordsPerMinute: number): TimedConversation[] {
  const rows = [...csvRecords(content)].map(({ record }) => row.parse(record));
  return [...Map.groupBy(rows, ({ transcript_id }) => transcript_id)].map(([name, of]) => {
    const turns = [...Map.groupBy(of, ({ utterance_id }) => utterance_id)]
      .sort(([a], [b]) => a - b)
      .flatMap(([, opinions]) => opinions[0] ?? [])
      .map((turn) => ({ ...turn, startMs: parseClockTime(turn.timestamp) ?? 0 }))
      .sort((a, b) => a.startMs - b.startMs);
    const firstMs = turns[0]?.startMs ?? 0;
    return {
      name,
      coach: "therapist",
      utterances: turns.map((turn, index) => {
        const startMs = turn.startMs - firstMs;
        const takesMs = Math.max(leastMs, (countWords(turn.utterance_text) / wordsPerMinute) * 60_000);
        const nextMs = (turns[index + 1]?.startMs ?? Infinity) - firstMs;
        const endMs = nextMs > startMs ? Math.min(startMs + takesMs, nextMs) : startMs + takesMs;
        return { speaker: turn.interlocutor, text: turn.utterance_text, startMs, endMs: Math.round(endMs) };
      }),
    };
  });
}

/** Whoever opens it stands for the coach. A JSON file of another form is not a conversation. */
function meetingOf(content: string, name: string): TimedConversation[] {
  if (!content.includes('"meeting_transcripts"')) return [];
  const { utterances } = importTranscript(content);
  return [{ name, coach: utterances[0]?.speaker ?? "", utterances }];
}
