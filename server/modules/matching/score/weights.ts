// How much each factor counts: of an organisation, in numbered versions, so that a match can say by which it was made.

/** In the order in which equal reasons are given. */
export const factorNames = [
  "complementarySkills",
  "sharedInterests",
  "vectorSimilarity",
  "historicalSuccess",
  "availabilityOverlap",
  "freshness",
  "serendipity",
] as const;
export type FactorName = (typeof factorNames)[number];

/** From 0 to 1; null where nobody has said anything to judge by, which counts neither for nor against. */
export type Factors = Record<FactorName, number | null>;

export interface MatchingWeights {
  /** Rises with every change; 0 is what the product comes with. */
  version: number;
  /** Shares of the whole; only their proportions matter. */
  factors: Record<FactorName, number>;
  /** How many of the people, from 0 to 1, are led to somebody unlike them in a round or a stay in the queue. */
  serendipityShare: number;
  /** How much of a pair's score goes when they have just met, from 0 to 1. */
  repeatPenalty: number;
  /** After so many days half of that is forgotten. */
  repeatHalfLifeDays: number;
}

/**
 * Deep likeness and what people can do for each other count most: what mentoring research finds to go with lasting
 * relations, far more than likeness on the surface (Eby and others, 2013). The proportions are ours, to be learned from
 * outcomes.
 */
export const defaultWeights: MatchingWeights = {
  version: 0,
  factors: {
    complementarySkills: 0.3,
    sharedInterests: 0.25,
    vectorSimilarity: 0.15,
    historicalSuccess: 0.1,
    availabilityOverlap: 0.1,
    freshness: 0.05,
    serendipity: 0.3,
  },
  serendipityShare: 0.1,
  repeatPenalty: 0.8,
  repeatHalfLifeDays: 42,
};
