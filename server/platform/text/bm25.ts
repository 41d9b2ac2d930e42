// What a word is worth in a text among others: the two parts of BM25, for whoever ranks by words.

/** S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009. */
export interface Bm25Weights {
  /** How soon further mentions of a word stop counting. */
  saturation: number;
  /** How far long texts are held back, 0 to 1. */
  lengthShare: number;
}

/** The usual saturation. */
export const bm25Weights: Bm25Weights = { saturation: 1.2, lengthShare: 0.4 };

/** Of a word that so many of all texts have. Never negative. */
export function rarityOf(texts: number, holders: number): number {
  return Math.log(1 + (texts - holders + 0.5) / (holders + 0.5));
}

/** Up to `saturation` + 1. `length` in lengths of the mean text. */
export function mentionsWorth(
  mentions: number,
  length: number,
  { saturation, lengthShare }: Bm25Weights = bm25Weights,
): number {
  const held = saturation * (1 - lengthShare + lengthShare * length);
  return mentions === 0 ? 0 : (mentions * (saturation + 1)) / (mentions + held);
}
