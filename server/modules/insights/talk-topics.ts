// A transcript's topics: the stretches of what machines may read, and what pages are told of them from the segments.
import type { Segment, Topic, TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { topicStretches, type TopicStretch } from "./topics.ts";

/** Over the places of these chunks. What may not be read lies in a stretch and has no part in where it ends or what it is called. */
export function stretchesOf(
  chunks: readonly TranscriptChunk[],
  mayRead: (chunk: TranscriptChunk) => boolean,
): TopicStretch[] {
  return topicStretches(chunks.map((chunk) => (mayRead(chunk) ? chunk.text : "")));
}

/** In the order in which they were talked of; none where no machine has looked. */
export function topicsOf(segments: readonly Segment[]): Topic[] {
  const topics = new Map<number, Topic>();
  for (const { stretch, topics: labels, startMs, endMs, firstSequence } of segments) {
    if (stretch === null) continue;
    const known = topics.get(stretch);
    if (known === undefined) {
      topics.set(stretch, { labels, startMs, endMs, firstSequence, segments: 1 });
      continue;
    }
    if (startMs < known.startMs) Object.assign(known, { startMs, firstSequence });
    // While the call runs, the last segment alone says what is known by now.
    if (endMs >= known.endMs) Object.assign(known, { endMs, labels });
    known.segments += 1;
  }
  return [...topics].sort(([one], [other]) => one - other).map(([, topic]) => topic);
}
