// Ranks passages by the words of a question: BM25 over stems, with what was said around each passage.
import { contentStems, wordsOf } from "../../platform/text/words.ts";

export interface Bm25Options {
  /** How soon further mentions of a word stop counting. */
  saturation: number;
  /** How far long passages are held back, 0 to 1. */
  lengthShare: number;
  /** Passages before and after that count as context. */
  neighbours: number;
  /** What a mention in the nearest neighbour counts; each further one counts as much of the one before. */
  neighbourWeight: number;
}

/** `saturation` is the usual one; `npm run evaluate -- meetings` reports how a choice of the others does on other meetings. */
export const bm25Options: Bm25Options = {
  saturation: 1.2,
  lengthShare: 0.4,
  neighbours: 2,
  neighbourWeight: 0.15,
};

export interface Match {
  /** Place among the passages given. */
  index: number;
  score: number;
}

/** Made once for many questions. */
export interface WordIndex {
  /** Best first, equals in order; only passages that share a stem with the question, by themselves or around them. */
  search(question: string, most: number): Match[];
}

/**
 * S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009. `passages` in the order in
 * which they were said; neighbours are not looked for across the ends of the list.
 */
export function createWordIndex(
  passages: readonly string[],
  { saturation, lengthShare, neighbours, neighbourWeight }: Bm25Options = bm25Options,
): WordIndex {
  const postings = new Map<string, Map<number, number>>();
  const lengths = passages.map((text, index) => {
    const stems = contentStems(wordsOf(text));
    for (const stem of stems) {
      const places = postings.get(stem) ?? new Map<number, number>();
      places.set(index, (places.get(index) ?? 0) + 1);
      postings.set(stem, places);
    }
    return stems.length;
  });
  const spread = (values: ReadonlyMap<number, number>) => {
    const around = new Map<number, number>();
    for (const [index, value] of values)
      for (let away = -neighbours; away <= neighbours; away += 1) {
        const at = index + away;
        if (at < 0 || at >= passages.length) continue;
        around.set(at, (around.get(at) ?? 0) + value * neighbourWeight ** Math.abs(away));
      }
    return around;
  };
  const reach = spread(new Map(lengths.entries()));
  const meanReach = [...reach.values()].reduce((sum, one) => sum + one, 0) / Math.max(1, passages.length);

  return {
    search(question, most) {
      const scores = new Map<number, number>();
      for (const stem of new Set(contentStems(wordsOf(question)))) {
        const places = postings.get(stem);
        if (places === undefined) continue;
        const rarity = Math.log(1 + (passages.length - places.size + 0.5) / (places.size + 0.5));
        for (const [index, mentions] of spread(places)) {
          const length = (reach.get(index) ?? 0) / (meanReach || 1);
          const held = saturation * (1 - lengthShare + lengthShare * length);
          scores.set(
            index,
            (scores.get(index) ?? 0) + (rarity * mentions * (saturation + 1)) / (mentions + held),
          );
        }
      }
      return [...scores]
        .map(([index, score]) => ({ index, score }))
        .sort((a, b) => b.score - a.score || a.index - b.index)
        .slice(0, most);
    },
  };
}
