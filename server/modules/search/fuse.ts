// One ranking out of several, by places alone: scores of words and of vectors cannot be compared.

/** The usual constant: how much less the first places differ than they would without it. */
const dampening = 60;

/**
 * Reciprocal rank fusion: G. Cormack, C. Clarke, S. Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and
 * individual Rank Learning Methods", SIGIR 2009. Each list best first; equals keep the order in which they first appear.
 */
export function fuseRanks<Id>(lists: readonly (readonly Id[])[]): Id[] {
  const scores = new Map<Id, number>();
  for (const ids of lists)
    ids.forEach((id, place) => scores.set(id, (scores.get(id) ?? 0) + 1 / (dampening + place + 1)));
  return [...scores].sort(([, one], [, other]) => other - one).map(([id]) => id);
}
