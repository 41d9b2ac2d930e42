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
  /** Prices that do without blossoms, and so are higher: every edge costs at least twice its weight. */
  flatPrices: Float64Array;
  /**
   * Into `prices`: by how much less an edge from `one` to each vertex may cost than by `prices` alone, thanks to the
   * blossoms around both. An edge outside the graph can improve the matching only where
   * 2 · weight - prices[one] - prices[other] - relief[other] is above 0.
   */
  reliefsOf(one: number, relief: Float64Array): void;
}

/**
 * Edmonds' algorithm with one search a vertex, each O(m log n) apart from folding circles, O(n m log n) in all; after a
 * greedy start most vertices need none. The same graph gives the same matching. With `before`, of the same vertices and for
 * the most part the same edges, the search goes on from there. Throws RangeError as `WeightedGraph` does.
 */
export function maximumWeightMatching(
  vertices: number,
  edges: readonly Edge[],
  before?: Pick<Matching, "partners" | "flatPrices">,
): Matching {
  const graph = new WeightedGraph(vertices, edges);
  const blossoms = new Blossoms(graph);
  const prices = new Float64Array(blossoms.nodes);
  if (before === undefined) startHigh(graph, prices);
  else startFrom(before, graph, blossoms, prices);
  lowerGreedily(graph, blossoms, prices);
  const search = new TreeSearch(graph, blossoms, prices);
  for (let vertex = 0; vertex < vertices; vertex += 1)
    if (intAt(blossoms.mate, vertex) === none && numberAt(prices, vertex) > 0) search.run(vertex);
  return {
    partners: blossoms.mate.map((half) => (half === none ? none : graph.to(half))),
    prices: prices.slice(0, vertices),
    flatPrices: prices.slice(0, vertices).map((price, vertex) => price + blossoms.priceOver(vertex, prices)),
    reliefsOf(one, relief) {
      relief.fill(0);
      blossoms.around(one, prices, (vertex, sum) => {
        relief[vertex] = 2 * sum;
      });
    },
  };
}

/** Each vertex pays for its heaviest edge alone. */
function startHigh(graph: WeightedGraph, prices: Float64Array): void {
  for (let vertex = 0; vertex < graph.vertices; vertex += 1) {
    let most = 0;
    for (let place = graph.firstOf(vertex); place < graph.lastOf(vertex); place += 1)
      most = Math.max(most, graph.weight(graph.halfAt(place)));
    prices[vertex] = most;
  }
}

/** Former prices, raised where edges that are new ask for more; and the former matches that still cost nothing at them. */
function startFrom(
  { partners, flatPrices }: Pick<Matching, "partners" | "flatPrices">,
  graph: WeightedGraph,
  { mate }: Blossoms,
  prices: Float64Array,
): void {
  prices.set(flatPrices);
  const missing = (half: number) =>
    2 * graph.weight(half) - numberAt(prices, graph.from(half)) - numberAt(prices, graph.to(half));
  for (let half = 0; half < 2 * graph.edges; half += 2) {
    const from = graph.from(half);
    const raise = missing(half);
    if (raise > 0) prices[from] = numberAt(prices, from) + raise;
  }
  for (let half = 0; half < 2 * graph.edges; half += 2) {
    const [from, to] = [graph.from(half), graph.to(half)];
    if (partners[from] !== to || intAt(mate, from) !== none || missing(half) !== 0) continue;
    mate[from] = half;
    mate[to] = half ^ 1;
  }
}

/** Prices of those without a partner that are as low as the edges allow, and the matches that cost nothing at them. */
function lowerGreedily(graph: WeightedGraph, { mate }: Blossoms, prices: Float64Array): void {
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
