// A call of hours: what each stage of reading it costs, and whether every line of it is accounted for in the end.
import { createRulesLanguage } from "../../server/vendors/language/rules.ts";
import { groundFacts, type Facts } from "../../server/modules/insights/citations.ts";
import { segmentTranscript } from "../../server/modules/insights/segmenter.ts";
import { stretchesOf } from "../../server/modules/insights/talk-topics.ts";
import { meetingIdSchema, userIdSchema, type UserId } from "../../shared/ids.ts";
import type { Segment, TranscriptChunk } from "../../shared/schemas/transcripts.ts";

export interface SpokenLine {
  speaker: number;
  text: string;
}

export interface Stage {
  name: string;
  seconds: number;
  /** Of the process, the most so far. */
  residentMB: number;
}

const meetingId = meetingIdSchema.parse("a".repeat(24));
const speakerId = (speaker: number): UserId =>
  userIdSchema.parse((speaker + 1).toString(16).padStart(24, "0"));
const msAWord = 108;

/** Lines in turn until there are as many words; at 100 000 words it lasts three hours. */
export function longTalk(lines: readonly SpokenLine[], words: number): SpokenLine[] {
  const talk: SpokenLine[] = [];
  let count = 0;
  for (let index = 0; count < words && lines.length > 0; index += 1) {
    const line = lines[index % lines.length];
    if (line === undefined) break;
    talk.push(line);
    count += line.text.split(/\s+/).length;
  }
  return talk;
}

export function chunksOf(talk: readonly SpokenLine[]): TranscriptChunk[] {
  let atMs = 0;
  return talk.map(({ speaker, text }, index) => {
    const startMs = atMs;
    atMs += text.split(/\s+/).length * msAWord;
    return {
      sequence: index + 1,
      clientKey: `line-${index}`,
      speakerId: speakerId(speaker),
      text,
      confidence: 1,
      startMs,
      endMs: atMs,
      source: "speech",
      createdAt: new Date(0).toISOString(),
    } as TranscriptChunk;
  });
}

export interface LongReading {
  stages: Stage[];
  segments: Segment[];
  facts: Facts;
}

/** Stage by stage as the recap's job goes through them, without the store. */
export async function readStageByStage(chunks: readonly TranscriptChunk[]): Promise<LongReading> {
  const stages: Stage[] = [];
  async function stage<Result>(name: string, run: () => Result | Promise<Result>): Promise<Result> {
    const startedMs = performance.now();
    const result = await run();
    stages.push({ name, seconds: (performance.now() - startedMs) / 1000, residentMB: residentMB() });
    return result;
  }
  const language = createRulesLanguage();
  const hosts = chunks[0] === undefined ? [] : [chunks[0].speakerId];
  const reading = await stage("summary, decisions, actions (rules)", () =>
    language.read([...chunks], { hostIds: hosts }),
  );
  const stretches = await stage("topics", () => stretchesOf(chunks, () => true));
  const segments = await stage("segments", () =>
    segmentTranscript(meetingId, chunks, { terms: reading.topics, stretches, mayRead: () => true }),
  );
  const people = [...new Set(chunks.map((chunk) => chunk.speakerId))];
  const facts = await stage("evidence checked", () =>
    groundFacts(reading, { meetingId, chunks, segments, people }),
  );
  return { stages, segments, facts };
}

export function residentMB(): number {
  return process.resourceUsage().maxRSS / 1024;
}

/** What is wrong, in words; empty where every line is in exactly one segment, and every statement's words stand where it says. */
export function faultsOf(
  chunks: readonly Pick<TranscriptChunk, "sequence" | "text">[],
  segments: readonly Pick<Segment, "firstSequence" | "lastSequence" | "text">[],
  cited: readonly { citations: readonly { sequence: number; quote: string }[] }[],
): string[] {
  const faults: string[] = [];
  const texts = new Map(chunks.map(({ sequence, text }) => [sequence, text]));
  let next = 1;
  for (const segment of [...segments].sort((a, b) => a.firstSequence - b.firstSequence)) {
    if (segment.firstSequence !== next)
      faults.push(`lines ${next} to ${segment.firstSequence} are in no segment or in two`);
    for (let sequence = segment.firstSequence; sequence <= segment.lastSequence; sequence += 1)
      if (!segment.text.includes(texts.get(sequence) ?? "\0"))
        faults.push(`line ${sequence} is not in its segment`);
    next = segment.lastSequence + 1;
  }
  if (next !== chunks.length + 1) faults.push(`the segments end before line ${next} of ${chunks.length}`);
  for (const { sequence, quote } of cited.flatMap(({ citations }) => citations))
    if (!(texts.get(sequence) ?? "").includes(quote))
      faults.push(`line ${sequence} does not hold what is quoted`);
  return faults;
}
