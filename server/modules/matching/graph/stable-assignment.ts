// Coachees to coaches with places: no coachee and coach would both rather have each other than what they have got.

/** People are numbered; a value says how much one wants the other, null that the two may not be together. */
export interface Assignment {
  coachees: number;
  /** By coach: how many coachees they take. */
  places: readonly number[];
  /** How much a coachee wants a coach. */
  wantedByCoachee(coachee: number, coach: number): number | null;
  wantedByCoach(coach: number, coachee: number): number | null;
}

/**
 * Deferred acceptance (Gale and Shapley, 1962; many-to-one as hospitals and residents): each coachee asks the coaches in
 * their order, each coach keeps the best that asked. The result is stable, and of all stable ones the best for every
 * coachee; equal values are decided by the lower number. O(n m log m). By coachee: the coach, or -1.
 */
export function stableAssignment(assignment: Assignment): Int32Array {
  const { coachees, places } = assignment;
  const coachOf = new Int32Array(coachees).fill(-1);
  const lists = Array.from({ length: coachees }, (_, coachee) => ranking(assignment, coachee));
  const asked = new Int32Array(coachees);
  const kept: number[][] = places.map(() => []);
  const asking = Array.from({ length: coachees }, (_, coachee) => coachees - 1 - coachee);
  for (let coachee = asking.pop(); coachee !== undefined; coachee = asking.pop()) {
    const next = asked[coachee] ?? 0;
    const coach = lists[coachee]?.[next];
    if (coach === undefined) continue;
    asked[coachee] = next + 1;
    const those = kept[coach] ?? [];
    insert(those, coachee, (one, other) => prefers(assignment, coach, one, other));
    coachOf[coachee] = coach;
    if (those.length <= (places[coach] ?? 0)) continue;
    const refused = those.pop();
    if (refused === undefined) continue;
    coachOf[refused] = -1;
    asking.push(refused);
  }
  return coachOf;
}

/** The pairs who would both gain by leaving what they have got; of a stable assignment there are none. */
export function blockingPairs(
  assignment: Assignment,
  coachOf: Int32Array,
): { coachee: number; coach: number }[] {
  const pairs: { coachee: number; coach: number }[] = [];
  const kept: number[][] = assignment.places.map(() => []);
  coachOf.forEach((coach, coachee) => kept[coach]?.push(coachee));
  for (let coachee = 0; coachee < assignment.coachees; coachee += 1) {
    const own = coachOf[coachee] ?? -1;
    const has = own === -1 ? null : assignment.wantedByCoachee(coachee, own);
    for (let coach = 0; coach < assignment.places.length; coach += 1) {
      const wants = mutual(assignment, coachee, coach);
      if (coach === own || wants === null || (has !== null && wants <= has)) continue;
      const those = kept[coach] ?? [];
      const room = those.length < (assignment.places[coach] ?? 0);
      const value = assignment.wantedByCoach(coach, coachee) ?? 0;
      if (room || those.some((other) => (assignment.wantedByCoach(coach, other) ?? 0) < value))
        pairs.push({ coachee, coach });
    }
  }
  return pairs;
}

function mutual(assignment: Assignment, coachee: number, coach: number): number | null {
  if (assignment.wantedByCoach(coach, coachee) === null || (assignment.places[coach] ?? 0) < 1) return null;
  return assignment.wantedByCoachee(coachee, coach);
}

function ranking(assignment: Assignment, coachee: number): number[] {
  return assignment.places
    .map((_places, coach) => ({ coach, value: mutual(assignment, coachee, coach) }))
    .filter((each): each is { coach: number; value: number } => each.value !== null)
    .sort((a, b) => b.value - a.value || a.coach - b.coach)
    .map(({ coach }) => coach);
}

function prefers({ wantedByCoach }: Assignment, coach: number, one: number, other: number): boolean {
  const difference = (wantedByCoach(coach, one) ?? 0) - (wantedByCoach(coach, other) ?? 0);
  return difference > 0 || (difference === 0 && one < other);
}

/** Into a list that is in order, the preferred first. */
function insert(list: number[], item: number, before: (one: number, other: number) => boolean): void {
  let at = list.length;
  while (at > 0 && before(item, list[at - 1] as number)) at -= 1;
  list.splice(at, 0, item);
}
