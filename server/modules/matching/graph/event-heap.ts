// What happens next in a search: events in the order of their time, the earliest first.
import { intAt, numberAt } from "./numbers.ts";

/** A binary heap of (time, code); equal times come by the lower code, so that the order depends on nothing else. */
export class EventHeap {
  #times = new Float64Array(256);
  #codes = new Int32Array(256);
  #size = 0;
  /** Of the event that `pop` took last. */
  time = 0;

  clear(): void {
    this.#size = 0;
  }

  push(time: number, code: number): void {
    if (this.#size === this.#times.length) this.#grow();
    const times = this.#times;
    const codes = this.#codes;
    let at = this.#size;
    this.#size += 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const aboveTime = numberAt(times, above);
      if (aboveTime < time || (aboveTime === time && intAt(codes, above) <= code)) break;
      times[at] = aboveTime;
      codes[at] = intAt(codes, above);
      at = above;
    }
    times[at] = time;
    codes[at] = code;
  }

  /** The code of the earliest event, -1 where there is none. */
  pop(): number {
    if (this.#size === 0) return -1;
    const times = this.#times;
    const codes = this.#codes;
    const first = intAt(codes, 0);
    this.time = numberAt(times, 0);
    this.#size -= 1;
    const size = this.#size;
    const time = numberAt(times, size);
    const code = intAt(codes, size);
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= size) break;
      if (below + 1 < size && this.#before(below + 1, below)) below += 1;
      const belowTime = numberAt(times, below);
      if (time < belowTime || (time === belowTime && code <= intAt(codes, below))) break;
      times[at] = belowTime;
      codes[at] = intAt(codes, below);
      at = below;
    }
    times[at] = time;
    codes[at] = code;
    return first;
  }

  #before(one: number, other: number): boolean {
    const difference = numberAt(this.#times, one) - numberAt(this.#times, other);
    return difference < 0 || (difference === 0 && intAt(this.#codes, one) < intAt(this.#codes, other));
  }

  #grow(): void {
    const times = new Float64Array(this.#times.length * 2);
    times.set(this.#times);
    this.#times = times;
    const codes = new Int32Array(this.#codes.length * 2);
    codes.set(this.#codes);
    this.#codes = codes;
  }
}
