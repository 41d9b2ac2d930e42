// Statements under the topics that they were said in.
import type { CitedText } from "../../../shared/schemas/insights.ts";
import type { Topic } from "../../../shared/schemas/transcripts.ts";

export interface TopicGroup {
  /** Null where no topic has a name there, or there are none. */
  topic: Topic | null;
  items: CitedText[];
}

/** In the order of the talk, by the first words that a statement cites. One group without a topic where there is only one. */
export function groupByTopic(items: readonly CitedText[], topics: readonly Topic[]): TopicGroup[] {
  if (topics.length < 2) return items.length === 0 ? [] : [{ topic: null, items: [...items] }];
  const groups = new Map<Topic, CitedText[]>();
  for (const item of items) {
    const atMs = item.citations[0]?.startMs ?? 0;
    const topic = topics.findLast(({ startMs }) => startMs <= atMs) ?? topics[0];
    if (topic !== undefined) groups.set(topic, [...(groups.get(topic) ?? []), item]);
  }
  return topics.flatMap((topic) => {
    const said = groups.get(topic);
    return said === undefined ? [] : [{ topic, items: said }];
  });
}
