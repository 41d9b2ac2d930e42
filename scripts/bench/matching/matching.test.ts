import { describe, expect, test } from "vitest";
import { candidateOf } from "../../../server/modules/matching/testing-pools.ts";
import { judgeByBlossom } from "./blossom.ts";
import { createJudge } from "./linear-program.ts";
import { queueQuality } from "./live-queue.ts";
import { roundQuality } from "./rounds.ts";
import { mayNotMeet } from "./second-opinion.ts";

describe("matching benchmark", () => {
  test("[BENCH-3] short: rounds are the optimum, break nothing, repeat nothing they need not, and are stable", async () => {
    const figures = await roundQuality({ pools: 6, peopleMost: 24, seed: 1, progress: () => {} });
    expect(figures).toMatchObject({
      rounds: 36,
      judgesDiffer: 0,
      fewerCouples: 0,
      violations: 0,
      avoidableRepeats: 0,
      orderMatters: 0,
      blockingPairs: 0,
    });
    expect(figures.judged).toBeGreaterThanOrEqual(6);
    expect(figures.askedOfBoth).toBeGreaterThanOrEqual(1);
    expect(figures.leastShare).toBeGreaterThan(0.9999);
  });

  test("[BENCH-3] both judges know the best of a triangle, of two triangles and of a better pairing", async () => {
    const linearProgram = await createJudge();
    const triangle = (from: number) => [
      { one: from, other: from + 1, value: 1 },
      { one: from + 1, other: from + 2, value: 1 },
      { one: from + 2, other: from, value: 1 },
    ];
    const two = [...triangle(0), ...triangle(3), { one: 2, other: 3, value: 0.1 }];
    for (const judge of [judgeByBlossom, linearProgram]) {
      expect(judge({ people: 3, pairs: triangle(0), couples: 0, reached: 0 })).toBeCloseTo(1, 6);
      expect(judge({ people: 6, pairs: two, couples: 0, reached: 0 })).toBeCloseTo(2.1, 6);
      expect(judge({ people: 6, pairs: two, couples: 3, reached: 0 })).toBeCloseTo(2.1, 6);
    }
  });

  test("[BENCH-3] the rules written down a second time see a constraint that is broken", () => {
    expect(mayNotMeet(candidateOf("a"), candidateOf("b"), 60_000)).toBe(false);
    expect(mayNotMeet(candidateOf("a"), candidateOf("b", { languages: ["de"] }), 60_000)).toBe(true);
    expect(mayNotMeet(candidateOf("a", { blockedWith: new Set(["b"]) }), candidateOf("b"), 60_000)).toBe(
      true,
    );
  });

  test("[BENCH-3] the queue finds more, and better, than first come first served; the same seed gives the same", () => {
    const market = () => queueQuality(60, 2, 500);
    const { policies } = market();
    const [ours, first] = policies;
    expect(ours?.scoreShare).toBeGreaterThan(first?.scoreShare ?? 1);
    expect(ours?.medianWaitSeconds).toBeLessThan(120);
    expect(market().policies).toEqual(policies);
  });
});
