import { describe, expect, test } from "vitest";
import { randomNumbers } from "../../../platform/testing-random.ts";
import { defaultWeights, factorNames, type FactorName, type Factors } from "../score/weights.ts";
import { auc, compare, logLoss, type ScoredOutcome } from "./compare.ts";
import { learnWeights, type OutcomeSample } from "./learn.ts";
import { fitLogistic, sigmoid } from "./logistic.ts";

/** Outcomes of which a factor alone decides as far as `slope` says. */
function outcomes(options: {
  matches: number;
  seed: number;
  decides: FactorName;
  slope: number;
}): OutcomeSample[] {
  const random = randomNumbers(options.seed);
  return Array.from({ length: options.matches }, (_, match) => {
    const features = Object.fromEntries(
      factorNames.map((name) => [name, name === "serendipity" || random() < 0.2 ? null : random()]),
    ) as Factors;
    const chance = sigmoid(options.slope * ((features[options.decides] ?? 0.5) - 0.5));
    return ["a", "b"].map((userId) => ({
      matchId: `match-${match}`,
      userId,
      features,
      good: random() < chance,
      at: match * 1_000,
    }));
  }).flat();
}

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = randomNumbers(seed);
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

describe("learning", () => {
  test("[MATCH-81] the factor that decides gets the weight, and the report says that it is better", () => {
    const samples = outcomes({ matches: 600, seed: 1, decides: "vectorSimilarity", slope: 5 });
    const { weights, report } = learnWeights(samples, defaultWeights);
    const others = factorNames.filter((name) => name !== "vectorSimilarity" && name !== "serendipity");
    for (const name of others)
      expect(weights.factors.vectorSimilarity).toBeGreaterThan(3 * weights.factors[name]);
    expect(report.verdict).toBe("better");
    expect(report.figures?.logLoss.learned).toBeLessThan(report.figures?.logLoss.old ?? 0);
    expect(report.figures?.auc.learned).toBeGreaterThan(0.7);
    expect(report.figures?.logLossChange.high).toBeLessThan(0);
  });

  test("[MATCH-81] what was learned shares what its factors had before; what nobody knows keeps its weight", () => {
    const samples = outcomes({ matches: 400, seed: 2, decides: "sharedInterests", slope: 4 });
    const { weights, report } = learnWeights(samples, defaultWeights);
    const sum = (factors: Record<FactorName, number>) =>
      factorNames.reduce((total, name) => total + factors[name], 0);
    expect(weights.factors.serendipity).toBe(defaultWeights.factors.serendipity);
    expect(report.factors.find(({ factor }) => factor === "serendipity")).toMatchObject({
      known: 0,
      learned: false,
    });
    expect(sum(weights.factors)).toBeCloseTo(sum(defaultWeights.factors), 2);
    for (const name of factorNames) expect(weights.factors[name]).toBeGreaterThanOrEqual(0);
    expect(weights).toMatchObject({ serendipityShare: 0.1, repeatPenalty: 0.8, repeatHalfLifeDays: 42 });
  });

  test("[MATCH-82] of outcomes that nothing decides it is never said that what was learned is better", () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const samples = outcomes({ matches: 300, seed: 100 + seed, decides: "freshness", slope: 0 });
      expect(learnWeights(samples, defaultWeights).report.verdict, `seed ${seed}`).not.toBe("better");
    }
  });

  test("[MATCH-82] weights that fit already are left undecided or improved, and never called worse for it", () => {
    const fit = {
      ...defaultWeights,
      factors: { ...defaultWeights.factors, vectorSimilarity: 1, sharedInterests: 0.01 },
    };
    const samples = outcomes({ matches: 400, seed: 5, decides: "vectorSimilarity", slope: 4 });
    const before = learnWeights(samples, defaultWeights).report.figures?.logLossChange.value ?? 0;
    const after = learnWeights(samples, fit).report.figures?.logLossChange.value ?? 0;
    expect(Math.abs(after)).toBeLessThan(Math.abs(before));
  });

  test("[MATCH-82] too few outcomes, or all of one kind, change nothing and say so", () => {
    const few = outcomes({ matches: 20, seed: 1, decides: "freshness", slope: 5 });
    const same = outcomes({ matches: 600, seed: 1, decides: "freshness", slope: 5 }).map((each) => ({
      ...each,
      good: true,
    }));
    for (const samples of [[], few, same]) {
      const { weights, report } = learnWeights(samples, defaultWeights);
      expect(weights).toEqual(defaultWeights);
      expect(report).toMatchObject({ verdict: "too-few", figures: null });
      expect(report.training.outcomes + report.heldOut.outcomes).toBe(samples.length);
    }
  });

  test("[MATCH-80] the same outcomes give the same weights and report, in whatever order they come", () => {
    const samples = outcomes({ matches: 250, seed: 9, decides: "complementarySkills", slope: 4 });
    const first = learnWeights(samples, defaultWeights);
    for (let seed = 1; seed <= 3; seed += 1)
      expect(learnWeights(shuffled(samples, seed), defaultWeights)).toEqual(first);
  });

  test("[MATCH-80] the later matches are held out, each whole", () => {
    const samples = outcomes({ matches: 200, seed: 3, decides: "freshness", slope: 2 });
    const { report } = learnWeights(samples, defaultWeights);
    expect(report.training.matches).toBe(140);
    expect(report.heldOut).toMatchObject({ matches: 60, outcomes: 120 });
    expect(report.splitAt).toBe(new Date(140_000).toISOString());
  });
});

