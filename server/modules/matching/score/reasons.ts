// A score in words, as one of the two reads it; nothing in them that the other's profile does not show.
import type { ConstraintName, Widening } from "./constraints.ts";
import { foldTopic, type ReadyPerson } from "./people.ts";
import type { PairScore } from "./score.ts";
import { factorNames, type FactorName, type MatchingWeights } from "./weights.ts";

export interface Reason {
  factor: FactorName | "repeat";
  /** From 0 to 1. */
  value: number;
  /** How much of the score it makes; below 0 where it takes something away. */
  share: number;
  text: string;
}

/** The strongest first; factors that say nothing are left out. */
export function reasonsOf(
  score: PairScore,
  people: { viewer: ReadyPerson; other: ReadyPerson },
  weights: MatchingWeights,
): Reason[] {
  const known = factorNames.filter((name) => score.factors[name] !== null);
  const whole = known.reduce((sum, name) => sum + weights.factors[name], 0);
  const reasons: Reason[] = [];
  for (const factor of known) {
    const value = score.factors[factor] ?? 0;
    // Of two who have met, it would tell the one what the other has answered.
    const text = factor === "historicalSuccess" && score.metBefore ? null : textOf(factor, value, people);
    const share = whole === 0 ? 0 : (weights.factors[factor] * value) / whole;
    if (text !== null && value > 0) reasons.push({ factor, value, share, text });
  }
  reasons.sort((a, b) => b.share - a.share);
  if (score.repeat >= leastRepeatTold) {
    const share = -score.beforeRepeat * score.repeat;
    reasons.push({ factor: "repeat", value: score.repeat, share, text: "You have met not long ago." });
  }
  return reasons;
}

/** Why there is nobody, or few: what to change about one's wishes. */
export function widenText({ constraint, people }: Widening): string {
  const who = people === 1 ? "1 more person" : `${people} more people`;
  return widenTexts[constraint].replace("{who}", who);
}

const leastRepeatTold = 0.05;
const namedMost = 3;
const similarFrom = 0.3;
const reliableFrom = 0.7;
const freshFrom = 0.5;

const widenTexts: Record<Exclude<ConstraintName, "block">, string> = {
  organization: "{who} would fit if you also met people outside your organisation.",
  languages: "{who} would fit but for the language: add another one that you speak to your profile.",
  roles: "{who} would fit if you also met people in other roles.",
  interests: "{who} would fit if you asked for fewer topics, or for others.",
  availability: "{who} would fit at other times: widen when you are available.",
};

function textOf(
  factor: FactorName,
  value: number,
  { viewer, other }: { viewer: ReadyPerson; other: ReadyPerson },
): string | null {
  const mine = viewer.candidate;
  const theirs = other.candidate;
  switch (factor) {
    case "sharedInterests": {
      const topics = both(mine.interests, theirs.interests);
      return topics.length === 0 ? null : `You share an interest in ${listed(topics)}.`;
    }
    case "complementarySkills":
      return complementText(both(mine.seeks, theirs.offers), both(theirs.seeks, mine.offers));
    case "vectorSimilarity":
      return value < similarFrom ? null : "You describe yourselves and your goals in similar words.";
    case "historicalSuccess":
      return value < reliableFrom ? null : "What was agreed through matching before has mostly worked out.";
    case "availabilityOverlap":
      return value >= 1 ? "You have plenty of time in common." : "You have time in common.";
    case "freshness":
      return value < freshFrom ? null : "You have both said lately what you look for.";
    case "serendipity":
      return "A wider circle: this time somebody whose interests are not yours.";
  }
}

function complementText(theyOffer: string[], youOffer: string[]): string | null {
  if (theyOffer.length > 0 && youOffer.length > 0)
    return `They offer ${listed(theyOffer)}, which you seek, and seek ${listed(youOffer)}, which you offer.`;
  if (theyOffer.length > 0) return `They offer what you seek: ${listed(theyOffer)}.`;
  if (youOffer.length > 0) return `They seek what you offer: ${listed(youOffer)}.`;
  return null;
}

/** As the first of the two spells them, in alphabetical order. */
function both(one: readonly string[], other: readonly string[]): string[] {
  const those = new Set(other.map(foldTopic));
  return [...new Set(one.filter((topic) => those.has(foldTopic(topic))))].sort((a, b) => (a < b ? -1 : 1));
}

function listed(topics: readonly string[]): string {
  const named = topics.slice(0, namedMost);
  const rest = topics.length - named.length;
  if (rest > 0) named.push(rest === 1 ? "one more topic" : `${rest} more topics`);
  const last = named.pop() ?? "";
  return named.length === 0 ? last : `${named.join(", ")} and ${last}`;
}
