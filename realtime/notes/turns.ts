// What many connections have to send at once, a few of them in each turn of the event loop.
import { bounds } from "../bounds.ts";

/**
 * A commit makes the edits of many durable in one moment. Were all of them told in that moment, whatever arrives meanwhile
 * would wait for as many writes to sockets, which cost tens of microseconds each.
 */
export class Turns {
  #waiting: (() => void)[] = [];
  #scheduled = false;

  /** Runs it soon, in the order of the calls. It must not throw. */
  add(run: () => void): void {
    this.#waiting.push(run);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      for (const run of this.#waiting.splice(0, bounds.notesToldAtOnce)) run();
      this.#schedule();
    });
  }
}
