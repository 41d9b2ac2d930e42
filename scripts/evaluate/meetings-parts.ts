// What the parts of `npm run evaluate -- meetings` have in common.

export interface Part {
  text: string;
  result: object;
  /** A baseline was not beaten, or a rule was broken. */
  failed: boolean;
}

/** NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

/**
 * For every item, which of the choices is best on the mean of all other items: what a choice is worth on data it was
 * not made from. `scores[choice][item]`, higher is better; the first of equals is taken.
 */
export function leaveOneOut(scores: readonly (readonly number[])[]): number[] {
  const items = scores[0]?.length ?? 0;
  return Array.from({ length: items }, (_none, item) => {
    const elsewhere = scores.map((row) => mean(row.filter((_score, index) => index !== item)));
    return elsewhere.indexOf(Math.max(...elsewhere));
  });
}
