// How far two judges of ordered grades agree: exactly, within one grade, and beyond what chance would give.

export interface Agreement {
  exact: number;
  withinOne: number;
  /** Cohen's kappa with quadratic weights: 1 for the same grades, 0 for what chance gives. */
  kappa: number;
}

/** Pairs of grades from 0; at least one pair. */
export function agreementOf(pairs: readonly (readonly [number, number])[], grades: number): Agreement {
  const count = pairs.length;
  const share = (holds: (one: number, other: number) => boolean) =>
    pairs.filter(([one, other]) => holds(one, other)).length / count;
  const weight = (one: number, other: number) => ((one - other) / (grades - 1)) ** 2;
  const observed = pairs.reduce((sum, [one, other]) => sum + weight(one, other), 0) / count;
  let expected = 0;
  for (let one = 0; one < grades; one += 1)
    for (let other = 0; other < grades; other += 1)
      expected +=
        weight(one, other) * share((first) => first === one) * share((_, second) => second === other);
  return {
    exact: share((one, other) => one === other),
    withinOne: share((one, other) => Math.abs(one - other) <= 1),
    kappa: expected === 0 ? 1 : 1 - observed / expected,
  };
}

/** How often something of a higher grade has the higher score, where a tie counts half: 0.5 is chance. */
export function orderedShare(graded: readonly { grade: number; score: number }[]): number {
  let [right, all] = [0, 0];
  for (const one of graded)
    for (const other of graded)
      if (one.grade > other.grade) {
        all += 1;
        right += one.score > other.score ? 1 : one.score === other.score ? 0.5 : 0;
      }
  return all === 0 ? 0 : right / all;
}
