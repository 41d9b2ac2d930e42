import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomNumbers } from "../../../platform/testing-random.ts";
import { matchingByWeights, PairWeights } from "./matching-by-weights.ts";
import { maximumWeightMatching, type Matching } from "./maximum-weight-matching.ts";
import type { Edge } from "./weighted-graph.ts";

/** The heaviest matching by trying all: for few vertices. */
function heaviestByTrying(vertices: number, edges: readonly Edge[]): number {
  const weights = Array.from({ length: vertices }, () => new Array<number>(vertices).fill(0));
  const keep = (one: number, other: number, weight: number) => {
    const row = weights[one];
    if (row !== undefined) row[other] = Math.max(row[other] ?? 0, weight);
  };
  for (const { one, other, weight } of edges) {
    keep(one, other, weight);
    keep(other, one, weight);
  }
  const known = new Map<number, number>();
  const best = (free: number): number => {
    if (free === 0) return 0;
    const cached = known.get(free);
    if (cached !== undefined) return cached;
    const one = 31 - Math.clz32(free);
    const rest = free ^ (1 << one);
    let most = best(rest);
    for (let other = 0; other < one; other += 1) {
      const weight = weights[one]?.[other] ?? 0;
      if (((rest >> other) & 1) === 1 && weight > 0)
        most = Math.max(most, weight + best(rest ^ (1 << other)));
    }
    known.set(free, most);
    return most;
  };
  return best(2 ** vertices - 1);
}

function weightOf({ partners }: Matching, weight: (one: number, other: number) => number): number {
  let sum = 0;
  partners.forEach((partner, vertex) => {
    if (partner === -1) return;
    expect(partners[partner]).toBe(vertex);
    if (vertex < partner) sum += weight(vertex, partner);
  });
  return sum;
}

function weightIn(edges: readonly Edge[]): (one: number, other: number) => number {
  return (one, other) => {
    const between = edges.filter(
      (edge) => Math.min(edge.one, edge.other) === one && Math.max(edge.one, edge.other) === other,
    );
    expect(between).not.toHaveLength(0);
    return Math.max(...between.map(({ weight }) => weight));
  };
}

const graphs = fc.integer({ min: 1, max: 10 }).chain((vertices) =>
  fc.record({
    vertices: fc.constant(vertices),
    // Few different weights make many blossoms, many make few.
    edges: fc.constantFrom(2, 6, 1_000, 10 ** 12).chain((most) =>
      fc.array(
        fc
          .record({
            one: fc.nat(vertices - 1),
            other: fc.nat(vertices - 1),
            weight: fc.integer({ min: 1, max: most }),
          })
          .filter(({ one, other }) => one !== other),
        { maxLength: vertices === 1 ? 0 : 40 },
      ),
    ),
  }),
);

/** As dense as a seed says, with weights up to `most`. */
function randomGraph(vertices: number, seed: number): Edge[] {
  const random = randomNumbers(seed);
  const density = random();
  const most = [1, 3, 9, 1_000][seed % 4] ?? 1;
  const edges: Edge[] = [];
  for (let one = 0; one < vertices; one += 1)
    for (let other = 0; other < one; other += 1)
      if (random() < density) edges.push({ one, other, weight: 1 + Math.floor(random() * most) });
  return edges;
}

describe("maximum-weight matching", () => {
  test("[MATCH-30] it weighs as much as the heaviest of all matchings of a small graph", () => {
    fc.assert(
      fc.property(graphs, ({ vertices, edges }) => {
        const matching = maximumWeightMatching(vertices, edges);
        expect(weightOf(matching, weightIn(edges))).toBe(heaviestByTrying(vertices, edges));
      }),
      { numRuns: 400, seed: 1 },
    );
  });

  test("[MATCH-30] nested odd circles are folded, turned and opened: 1 000 graphs of 11 by trying all", () => {
    for (let seed = 1; seed <= 1_000; seed += 1) {
      const edges = randomGraph(11, seed);
      const weights = new Map(edges.map(({ one, other, weight }) => [other * 11 + one, weight]));
      const matching = maximumWeightMatching(11, edges);
      const weight = weightOf(matching, (one, other) => weights.get(one * 11 + other) ?? Number.NaN);
      expect(weight, `seed ${seed}`).toBe(heaviestByTrying(11, edges));
    }
  });

  test("[MATCH-30] going on from what was found in a part of a graph leads to the same as beginning anew", () => {
    for (let seed = 1; seed <= 1_000; seed += 1) {
      const edges = randomGraph(25, seed);
      const part = edges.filter((_, index) => index % 3 !== seed % 3);
      const weights = new Map(edges.map(({ one, other, weight }) => [other * 25 + one, weight]));
      const weigh = (one: number, other: number) => weights.get(one * 25 + other) ?? Number.NaN;
      const gone = maximumWeightMatching(25, edges, maximumWeightMatching(25, part));
      expect(weightOf(gone, weigh), `seed ${seed}`).toBe(weightOf(maximumWeightMatching(25, edges), weigh));
    }
  });

  test("[MATCH-30] whoever has no partner has the price 0", () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const { partners, prices } = maximumWeightMatching(25, randomGraph(25, seed));
      partners.forEach((partner, vertex) => {
        if (partner === -1) expect(prices[vertex]).toBe(0);
        else expect(prices[vertex]).toBeGreaterThanOrEqual(0);
      });
    }
  });

  test("[MATCH-30] weights that are no whole numbers above 0, loops and strange vertices are refused", () => {
    for (const edge of [
      { one: 0, other: 1, weight: 0.5 },
      { one: 0, other: 1, weight: 0 },
      { one: 0, other: 1, weight: Number.MAX_SAFE_INTEGER },
      { one: 0, other: 0, weight: 1 },
      { one: 0, other: 2, weight: 1 },
    ])
      expect(() => maximumWeightMatching(2, [edge])).toThrow(RangeError);
  });
});

describe("matching by weights", () => {
  /** A pool in a plane: near ones fit. Everybody may meet everybody but for `apart`. */
  function planeOf(people: number, seed: number, apart: (one: number, other: number) => boolean) {
    const random = randomNumbers(seed);
    const places = Array.from({ length: people }, () => [random(), random()] as const);
    const weights = new PairWeights(people);
    const edges: Edge[] = [];
    places.forEach(([x, y], one) => {
      for (let other = 0; other < one; other += 1) {
        const [u, v] = places[other] ?? [0, 0];
        const weight = apart(one, other) ? 0 : 1 + Math.floor(1_000_000 * (1.5 - Math.hypot(x - u, y - v)));
        weights.set(one, other, weight);
        if (weight > 0) edges.push({ one, other, weight });
      }
    });
    return { weights, edges };
  }

  test.each([
    ["everybody", () => false],
    ["two camps of unequal size", (one: number, other: number) => one < 90 === other < 90],
    ["two camps of odd size", (one: number, other: number) => one < 91 !== other < 91],
    ["few", (one: number, other: number) => (one * 31 + other * 17) % 40 !== 0],
  ])("[MATCH-31] leaving pairs out of the search changes nothing: %s may meet", (_name, apart) => {
    const { weights, edges } = planeOf(240, 5, apart);
    const weight = (one: number, other: number) => weights.get(one, other);
    const few = weightOf(matchingByWeights(weights), weight);
    expect(few).toBe(weightOf(maximumWeightMatching(240, edges), weight));
  });
});
