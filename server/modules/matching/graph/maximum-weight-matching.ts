// Maximum-weight matching on any graph: which pairs, each person in one at most, weigh most together. Exact.
import { Blossoms, none } from "./blossoms.ts";
import { intAt, numberAt } from "./numbers.ts";
import { TreeSearch } from "./tree-search.ts";
import { WeightedGraph, type Edge } from "./weighted-graph.ts";

export interface Matching {
  /** By vertex: its partner, or -1. */
  partners: Int32Array;
  /** By vertex: at least 0, 0 without a partner. */
  prices: Float64Array;
  /**
   * By which twice the weight of an edge exceeds what the prices allow. An edge outside the graph can improve the matching
   * only where that is above 0.
   */
  excess(one: number, other: number, weight: number): number;
}

/**
 * Edmonds' algorithm with one search a vertex, each O(m log n) apart from folding circles, O(n m log n) in all; after a
 * greedy start most vertices need none. The same graph gives the same matching. Throws RangeError as `WeightedGraph` does.
 */
export function maximumWeightMatching(vertices: number, edges: readonly Edge[]): Matching {
  const graph = new WeightedGraph(vertices, edges);
  const blossoms = new Blossoms(graph);
  const prices = new Float64Array(blossoms.nodes);
  startGreedily(graph, blossoms, prices);
  const search = new TreeSearch(graph, blossoms, prices);
  for (let vertex = 0; vertex < vertices; vertex += 1)
    if (intAt(blossoms.mate, vertex) === none && numberAt(prices, vertex) > 0) search.run(vertex);
  return {
    partners: blossoms.mate.map((half) => (half === none ? none : graph.to(half))),
    prices: prices.slice(0, vertices),
    excess(one, other, weight) {
      const open = 2 * weight - numberAt(prices, one) - numberAt(prices, other);
      return open <= 0 ? open : open - 2 * blossoms.priceAround(one, other, prices);
    },
  };
}

/** Prices that are as low as the edges allow, one vertex after the other, and the matches that cost nothing at them. */
function startGreedily(graph: WeightedGraph, { mate }: Blossoms, prices: Float64Array): void {
  for (let vertex = 0; vertex < graph.vertices; vertex += 1) {
    let most = 0;
    for (let place = graph.firstOf(vertex); place < graph.lastOf(vertex); place += 1)
      most = Math.max(most, graph.weight(graph.halfAt(place)));
    prices[vertex] = most;
  }
  for (let vertex = 0; vertex < graph.vertices; vertex += 1) {
    if (intAt(mate, vertex) !== none) continue;
    let least = 0;
    let tight = none;
    for (let place = graph.firstOf(vertex); place < graph.lastOf(vertex); place += 1) {
      const half = graph.halfAt(place);
      const to = graph.to(half);
      const needed = 2 * graph.weight(half) - numberAt(prices, to);
      const open = intAt(mate, to) === none;
      if (needed < least || needed < 0) continue;
      if (needed > least) tight = open ? half : none;
      else if (open && tight === none) tight = half;
      least = needed;
    }
    prices[vertex] = least;
    if (tight === none) continue;
    mate[vertex] = tight;
    mate[graph.to(tight)] = tight ^ 1;
  }
}
