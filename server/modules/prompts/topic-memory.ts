// What a call has been about so far: the key terms of its windows, weighed by how often they came back.
import { keyTerms } from "../../platform/text/key-terms.ts";

export interface TopicMemory {
  /** Topic to weight; at most `topicsKept`, the lightest are forgotten. */
  weights: ReadonlyMap<string, number>;
}

export const noTopics: TopicMemory = { weights: new Map() };

const topicsKept = 40;
const perWindow = 5;

/** `texts`: the newest stretch of talk; may overlap with what was learned before. */
export function learnTopics(memory: TopicMemory, texts: readonly string[]): TopicMemory {
  const weights = new Map(memory.weights);
  keyTerms(texts, { max: perWindow, leastCount: 2 }).forEach((topic, index) => {
    weights.set(topic, (weights.get(topic) ?? 0) + perWindow - index);
  });
  const kept = [...weights].sort((a, b) => b[1] - a[1]).slice(0, topicsKept);
  return { weights: new Map(kept) };
}

export function topTopics(memory: TopicMemory, max: number): string[] {
  return [...memory.weights]
    .sort((a, b) => b[1] - a[1])
    .slice(0, max)
    .map(([topic]) => topic);
}
