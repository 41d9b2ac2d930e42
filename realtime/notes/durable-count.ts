// How many frames of one connection are durable without a gap: what "saved" in the page rests on.

/** Frames may become durable in any order; the count rises only over an unbroken beginning. */
export class DurableCount {
  #issued = 0;
  #reached = 0;
  #dropped = 0;
  /** Made when it is needed, as most connections never do. */
  #ahead: Map<number, "durable" | "dropped"> | null = null;

  /** Durable frames before the first that is not; refused ones are skipped and not counted. */
  get count(): number {
    return this.#reached - this.#dropped;
  }

  /** The number of a frame that has just arrived. */
  next(): number {
    this.#issued += 1;
    return this.#issued;
  }

  complete(number: number): void {
    this.#settle(number, "durable");
  }

  /** The frame was refused and never becomes durable. */
  drop(number: number): void {
    this.#settle(number, "dropped");
  }

  #settle(number: number, how: "durable" | "dropped"): void {
    // Nearly always in order.
    if (number === this.#reached + 1 && this.#ahead === null) {
      this.#reached = number;
      if (how === "dropped") this.#dropped += 1;
      return;
    }
    this.#ahead ??= new Map();
    this.#ahead.set(number, how);
    for (;;) {
      const next = this.#ahead.get(this.#reached + 1);
      if (next === undefined) break;
      this.#reached += 1;
      if (next === "dropped") this.#dropped += 1;
      this.#ahead.delete(this.#reached);
    }
    if (this.#ahead.size === 0) this.#ahead = null;
  }
}
