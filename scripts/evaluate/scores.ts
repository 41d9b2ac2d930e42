// Precision, recall and F1 of each label, and their mean over the labels (macro F1).

export interface LabelScore {
  label: string;
  /** How often the experts gave it. */
  support: number;
  precision: number;
  recall: number;
  f1: number;
}

export interface Scores {
  macroF1: number;
  accuracy: number;
  labels: LabelScore[];
}

export interface Judged {
  expected: string;
  given: string;
}

/** Ratios from 0 to 1; one without a denominator is 0. Labels that nobody expected do not count into the mean. */
export function scoresOf(judged: readonly Judged[]): Scores {
  const expected = [...new Set(judged.map((one) => one.expected))].sort();
  const labels = expected.map((label): LabelScore => {
    const support = judged.filter((one) => one.expected === label).length;
    const given = judged.filter((one) => one.given === label).length;
    const right = judged.filter((one) => one.expected === label && one.given === label).length;
    return {
      label,
      support,
      precision: ratio(right, given),
      recall: ratio(right, support),
      f1: ratio(2 * right, given + support),
    };
  });
  return {
    macroF1: ratio(
      labels.reduce((sum, { f1 }) => sum + f1, 0),
      labels.length,
    ),
    accuracy: ratio(judged.filter((one) => one.expected === one.given).length, judged.length),
    labels,
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
