// Weights from outcomes: fitted on the earlier matches, judged on the later ones, with a report that says whether they are better.
import type { LearningReport } from "../../../../shared/schemas/matching-rounds.ts";
import { weighted } from "../score/score.ts";
import { factorNames, type FactorName, type Factors, type MatchingWeights } from "../score/weights.ts";
import { auc, compare, logLoss, probabilityOf, type ScoredOutcome } from "./compare.ts";
import { fitLogistic } from "./logistic.ts";

/** What became of a match for one of its people. */
export interface OutcomeSample {
  matchId: string;
  userId: string;
  features: Factors;
  good: boolean;
  /** Milliseconds since 1970. */
  at: number;
}

export interface Learned {
  /** The old ones with the factors' weights that were learned; the version is the caller's. */
  weights: MatchingWeights;
  report: LearningReport;
}

const heldOutShare = 0.3;
const needed = { training: 100, heldOut: 50, ofEach: 10 };
/** Of a factor that fewer training outcomes know, nothing is learned. */
const knownLeast = 50;
const spreadLeast = 0.02;
/** The slopes of the old weights are believed with a standard deviation of 1. */
const ridge = 1;
const calibrationRidge = 0.01;
const resamples = 1_000;
const seed = 20_260_105;

/** The same outcomes give the same result, in whatever order they come. */
export function learnWeights(samples: readonly OutcomeSample[], old: MatchingWeights): Learned {
  const { training, heldOut, splitAt } = split(samples);
  const counts = { training: countsOf(training), heldOut: countsOf(heldOut) };
  const times = samples.map(({ at }) => at);
  const base = {
    ...counts,
    needed,
    from: times.length === 0 ? null : isoOf(Math.min(...times)),
    splitAt: splitAt === null ? null : isoOf(splitAt),
    to: times.length === 0 ? null : isoOf(Math.max(...times)),
  };
  const known = factorNames.map((factor) => ({
    factor,
    known: training.filter(({ features }) => features[factor] !== null).length,
  }));
  if (!isEnough(counts)) {
    const factors = known.map((each) => ({ ...each, learned: false, ...both(each.factor, old, old) }));
    return { weights: old, report: { ...base, verdict: "too-few", figures: null, factors } };
  }
  const learnable = factorNames.filter((factor) => canBeLearned(training, factor));
  const weights = fitted(training, learnable, old);
  const judged = { old: judge(training, heldOut, old), learned: judge(training, heldOut, weights) };
  const change = compare(judged.old, judged.learned, { resamples, seed });
  return {
    weights,
    report: {
      ...base,
      verdict: change.logLoss.high < 0 ? "better" : change.logLoss.low > 0 ? "worse" : "undecided",
      figures: {
        logLoss: { old: logLoss(judged.old), learned: logLoss(judged.learned) },
        auc: { old: auc(judged.old), learned: auc(judged.learned) },
        logLossChange: change.logLoss,
        aucChange: change.auc,
        resamples,
      },
      factors: known.map((each) => ({
        ...each,
        learned: learnable.includes(each.factor),
        ...both(each.factor, old, weights),
      })),
    },
  };
}

/** Matches stay whole; the latest are held out: what comes next is what weights are for. */
function split(samples: readonly OutcomeSample[]): {
  training: OutcomeSample[];
  heldOut: OutcomeSample[];
  splitAt: number | null;
} {
  const matches = [...Map.groupBy(samples, ({ matchId }) => matchId)]
    .map(([matchId, those]) => ({
      matchId,
      at: Math.min(...those.map(({ at }) => at)),
      those: [...those].sort((a, b) => compareText(a.userId, b.userId)),
    }))
    .sort((a, b) => a.at - b.at || compareText(a.matchId, b.matchId));
  const border = matches.length - Math.floor(matches.length * heldOutShare);
  return {
    training: matches.slice(0, border).flatMap(({ those }) => those),
    heldOut: matches.slice(border).flatMap(({ those }) => those),
    splitAt: matches[border]?.at ?? null,
  };
}

function countsOf(samples: readonly OutcomeSample[]) {
  return {
    matches: new Set(samples.map(({ matchId }) => matchId)).size,
    outcomes: samples.length,
    good: samples.filter(({ good }) => good).length,
  };
}

function isEnough(counts: Record<"training" | "heldOut", { outcomes: number; good: number }>): boolean {
  return (["training", "heldOut"] as const).every((part) => {
    const { outcomes, good } = counts[part];
    return outcomes >= needed[part] && good >= needed.ofEach && outcomes - good >= needed.ofEach;
  });
}

function canBeLearned(training: readonly OutcomeSample[], factor: FactorName): boolean {
  const values = training.flatMap(({ features }) => features[factor] ?? []);
  if (values.length < knownLeast) return false;
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2))) >= spreadLeast;
}

/** What was learned shares among its factors what they had together before; the others keep theirs. */
function fitted(
  training: readonly OutcomeSample[],
  learnable: readonly FactorName[],
  old: MatchingWeights,
): MatchingWeights {
  const share = learnable.reduce((sum, factor) => sum + old.factors[factor], 0);
  if (share === 0) return old;
  const means = learnable.map((factor) => meanOf(training.flatMap(({ features }) => features[factor] ?? [])));
  const rows = training.map(({ features }) =>
    Float64Array.from(learnable, (factor, column) => {
      const value = features[factor];
      return value === null ? 0 : value - (means[column] ?? 0);
    }),
  );
  const good = training.map((sample) => sample.good);
  const whole = factorNames.reduce((sum, factor) => sum + old.factors[factor], 0);
  const slope = calibrated(training, old).slopes[0] ?? 0;
  const prior = learnable.map((factor) => (slope * old.factors[factor]) / whole);
  const { slopes } = fitLogistic({ rows, good, prior, ridge });
  const sum = slopes.reduce((total, each) => total + each, 0);
  if (sum === 0) return old;
  const factors = { ...old.factors };
  learnable.forEach((factor, column) => {
    factors[factor] = Math.round(((slopes[column] ?? 0) / sum) * share * 1e4) / 1e4;
  });
  return { ...old, factors };
}

function calibrated(training: readonly OutcomeSample[], weights: MatchingWeights) {
  return fitLogistic({
    rows: training.map(({ features }) => Float64Array.of(weighted(features, weights))),
    good: training.map(({ good }) => good),
    prior: [0],
    ridge: calibrationRidge,
  });
}

/** Scores as they are used, made probabilities by the training outcomes. */
function judge(
  training: readonly OutcomeSample[],
  heldOut: readonly OutcomeSample[],
  weights: MatchingWeights,
): ScoredOutcome[] {
  const model = calibrated(training, weights);
  return heldOut.map(({ matchId, good, features }) => {
    const score = weighted(features, weights);
    return { matchId, good, score, probability: probabilityOf(model, score) };
  });
}

function both(factor: FactorName, old: MatchingWeights, next: MatchingWeights) {
  return { old: old.factors[factor], new: next.factors[factor] };
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
