// One entry on its way into the journal, and the calls of `append` that wait for it.
import type { AppendedEntry, JournalEntry, JournalInput } from "./index.ts";
import type { StreamState } from "./stream-state.ts";

/** One call of `append`: it resolves when the last of its entries is durable and rejects with the first failure. */
export class AppendCall {
  readonly promise: Promise<AppendedEntry[]>;
  readonly #results: AppendedEntry[];
  #missing: number;
  readonly #resolve: (results: AppendedEntry[]) => void;
  readonly #reject: (error: Error) => void;
  #failed = false;

  constructor(count: number) {
    const { promise, resolve, reject } = Promise.withResolvers<AppendedEntry[]>();
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#results = new Array<AppendedEntry>(count);
    this.#missing = count;
    if (count === 0) resolve([]);
  }

  fill(index: number, appended: AppendedEntry): void {
    this.#results[index] = appended;
    this.#missing -= 1;
    if (this.#missing === 0) this.#resolve(this.#results);
  }

  /** Rejects the call. Returns the new entries of it that are durable all the same, the first time. */
  fail(error: Error): JournalEntry[] {
    if (this.#failed) return [];
    this.#failed = true;
    this.#reject(error);
    return this.#results.flatMap(({ entry, repeated }) => (repeated ? [] : [entry]));
  }

  get failed(): boolean {
    return this.#failed;
  }
}

export interface Waiter {
  call: AppendCall;
  index: number;
  repeated: boolean;
}

export interface Slot {
  state: StreamState;
  input: JournalInput;
  at: Date;
  /** Stored size, with the entry's own fields. */
  bytes: number;
  waiters: Waiter[];
}

export function resolveSlot(slot: Slot, entry: JournalEntry): void {
  for (const { call, index, repeated } of slot.waiters) {
    // A call that spans documents may have failed with another one of them: then nobody has been told of this entry.
    if (call.failed && !repeated && entry.key !== null) slot.state.addUntold(entry.key);
    call.fill(index, { entry, repeated });
  }
}

/** Of those who wait for an entry that nobody has been told of yet, the first one is told that it is new. */
export function firstIsNew(slot: Slot): void {
  const first = slot.waiters[0];
  if (first !== undefined) first.repeated = false;
}
