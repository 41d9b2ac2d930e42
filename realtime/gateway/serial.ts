// Runs tasks of one key one after another, those of different keys side by side.
import { TransientMap } from "../../shared/transient-map.ts";

export class SerialByKey {
  readonly #tails = new TransientMap<string, Promise<unknown>>();

  /** The task's outcome; a failed task does not stop the next. */
  run<Value>(key: string, task: () => Promise<Value>): Promise<Value> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const outcome = before.then(task, task);
    const tail = outcome
      .catch(() => undefined)
      .then(() => {
        if (this.#tails.get(key) === tail) this.#tails.delete(key);
      });
    this.#tails.set(key, tail);
    return outcome;
  }

  get size(): number {
    return this.#tails.size;
  }
}
