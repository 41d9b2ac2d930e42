// One entry on its way into the journal, and the calls of `append` that wait for it.
import type { AppendedEntry, JournalEntry, JournalInput } from "./index.ts";
import type { StreamState } from "./stream-state.ts";

/** One call of `append`: it resolves when the last of its entries is durable and rejects with the first failure. */
export class AppendCall {
  readonly promise: Promise<AppendedEntry[]>;
  readonly #results: AppendedEntry[];
  #missing: number;
  readonly #resolve: (results: AppendedEntry[]) => void;
  readonly reject: (error: Error) => void;

  constructor(count: number) {
    const { promise, resolve, reject } = Promise.withResolvers<AppendedEntry[]>();
    this.promise = promise;
    this.#resolve = resolve;
    this.reject = reject;
    this.#results = new Array<AppendedEntry>(count);
    this.#missing = count;
    if (count === 0) resolve([]);
  }

  fill(index: number, appended: AppendedEntry): void {
    this.#results[index] = appended;
    this.#missing -= 1;
    if (this.#missing === 0) this.#resolve(this.#results);
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
  for (const { call, index, repeated } of slot.waiters) call.fill(index, { entry, repeated });
}

export function rejectSlot(slot: Slot, error: Error): void {
  for (const { call } of slot.waiters) call.reject(error);
}
