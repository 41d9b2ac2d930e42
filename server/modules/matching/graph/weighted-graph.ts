// A graph with whole-number weights, its edges laid out vertex by vertex.
import type { HalfEdges } from "./blossoms.ts";
import { intAt, numberAt } from "./numbers.ts";

export interface Edge {
  one: number;
  other: number;
  /** A whole number above 0. */
  weight: number;
}

export class WeightedGraph implements HalfEdges {
  readonly vertices: number;
  readonly edges: number;
  readonly #ends: Int32Array;
  readonly #weights: Float64Array;
  readonly #first: Int32Array;
  readonly #halves: Int32Array;

  /** Throws RangeError for weights that are no whole numbers above 0, for loops, and for vertices that are not there. */
  constructor(vertices: number, edges: readonly Edge[]) {
    this.vertices = vertices;
    this.edges = edges.length;
    this.#ends = new Int32Array(2 * edges.length);
    this.#weights = new Float64Array(edges.length);
    this.#first = new Int32Array(vertices + 1);
    this.#halves = new Int32Array(2 * edges.length);
    edges.forEach((edge, index) => {
      assertEdge(edge, vertices);
      this.#ends[2 * index] = edge.one;
      this.#ends[2 * index + 1] = edge.other;
      this.#weights[index] = edge.weight;
    });
    for (const end of this.#ends) this.#first[end + 1] = intAt(this.#first, end + 1) + 1;
    for (let vertex = 0; vertex < vertices; vertex += 1)
      this.#first[vertex + 1] = intAt(this.#first, vertex + 1) + intAt(this.#first, vertex);
    const next = this.#first.slice();
    this.#ends.forEach((end, half) => {
      const place = intAt(next, end);
      this.#halves[place] = half;
      next[end] = place + 1;
    });
  }

  from(half: number): number {
    return intAt(this.#ends, half);
  }

  to(half: number): number {
    return intAt(this.#ends, half ^ 1);
  }

  weight(half: number): number {
    return numberAt(this.#weights, half >> 1);
  }

  /** The halves that begin at a vertex stand at the places from `firstOf` to before `lastOf`. */
  firstOf(vertex: number): number {
    return intAt(this.#first, vertex);
  }

  lastOf(vertex: number): number {
    return intAt(this.#first, vertex + 1);
  }

  halfAt(place: number): number {
    return intAt(this.#halves, place);
  }
}

/** Prices reach twice a weight, and sums of two prices are compared. */
const weightMost = Number.MAX_SAFE_INTEGER / 8;

function assertEdge({ one, other, weight }: Edge, vertices: number): void {
  if (!Number.isInteger(weight) || weight <= 0 || weight > weightMost)
    throw new RangeError(`A weight must be a whole number from 1 to ${weightMost}, not ${weight}.`);
  const inside = (vertex: number) => Number.isInteger(vertex) && vertex >= 0 && vertex < vertices;
  if (!inside(one) || !inside(other) || one === other)
    throw new RangeError(`No edge leads from ${one} to ${other} among ${vertices} vertices.`);
}