describe("regression and comparison", () => {
  test("[MATCH-81] slopes are found again, none below 0, and drawn to what was believed where little is known", () => {
    const random = randomNumbers(4);
    const rows = Array.from({ length: 4_000 }, () => Float64Array.of(random() - 0.5, random() - 0.5));
    const good = rows.map((row) => random() < sigmoid(3 * (row[0] ?? 0) - 2 * (row[1] ?? 0) + 0.5));
    const free = fitLogistic({ rows, good, prior: [0, 0], ridge: 1e-6 });
    expect(free.slopes[0]).toBeGreaterThan(2.5);
    expect(free.slopes[0]).toBeLessThan(3.5);
    expect(free.slopes[1]).toBe(0);
    const few = fitLogistic({ rows: rows.slice(0, 4), good: good.slice(0, 4), prior: [2, 1], ridge: 1 });
    expect(few.slopes[0]).toBeCloseTo(2, 0);
    expect(few.slopes[1]).toBeCloseTo(1, 0);
  });

  test("[MATCH-82] the area counts equal scores half; the interval holds the value and is the same each time", () => {
    const of = (scores: number[], goods: boolean[]): ScoredOutcome[] =>
      scores.map((score, index) => ({
        matchId: `m${index}`,
        good: goods[index] ?? false,
        score,
        probability: sigmoid(score),
      }));
    expect(auc(of([1, 2, 3, 4], [false, false, true, true]))).toBe(1);
    expect(auc(of([1, 1], [true, false]))).toBe(0.5);
    expect(auc(of([3, 1, 2], [true, true, false]))).toBe(0.5);
    expect(logLoss(of([0, 0], [true, false]))).toBeCloseTo(Math.log(2));
    const random = randomNumbers(6);
    const goods = Array.from({ length: 200 }, () => random() < 0.5);
    const old = of(
      goods.map(() => random()),
      goods,
    );
    const fresh = of(
      goods.map((good) => random() + (good ? 1 : 0)),
      goods,
    );
    const change = compare(old, fresh, { resamples: 300, seed: 7 });
    expect(change.auc.low).toBeLessThan(change.auc.value);
    expect(change.auc.high).toBeGreaterThan(change.auc.value);
    expect(change.auc.low).toBeGreaterThan(0);
    expect(compare(old, fresh, { resamples: 300, seed: 7 })).toEqual(change);
  });
});
