// Logistic regression with slopes that cannot be negative and are drawn towards what was believed before: exact enough to repeat.

export interface LogisticRequest {
  /** A row an outcome; what is not known is 0, after the means were taken away. */
  rows: readonly Float64Array[];
  good: readonly boolean[];
  /** Towards which each slope is drawn. */
  prior: readonly number[];
  /** How strongly: 1 over the variance that is believed of a slope around its prior. */
  ridge: number;
}

export interface LogisticModel {
  intercept: number;
  /** At least 0 each: a weight below 0 would mean that people are to be told what speaks against them. */
  slopes: number[];
}

const roundsMost = 500;
const enough = 1e-7;

/**
 * Coordinate descent on the penalised log likelihood, each step by the bound of the second derivative (Böhning and
 * Lindsay, 1988), so that no step makes it worse. The same rows in the same order give the same model.
 */
export function fitLogistic({ rows, good, prior, ridge }: LogisticRequest): LogisticModel {
  const slopes = prior.map((value) => Math.max(0, value));
  const outcomes = Float64Array.from(good, (value) => (value ? 1 : 0));
  const linear = Float64Array.from(rows, (row) => dot(row, slopes));
  const bounds = slopes.map(
    (_, column) => rows.reduce((sum, row) => sum + at(row, column) ** 2, 0) / 4 + ridge,
  );
  let intercept = 0;
  const shift = (change: number, column: number | null) => {
    rows.forEach((row, index) => {
      linear[index] = at(linear, index) + (column === null ? change : change * at(row, column));
    });
  };
  const residuals = (column: number | null) => {
    let sum = 0;
    rows.forEach((row, index) => {
      const residual = sigmoid(at(linear, index)) - at(outcomes, index);
      sum += column === null ? residual : residual * at(row, column);
    });
    return sum;
  };
  for (let round = 0; round < roundsMost; round += 1) {
    let most = 0;
    const step = -residuals(null) / Math.max(1, rows.length / 4);
    intercept += step;
    shift(step, null);
    most = Math.max(most, Math.abs(step));
    slopes.forEach((slope, column) => {
      const gradient = residuals(column) + ridge * (slope - (prior[column] ?? 0));
      const next = Math.max(0, slope - gradient / (bounds[column] ?? 1));
      if (next === slope) return;
      shift(next - slope, column);
      slopes[column] = next;
      most = Math.max(most, Math.abs(next - slope));
    });
    if (most < enough) break;
  }
  return { intercept, slopes };
}

export function sigmoid(value: number): number {
  return value >= 0 ? 1 / (1 + Math.exp(-value)) : Math.exp(value) / (1 + Math.exp(value));
}

function dot(row: Float64Array, slopes: readonly number[]): number {
  return slopes.reduce((sum, slope, column) => sum + slope * at(row, column), 0);
}

function at(numbers: Float64Array, index: number): number {
  return numbers[index] ?? 0;
}
