// One search of a maximum-weight matching: from a person without a partner until they get one, or are left without at no loss.
import { none, type Blossoms } from "./blossoms.ts";
import { EventHeap } from "./event-heap.ts";
import { intAt, numberAt } from "./numbers.ts";
import type { WeightedGraph } from "./weighted-graph.ts";

const unreached = 0;
const outer = 1;
const inner = 2;

/** What an event's code says in its lowest two bits; the rest is a half, a vertex or a node. */
const alongHalf = 0;
const vertexSpent = 1;
const blossomSpent = 2;

/**
 * Edmonds' primal-dual search (1965), one tree at a time. Prices: y of a vertex and z of a blossom are at least 0, and
 * y(u) + y(v) + 2 · (z of all blossoms that hold both) ≥ 2 · weight(uv), with equality on matches and inside blossoms.
 * Outer nodes are at an even distance from the root, and their prices fall as time passes; inner ones' rise. What is stored
 * of a node in the tree is its price at time 0 on its line, so that time moves all of them at no cost.
 *
 * All of a tree's vertices have prices of one parity, so that times are whole numbers where weights are.
 */
export class TreeSearch {
  readonly #graph: WeightedGraph;
  readonly #blossoms: Blossoms;
  /** y by vertex, z by blossom. */
  readonly price: Float64Array;
  readonly #label: Uint8Array;
  /** By outermost node of the tree: the half that leads into it from its parent in the tree; `none` for the root. */
  readonly #entry: Int32Array;
  /** By vertex that is not reached: when the tree is to reach it, as far as is known. */
  readonly #reachedAt: Float64Array;
  readonly #marks: Int32Array;
  #mark = 0;
  readonly #events = new EventHeap();
  readonly #unscanned: number[] = [];
  /** Every node that has had a label or a time in this search. */
  readonly #touched: number[] = [];
  readonly #touchedVertices: number[] = [];
  #time = 0;
  /** The search is over by then. */
  #latest = Infinity;

  constructor(graph: WeightedGraph, blossoms: Blossoms, price: Float64Array) {
    this.#graph = graph;
    this.#blossoms = blossoms;
    this.price = price;
    this.#label = new Uint8Array(blossoms.nodes);
    this.#entry = new Int32Array(blossoms.nodes).fill(none);
    this.#reachedAt = new Float64Array(graph.vertices).fill(Infinity);
    this.#marks = new Int32Array(blossoms.nodes);
  }

  /** `root` has no partner. Afterwards it has one, or another of its tree whose price is 0 has none instead. */
  run(root: number): void {
    this.#time = 0;
    this.#latest = Infinity;
    this.#events.clear();
    this.#unscanned.length = 0;
    this.#makeOuter(intAt(this.#blossoms.top, root), none);
    for (;;) {
      this.#scanAll();
      const code = this.#events.pop();
      if (code === none) throw new Error("A search ends with a vertex whose price is 0, if not before.");
      this.#time = this.#events.time;
      if (this.#happens(code)) break;
    }
    this.#settle();
  }

  /** True where the search is over. Events whose reason is gone by now change nothing. */
  #happens(code: number): boolean {
    const kind = code & 3;
    const subject = code >> 2;
    if (kind === vertexSpent) {
      this.#augment(subject, none);
      return true;
    }
    if (kind === blossomSpent) {
      const whole = this.#blossoms.parent[subject] === none && this.#label[subject] === inner;
      if (whole && numberAt(this.price, subject) === this.#time) this.#openInner(subject);
      return false;
    }
    const from = this.#graph.from(subject);
    const to = this.#graph.to(subject);
    const node = intAt(this.#blossoms.top, to);
    if (node === this.#blossoms.top[from] || this.#slack(subject) !== 0) return false;
    if (this.#label[node] === outer) {
      this.#foldCircle(subject);
      return false;
    }
    if (this.#label[node] === inner) return false;
    const base = intAt(this.#blossoms.base, node);
    const match = intAt(this.#blossoms.mate, base);
    if (match === none) {
      this.#blossoms.turn(node, to);
      this.#blossoms.mate[to] = subject ^ 1;
      this.#augment(from, subject);
      return true;
    }
    this.#makeInner(node, subject);
    this.#makeOuter(intAt(this.#blossoms.top, this.#graph.to(match)), match);
    return false;
  }

  #slack(half: number): number {
    return (
      this.#priceNow(this.#graph.from(half)) +
      this.#priceNow(this.#graph.to(half)) -
      2 * this.#graph.weight(half)
    );
  }

  #priceNow(vertex: number): number {
    const label = this.#label[intAt(this.#blossoms.top, vertex)];
    const stored = numberAt(this.price, vertex);
    return label === outer ? stored - this.#time : label === inner ? stored + this.#time : stored;
  }

  #makeOuter(node: number, entry: number): void {
    this.#enter(node, outer, entry);
    if (this.#blossoms.isBlossom(node)) this.price[node] = numberAt(this.price, node) - this.#time;
    this.#blossoms.eachVertex(node, (vertex) => {
      this.price[vertex] = numberAt(this.price, vertex) + this.#time;
      this.#outerVertex(vertex);
    });
  }

  #outerVertex(vertex: number): void {
    const spentAt = numberAt(this.price, vertex);
    if (spentAt < this.#latest) {
      this.#latest = spentAt;
      this.#events.push(spentAt, (vertex << 2) | vertexSpent);
    }
    this.#unscanned.push(vertex);
  }

  #makeInner(node: number, entry: number): void {
    this.#enter(node, inner, entry);
    if (this.#blossoms.isBlossom(node)) {
      const spentAt = numberAt(this.price, node) + this.#time;
      this.price[node] = spentAt;
      this.#events.push(spentAt, (node << 2) | blossomSpent);
    }
    this.#shift(node, -this.#time);
  }

