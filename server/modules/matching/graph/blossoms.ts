// Matched pairs and the odd circles (blossoms) that a search has folded into one: how they are built, turned and opened.
import { intAt, numberAt } from "./numbers.ts";

/** A graph whose edge e is the two halves 2e and 2e + 1, one each way. */
export interface HalfEdges {
  readonly vertices: number;
  /** Where half h begins and ends. */
  from(half: number): number;
  to(half: number): number;
}

export const none = -1;

/**
 * Nodes are vertices (below `vertices`) and blossoms (above). A blossom's children form a circle of odd length: child 0
 * holds its base, the children 1 and 2, 3 and 4, … are matched with each other. `halves[i]` leads from child i to child
 * i + 1.
 */
export class Blossoms {
  readonly graph: HalfEdges;
  /** By vertex: the half that leads to its partner. */
  readonly mate: Int32Array;
  /** By vertex: the outermost node that holds it. */
  readonly top: Int32Array;
  /** By node: the vertex through which it is matched with the outside, if it is. */
  readonly base: Int32Array;
  readonly parent: Int32Array;
  readonly #children: (number[] | undefined)[];
  readonly #halves: (number[] | undefined)[];
  /** By node: where its vertices begin and end in a chain of them, each child's in one piece. */
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #next: Int32Array;
  readonly #free: number[] = [];

  constructor(graph: HalfEdges) {
    const { vertices } = graph;
    // Folded circles nest, and hold three nodes or more: half as many as vertices are enough.
    const nodes = vertices + (vertices >> 1) + 1;
    this.graph = graph;
    this.mate = new Int32Array(vertices).fill(none);
    this.top = Int32Array.from({ length: vertices }, (_, vertex) => vertex);
    this.base = Int32Array.from({ length: nodes }, (_, node) => (node < vertices ? node : none));
    this.parent = new Int32Array(nodes).fill(none);
    this.#children = new Array<number[] | undefined>(nodes);
    this.#halves = new Array<number[] | undefined>(nodes);
    this.#first = this.base.slice();
    this.#last = this.base.slice();
    this.#next = new Int32Array(vertices).fill(none);
    for (let node = nodes - 1; node >= vertices; node -= 1) this.#free.push(node);
  }

  get nodes(): number {
    return this.base.length;
  }

  isBlossom(node: number): boolean {
    return node >= this.graph.vertices;
  }

  children(blossom: number): readonly number[] {
    return this.#children[blossom] ?? [];
  }

  halves(blossom: number): readonly number[] {
    return this.#halves[blossom] ?? [];
  }

  /** Nothing may be folded meanwhile. */
  eachVertex(node: number, visit: (vertex: number) => void): void {
    const last = intAt(this.#last, node);
    for (let vertex = intAt(this.#first, node); ; vertex = intAt(this.#next, vertex)) {
      visit(vertex);
      if (vertex === last) return;
    }
  }

  /** Folds outermost nodes into one; the first one holds the base. */
  fold(children: number[], halves: number[]): number {
    const blossom = this.#free.pop();
    if (blossom === undefined) throw new Error("More blossoms than a graph can hold.");
    this.#children[blossom] = children;
    this.#halves[blossom] = halves;
    this.base[blossom] = intAt(this.base, children[0] as number);
    this.parent[blossom] = none;
    let end = none;
    for (const child of children) {
      this.parent[child] = blossom;
      if (end === none) this.#first[blossom] = intAt(this.#first, child);
      else this.#next[end] = intAt(this.#first, child);
      end = intAt(this.#last, child);
    }
    this.#last[blossom] = end;
    this.eachVertex(blossom, (vertex) => {
      this.top[vertex] = blossom;
    });
    return blossom;
  }

  /** Opens an outermost blossom: its children are outermost now. */
  open(blossom: number): { children: number[]; halves: number[] } {
    const children = this.#children[blossom] ?? [];
    const halves = this.#halves[blossom] ?? [];
    for (const child of children) {
      this.parent[child] = none;
      this.eachVertex(child, (vertex) => {
        this.top[vertex] = child;
      });
    }
    this.#children[blossom] = undefined;
    this.#halves[blossom] = undefined;
    this.#free.push(blossom);
    return { children, halves };
  }

  /** The child of `blossom` that holds the vertex. */
  childWith(blossom: number, vertex: number): number {
    let node = vertex;
    while (intAt(this.parent, node) !== blossom) node = intAt(this.parent, node);
    return node;
  }

  /** Calls back with every vertex that shares blossoms with this one, and the prices of those, together. */
  around(one: number, price: Float64Array, each: (vertex: number, sum: number) => void): void {
    const nest: number[] = [];
    for (let node = intAt(this.parent, one); node !== none; node = intAt(this.parent, node)) nest.push(node);
    let sum = 0;
    for (let level = nest.length - 1; level >= 0; level -= 1) {
      const blossom = nest[level] as number;
      sum += numberAt(price, blossom);
      const within = level === 0 ? one : nest[level - 1];
      for (const child of this.children(blossom))
        if (child !== within) this.eachVertex(child, (vertex) => each(vertex, sum));
    }
  }

  /** The prices of all blossoms that hold the vertex, together. */
  priceOver(vertex: number, price: Float64Array): number {
    let sum = 0;
    for (let node = intAt(this.parent, vertex); node !== none; node = intAt(this.parent, node))
      sum += numberAt(price, node);
    return sum;
  }

  /** Makes a vertex of the node its base: matches along the circle change so that all others inside have partners. */
  turn(node: number, vertex: number): void {
    if (!this.isBlossom(node) || intAt(this.base, node) === vertex) return;
    const children = this.#children[node] ?? [];
    const halves = this.#halves[node] ?? [];
    const start = this.childWith(node, vertex);
    const at = children.indexOf(start);
    this.turn(start, vertex);
    // The even way round: from the old base to the new one, every second half becomes a match.
    for (let index = at % 2 === 1 ? at + 1 : 0; index < (at % 2 === 1 ? children.length : at); index += 2) {
      const half = halves[index] as number;
      const from = this.graph.from(half);
      const to = this.graph.to(half);
      this.turn(children[index] as number, from);
      this.turn(children[(index + 1) % children.length] as number, to);
      this.mate[from] = half;
      this.mate[to] = half ^ 1;
    }
    children.push(...children.splice(0, at));
    halves.push(...halves.splice(0, at));
    this.base[node] = vertex;
  }
}
