// Ranks passages by the words of a question: BM25 over stems, with what was said around each passage.
import { bm25Weights, mentionsWorth, rarityOf, type Bm25Weights } from "../../platform/text/bm25.ts";
import { contentStems, wordsOf } from "../../platform/text/words.ts";

export interface Bm25Options extends Bm25Weights {
  /** Passages before and after that count as context. */
  neighbours: number;
  /** What a mention in the nearest neighbour counts; each further one counts as much of the one before. */
  neighbourWeight: number;
}

/** `npm run evaluate -- meetings` reports how a choice of them does on other meetings. */
export const bm25Options: Bm25Options = {
  ...bm25Weights,
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
 * `passages` in the order in which they were said; neighbours are not looked for across the ends of the list.
 */
export function createWordIndex(passages: readonly string[], options: Bm25Options = bm25Options): WordIndex {
  const tokens = passages.map((text) => contentStems(wordsOf(text)));
  return {
    search: (question, most) => rankTokens(contentStems(wordsOf(question)), [tokens], options).slice(0, most),
  };
}

/**
 * `talks` are lists of passages in the order in which they were said, each a list of tokens: rarity is counted over all
 * of them, neighbours are of the same talk. Places are counted through all talks.
 */
export function rankTokens<Token>(
  question: Iterable<Token>,
  talks: readonly (readonly ArrayLike<Token>[])[],
  options: Bm25Options = bm25Options,
): Match[] {
  const { neighbours, neighbourWeight } = options;
  const asked = new Set(question);
  const mentions = new Map<Token, Map<number, number>>([...asked].map((token) => [token, new Map()]));
  const ownLengths: number[] = [];
  /** The talk of each passage. */
  const talkOf: number[] = [];
  talks.forEach((talk, number) => {
    for (const passage of talk) {
      const place = ownLengths.length;
      for (let at = 0; at < passage.length; at += 1) {
        const places = mentions.get(passage[at] as Token);
        if (places !== undefined) places.set(place, (places.get(place) ?? 0) + 1);
      }
      ownLengths.push(passage.length);
      talkOf.push(number);
    }
  });
  const count = ownLengths.length;
  const weights = Array.from({ length: neighbours + 1 }, (_none, away) => neighbourWeight ** away);
  const spread = (values: Iterable<readonly [number, number]>) => {
    const around = new Map<number, number>();
    for (const [place, value] of values)
      for (let away = -neighbours; away <= neighbours; away += 1) {
        const at = place + away;
        if (talkOf[at] === undefined || talkOf[at] !== talkOf[place]) continue;
        around.set(at, (around.get(at) ?? 0) + value * (weights[Math.abs(away)] ?? 0));
      }
    return around;
  };
  const reach = spread(ownLengths.entries());
  const meanReach = [...reach.values()].reduce((sum, one) => sum + one, 0) / Math.max(1, count);

  const scores = new Map<number, number>();
  for (const places of mentions.values()) {
    if (places.size === 0) continue;
    const rarity = rarityOf(count, places.size);
    for (const [index, said] of spread(places)) {
      const length = (reach.get(index) ?? 0) / (meanReach || 1);
      scores.set(index, (scores.get(index) ?? 0) + rarity * mentionsWorth(said, length, options));
    }
  }
  return [...scores]
    .map(([index, score]) => ({ index, score }))
    .sort((a, b) => b.score - a.score || a.index - b.index);
}