  #shift(node: number, by: number): void {
    this.#blossoms.eachVertex(node, (vertex) => {
      this.price[vertex] = numberAt(this.price, vertex) + by;
    });
  }

  #enter(node: number, label: number, entry: number): void {
    this.#label[node] = label;
    this.#entry[node] = entry;
    this.#touched.push(node);
  }

  #scanAll(): void {
    for (let vertex = this.#unscanned.pop(); vertex !== undefined; vertex = this.#unscanned.pop())
      this.#scan(vertex);
  }

  /** Notes when each edge of an outer vertex will matter. */
  #scan(vertex: number): void {
    const { mate, top, base } = this.#blossoms;
    const own = intAt(top, vertex);
    const end = this.#graph.lastOf(vertex);
    for (let place = this.#graph.firstOf(vertex); place < end; place += 1) {
      const half = this.#graph.halfAt(place);
      const to = this.#graph.to(half);
      const node = intAt(top, to);
      const label = this.#label[node];
      if (node === own || label === inner) continue;
      const slack = this.#slack(half);
      const at = this.#time + (label === outer ? slack / 2 : slack);
      // What comes at the very end of the search or after it comes not at all; of equals the first counts.
      if (at > this.#latest) continue;
      if (label === unreached) {
        if (at >= numberAt(this.#reachedAt, to)) continue;
        if (this.#reachedAt[to] === Infinity) this.#touchedVertices.push(to);
        this.#reachedAt[to] = at;
        if (mate[intAt(base, node)] === none) this.#latest = at;
      }
      this.#events.push(at, (half << 2) | alongHalf);
    }
  }

  /** Two outer nodes meet: they, and what lies between them in the tree, become one outer node. */
  #foldCircle(half: number): void {
    const { top } = this.#blossoms;
    const left = intAt(top, this.#graph.from(half));
    const right = intAt(top, this.#graph.to(half));
    const summit = this.#summit(left, right);
    const children: number[] = [summit];
    const halves: number[] = [];
    const down = this.#wayUp(left, summit).reverse();
    for (const node of down) {
      halves.push(intAt(this.#entry, node));
      children.push(node);
    }
    halves.push(half);
    for (const node of this.#wayUp(right, summit)) {
      children.push(node);
      halves.push(intAt(this.#entry, node) ^ 1);
    }
    for (const child of children) this.#freeze(child);
    const fresh: number[] = [];
    for (const child of children)
      if (this.#label[child] === inner) this.#blossoms.eachVertex(child, (vertex) => fresh.push(vertex));
    const entry = intAt(this.#entry, summit);
    const blossom = this.#blossoms.fold(children, halves);
    for (const child of children) this.#label[child] = unreached;
    this.#enter(blossom, outer, entry);
    this.price[blossom] = -this.#time;
    for (const vertex of fresh) {
      // From the rising line to the falling one.
      this.price[vertex] = numberAt(this.price, vertex) + 2 * this.#time;
      this.#outerVertex(vertex);
    }
  }

  /** The price of a node that ceases to be outermost: it stands still from now on. */
  #freeze(node: number): void {
    if (!this.#blossoms.isBlossom(node)) return;
    const stored = numberAt(this.price, node);
    if (this.#label[node] === outer) this.price[node] = stored + this.#time;
    else if (this.#label[node] === inner) this.price[node] = stored - this.#time;
  }

  #above(node: number): number {
    const entry = intAt(this.#entry, node);
    return entry === none ? none : intAt(this.#blossoms.top, this.#graph.from(entry));
  }

  /** The lowest node above both (either may be it); both sides climb in turn, so that the cost is the circle's length. */
  #summit(left: number, right: number): number {
    this.#mark += 1;
    let climbing = left;
    let waiting = right;
    for (;;) {
      if (climbing !== none) {
        if (this.#marks[climbing] === this.#mark) return climbing;
        this.#marks[climbing] = this.#mark;
        climbing = this.#above(climbing);
      }
      [climbing, waiting] = [waiting, climbing];
    }
  }

  #wayUp(from: number, summit: number): number[] {
    const way: number[] = [];
    for (let node = from; node !== summit; node = this.#above(node)) way.push(node);
    return way;
  }

  /** An inner blossom's price is spent: the even way round from its entry to its base stays in the tree, the rest leaves it. */
  #openInner(blossom: number): void {
    const entry = intAt(this.#entry, blossom);
    const start = this.#blossoms.childWith(blossom, this.#graph.to(entry));
    this.#label[blossom] = unreached;
    this.price[blossom] = 0;
    this.#shift(blossom, this.#time);
    const { children, halves } = this.#blossoms.open(blossom);
    const at = children.indexOf(start);
    const forward = at % 2 === 1;
    const length = children.length;
    const kept = new Set<number>([start]);
    const outers: [node: number, entry: number][] = [];
    this.#makeInner(start, entry);
    for (let index = at, isOuter = true; index % length !== 0; isOuter = !isOuter) {
      const next = forward ? index + 1 : index - 1;
      const half = (forward ? halves[index] : (halves[next] as number) ^ 1) as number;
      const node = children[next % length] as number;
      kept.add(node);
      if (isOuter) outers.push([node, half]);
      else this.#makeInner(node, half);
      index = next;
    }
    const left: number[] = [];
    for (const child of children)
      if (!kept.has(child)) this.#blossoms.eachVertex(child, (vertex) => left.push(vertex));
    for (const vertex of left) this.#reachedAt[vertex] = Infinity;
    // Those that left the tree can be reached again.
    for (const vertex of left) this.#scanInto(vertex);
    for (const [node, half] of outers) this.#makeOuter(node, half);
  }

  /** As `scan`, from outside: the tree's outer vertices that have an edge to this one. */
  #scanInto(vertex: number): void {
    const { top } = this.#blossoms;
    const end = this.#graph.lastOf(vertex);
    for (let place = this.#graph.firstOf(vertex); place < end; place += 1) {
      const half = this.#graph.halfAt(place) ^ 1;
      if (this.#label[intAt(top, this.#graph.from(half))] !== outer) continue;
      const at = this.#time + this.#slack(half);
      if (at > this.#latest || at >= numberAt(this.#reachedAt, vertex)) continue;
      if (this.#reachedAt[vertex] === Infinity) this.#touchedVertices.push(vertex);
      this.#reachedAt[vertex] = at;
      this.#events.push(at, (half << 2) | alongHalf);
    }
  }

  /** From an outer vertex back to the root matches and other edges change places; `match` is the vertex's new one. */
  #augment(vertex: number, match: number): void {
    const { top, mate } = this.#blossoms;
    for (;;) {
      const node = intAt(top, vertex);
      const up = intAt(this.#entry, node);
      this.#blossoms.turn(node, vertex);
      mate[vertex] = match;
      if (up === none) return;
      const above = intAt(top, this.#graph.from(up));
      const into = intAt(this.#entry, above);
      const entered = this.#graph.to(into);
      this.#blossoms.turn(above, entered);
      mate[entered] = into ^ 1;
      vertex = this.#graph.from(into);
      match = into;
    }
  }

  /** Prices leave their lines, and what this search noted is forgotten. */
  #settle(): void {
    for (const node of this.#touched) {
      const label = this.#label[node];
      if (label === unreached) continue;
      const sign = label === outer ? -1 : 1;
      this.#shift(node, sign * this.#time);
      if (this.#blossoms.isBlossom(node)) this.price[node] = numberAt(this.price, node) - sign * this.#time;
      this.#label[node] = unreached;
      if (this.#blossoms.isBlossom(node)) this.#openSpent(node);
    }
    for (const vertex of this.#touchedVertices) this.#reachedAt[vertex] = Infinity;
    this.#touched.length = 0;
    this.#touchedVertices.length = 0;
  }

  /** A blossom without a price holds nobody together. */
  #openSpent(blossom: number): void {
    if (this.price[blossom] !== 0) return;
    for (const child of this.#blossoms.open(blossom).children)
      if (this.#blossoms.isBlossom(child)) this.#openSpent(child);
  }
}
