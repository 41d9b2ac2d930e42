// What a replay must have left behind: the whole transcript, once, in order; a recap whose every item leads to a segment.
import type { Insight } from "../../shared/schemas/insights.ts";
import type { Segment, TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import type { UserId } from "../../shared/ids.ts";

export interface SentUtterance {
  clientKey: string;
  speakerId: UserId;
  text: string;
}

/** Sentences about what differs; empty where every utterance is there once, in order, under the right speaker. */
export function compareTranscript(
  where: string,
  sent: readonly SentUtterance[],
  found: readonly TranscriptChunk[],
): string[] {
  const problems: string[] = [];
  if (found.length !== sent.length)
    problems.push(`${where}: ${found.length} utterances where ${sent.length} were sent.`);
  const doubled = found.length - new Set(found.map(({ clientKey }) => clientKey)).size;
  if (doubled > 0) problems.push(`${where}: ${doubled} utterances are there more than once.`);
  sent.forEach((one, index) => {
    const chunk = found[index];
    if (chunk === undefined || problems.length >= 10) return;
    if (chunk.clientKey !== one.clientKey)
      problems.push(`${where}: place ${index + 1} holds another utterance.`);
    else if (chunk.speakerId !== one.speakerId)
      problems.push(`${where}: utterance ${index + 1} has another speaker.`);
    else if (chunk.text !== one.text) problems.push(`${where}: utterance ${index + 1} has another text.`);
    if (chunk.sequence !== index + 1)
      problems.push(`${where}: utterance ${index + 1} has sequence ${chunk.sequence}.`);
  });
  return problems;
}

/** Sentences about citations that lead nowhere; empty where each item of the recap is carried by the transcript. */
export function checkCitations(
  insight: Insight,
  segments: readonly Segment[],
  chunks: readonly TranscriptChunk[],
): string[] {
  const byId = new Map(segments.map((segment) => [segment.id, segment]));
  const bySequence = new Map(chunks.map((chunk) => [chunk.sequence, chunk]));
  const items = [
    ...(insight.outcome === null ? [] : [{ what: "The outcome", ...insight.outcome }]),
    ...insight.summary.map((one, index) => ({ what: `Summary item ${index + 1}`, ...one })),
    ...insight.decisions.map((one, index) => ({ what: `Decision ${index + 1}`, ...one })),
    ...insight.actionItems.map((one, index) => ({ what: `Action ${index + 1}`, ...one })),
  ];
  return items.flatMap(({ what, citations }) => {
    if (citations.length === 0) return [`${what} cites nothing.`];
    return citations.flatMap(({ segmentId, sequence, speakerId, quote }) => {
      const segment = byId.get(segmentId);
      const chunk = bySequence.get(sequence);
      if (segment === undefined) return [`${what} cites a segment that does not exist.`];
      if (sequence < segment.firstSequence || sequence > segment.lastSequence)
        return [`${what} cites an utterance outside its segment.`];
      if (chunk === undefined || !chunk.text.includes(quote) || chunk.speakerId !== speakerId)
        return [`${what} quotes what was not said there.`];
      return [];
    });
  });
}
