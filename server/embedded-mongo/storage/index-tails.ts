// Which new keys of an index go on behind its others: these share their pages anyway, wherever they are put.
import type { KeyRange } from "./storage.ts";

interface Tail {
  /** Keys from here on count as rising: writers that run side by side bring them a little out of order. */
  floor: Buffer;
  /** The next floor. */
  reached: Buffer;
  last: Buffer;
  keys: number;
}

const keysPerFloor = 256;

/** Advice only, kept in memory: entries may have been removed or undone since. */
export class IndexTails {
  readonly #lastKeyOf: (range: KeyRange) => Buffer;
  readonly #tails = new Map<number, Tail>();

  constructor(lastKeyOf: (range: KeyRange) => Buffer) {
    this.#lastKeyOf = lastKeyOf;
  }

  follows(range: KeyRange, key: Buffer): boolean {
    const tail = this.#tailOf(range);
    tail.keys += 1;
    if (tail.keys === keysPerFloor) {
      tail.floor = tail.reached;
      tail.reached = tail.last;
      tail.keys = 0;
    }
    if (Buffer.compare(key, tail.floor) < 0) return false;
    if (Buffer.compare(key, tail.last) > 0) tail.last = Buffer.from(key);
    return true;
  }

  #tailOf(range: KeyRange): Tail {
    const index = range.lower.readUInt32BE();
    let tail = this.#tails.get(index);
    if (tail === undefined) {
      const last = this.#lastKeyOf(range);
      this.#tails.set(index, (tail = { floor: last, reached: last, last, keys: 0 }));
    }
    return tail;
  }
}
