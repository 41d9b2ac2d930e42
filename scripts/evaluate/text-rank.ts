// Plain TextRank, a baseline for summaries: R. Mihalcea, P. Tarau, "TextRank: Bringing Order into Texts", EMNLP 2004.
import { wordsOf } from "../../server/platform/text/words.ts";

const damping = 0.85;
const rounds = 30;

/** Places of the sentences, most central first: likeness is words in common by the logarithms of the lengths. */
export function textRank(sentences: readonly string[]): number[] {
  const words = sentences.map((text) => [...new Set(wordsOf(text))]);
  const places = new Map<string, number[]>();
  const edges: Map<number, number>[] = words.map(() => new Map());
  words.forEach((own, at) => {
    for (const word of own) {
      const before = places.get(word) ?? [];
      for (const other of before) edges[at]?.set(other, (edges[at]?.get(other) ?? 0) + 1);
      before.push(at);
      places.set(word, before);
    }
  });
  const links = edges.flatMap((row, a) =>
    [...row].flatMap(([b, common]) => {
      const size = Math.log(words[a]?.length ?? 1) + Math.log(words[b]?.length ?? 1);
      return size > 0 ? [{ a, b, weight: common / size }] : [];
    }),
  );
  const degrees = new Float64Array(words.length);
  for (const { a, b, weight } of links) {
    degrees[a] = (degrees[a] ?? 0) + weight;
    degrees[b] = (degrees[b] ?? 0) + weight;
  }
  let scores = new Float64Array(words.length).fill(1);
  for (let round = 0; round < rounds; round += 1) {
    const next = new Float64Array(words.length).fill(1 - damping);
    for (const { a, b, weight } of links) {
      next[a] = (next[a] ?? 0) + (damping * weight * (scores[b] ?? 0)) / (degrees[b] ?? 1);
      next[b] = (next[b] ?? 0) + (damping * weight * (scores[a] ?? 0)) / (degrees[a] ?? 1);
    }
    scores = next;
  }
  return [...scores.keys()].sort((x, y) => (scores[y] ?? 0) - (scores[x] ?? 0) || x - y);
}
