// Meetings with what people noted about them: topics with their turns, a summary, questions with their evidence (QMSum's JSON).
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import type { Division } from "./segmentation.ts";

export interface AnnotatedMeeting {
  name: string;
  turns: { speaker: string; text: string }[];
  /** Where its topics begin, among the turns from `topicsFrom` to before `topicsUntil`: outside nobody named a topic. */
  topics: Division;
  topicsFrom: number;
  topicsUntil: number;
  summaries: string[];
  questions: { question: string; evidence: ReadonlySet<number> }[];
}

const span = z.tuple([z.coerce.number().int(), z.coerce.number().int()]);
const schema = z.object({
  meeting_transcripts: z.array(z.object({ speaker: z.string(), content: z.string() })),
  topic_list: z.array(z.object({ relevant_text_span: z.array(span) })),
  general_query_list: z.array(z.object({ answer: z.string() })),
  specific_query_list: z.array(z.object({ query: z.string(), relevant_text_span: z.array(span) })),
});

/** The JSON files of a directory, or one of them; files of another form are passed over. */
export async function readAnnotatedMeetings(path: string): Promise<AnnotatedMeeting[]> {
  const files = (await stat(path)).isDirectory()
    ? (await readdir(path, { recursive: true })).map((name) => join(path, name)).sort()
    : [path];
  const meetings: AnnotatedMeeting[] = [];
  for (const file of files.filter((name) => name.endsWith(".json"))) {
    const content = await readFile(file, "utf8");
    if (content.includes('"meeting_transcripts"')) meetings.push(annotatedMeeting(content, basename(file)));
  }
  return meetings;
}

export function annotatedMeeting(content: string, name: string): AnnotatedMeeting {
  const read = schema.parse(JSON.parse(content));
  const turns = read.meeting_transcripts.map((turn) => ({ speaker: turn.speaker, text: turn.content }));
  const within = (at: number) => at >= 0 && at < turns.length;
  const labels: (number | null)[] = turns.map(() => null);
  read.topic_list.forEach(({ relevant_text_span }, topic) => {
    // Where spans overlap, a turn belongs to the topic that is named last.
    for (const [from, to] of relevant_text_span)
      for (let at = from; at <= to; at += 1) if (within(at)) labels[at] = topic;
  });
  const topicsFrom = Math.max(
    0,
    labels.findIndex((label) => label !== null),
  );
  const topicsUntil = labels.findLastIndex((label) => label !== null) + 1;
  return {
    name,
    turns,
    topics: divisionOf(labels.slice(topicsFrom, topicsUntil)),
    topicsFrom,
    topicsUntil,
    summaries: read.general_query_list.map(({ answer }) => answer),
    questions: read.specific_query_list.map(({ query, relevant_text_span }) => ({
      question: query,
      evidence: new Set(
        relevant_text_span
          .flatMap(([from, to]) => Array.from({ length: Math.max(0, to - from + 1) }, (_none, n) => from + n))
          .filter(within),
      ),
    })),
  };
}

/** Turns that nobody gave a topic belong to the one before. */
function divisionOf(labels: readonly (number | null)[]): Division {
  const starts: number[] = [];
  let current: number | null = null;
  labels.forEach((label, at) => {
    if (label === null || label === current) return;
    current = label;
    starts.push(at);
  });
  return { turns: labels.length, starts };
}
