import { describe, expect, test } from "vitest";
import { defaultWeights } from "../score/weights.ts";
import { candidateOf, poolOf, testNow } from "../testing-pools.ts";
import { barOf, defaultPatience, prospectOf, standingOf } from "./bar.ts";
import { WaitingTimes } from "./estimate.ts";
import { WaitingPool } from "./waiting-pool.ts";

const hopes = Float64Array.from({ length: 100 }, (_, index) => index / 100);
const patience = { targetMs: 40_000, fairnessMost: 0.1 };

describe("how well somebody must fit", () => {
  test("[MATCH-47] the more are likely to come the better, less as time passes, anybody in the end", () => {
    const bar = (arrivingPerMs: number, waitedMs: number) =>
      barOf(hopes, { waitedMs, arrivingPerMs, patience });
    expect(bar(9 / 40_000, 0)).toBeCloseTo(0.89, 6);
    expect(bar(1 / 40_000, 0)).toBeCloseTo(0.49, 6);
    expect(bar(9 / 40_000, 30_000)).toBeLessThan(bar(9 / 40_000, 10_000));
    expect(bar(9 / 40_000, 40_000)).toBe(0);
    expect(bar(0, 0)).toBe(0);
    expect(barOf(new Float64Array(), { waitedMs: 0, arrivingPerMs: 1, patience })).toBe(0);
  });

  test("[MATCH-48] whoever fits few is proposed to sooner, whoever has a choice later, within bounds", () => {
    expect(prospectOf(hopes)).toBeCloseTo(0.9, 6);
    expect(prospectOf(hopes.slice(0, 19))).toBeNull();
    expect(standingOf(0.5, 0.5)).toBe(1);
    expect(standingOf(null, 0.5)).toBe(1);
    expect(standingOf(0.4, null)).toBe(1);
    expect(standingOf(0.45, 0.5)).toBeCloseTo(0.9 ** 3, 6);
    // The fewer come, the more so.
    expect(standingOf(0.45, 0.5, 8)).toBeCloseTo(0.9 ** 4, 6);
    expect(standingOf(0.45, 0.5, 0)).toBeCloseTo(0.9 ** 11, 6);
    expect(standingOf(0.1, 0.5)).toBe(0.1);
    expect(standingOf(0.9, 0.5)).toBe(2);
  });

  test("[MATCH-47] of two who fit alike the one who waits longer comes first", () => {
    const pool = new WaitingPool({
      requirements: { lengthMs: 60_000 },
      weights: defaultWeights,
      pastOf: () => null,
      seed: "queue",
      patience,
    });
    pool.enter(candidateOf("z"), testNow);
    pool.enter(candidateOf("y"), testNow + 30_000);
    pool.enter(candidateOf("x"), testNow + 60_000);
    const now = testNow + 70_000;
    const suggested = pool.suggest("x", { now, count: 3, open: () => true });
    expect(suggested.map(({ id }) => id)).toEqual(["z", "y"]);
  });

  test("[MATCH-6] what is kept up to date as people come and go is what a search of everybody finds", () => {
    const people = poolOf({ people: 80, seed: 2 });
    const options = {
      requirements: { lengthMs: 30 * 60_000 },
      weights: defaultWeights,
      pastOf: () => null,
      seed: "queue",
      patience: { ...defaultPatience, targetMs: 1, fairnessMost: 0 },
    };
    const grown = new WaitingPool(options);
    for (const person of people) grown.enter(person, testNow);
    for (const person of people.slice(0, 40)) grown.leave(person.id);
    const fresh = new WaitingPool(options);
    // Half of them at once, as a process does that starts, and half one by one.
    people
      .slice(40)
      .reverse()
      .forEach((person, index) => fresh.enter(person, testNow, { later: index < 20 }));
    for (const { id } of people.slice(40)) {
      const ask = (pool: WaitingPool) =>
        pool
          .suggest(id, { now: testNow + 10, count: 3, open: () => true })
          .map(({ id: other, score }) => [other, score.total]);
      expect(ask(grown)).toEqual(ask(fresh));
    }
  });
});

describe("how long it may take", () => {
  test("[MATCH-42] by what others waited; before that by who fits and who comes; nothing where nobody does", () => {
    const times = new WaitingTimes();
    expect(times.estimate({ waitedSeconds: 0, fitting: 0, arrivingPerMinute: 0 })).toBeNull();
    expect(times.estimate({ waitedSeconds: 0, fitting: 0, arrivingPerMinute: 2 })).toBe(95);
    const few = times.estimate({ waitedSeconds: 0, fitting: 1, arrivingPerMinute: 2 }) ?? 0;
    expect(few).toBeGreaterThan(times.estimate({ waitedSeconds: 0, fitting: 9, arrivingPerMinute: 2 }) ?? 0);
    for (const seconds of [10, 20, 30, 40, 50]) times.matchedAfter(seconds);
    expect(times.estimate({ waitedSeconds: 0, fitting: 1, arrivingPerMinute: 0 })).toBe(30);
    expect(times.estimate({ waitedSeconds: 35, fitting: 1, arrivingPerMinute: 0 })).toBe(15);
  });
});
