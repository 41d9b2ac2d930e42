// What other processes have called here of late, so that a call that is made again is served once, and its answer repeated.
import type { Clock } from "../clock.ts";
import type { Term } from "../journal/journal-store.ts";
import type { ClusterLimits } from "./cluster-limits.ts";

interface Served {
  from: Term;
  id: number;
  arrivedMs: number;
  /** Null while it is being served. */
  answer: Uint8Array | null;
}

/** Bounded in time, number and bytes: what is forgotten too early is served once more, which is harmless, only dearer. */
export class ServedCalls {
  readonly #clock: Clock;
  readonly #limits: ClusterLimits;
  readonly #calls = new Map<string, Served>();
  #bytes = 0;

  constructor(options: { clock: Clock; limits: ClusterLimits }) {
    this.#clock = options.clock;
    this.#limits = options.limits;
  }

  /** Undefined where the call is new, or forgotten. */
  find(from: Term, id: number): Readonly<Served> | undefined {
    return this.#calls.get(keyOf(from, id));
  }

  arrived(from: Term, id: number): void {
    const now = this.#clock.monotonicMs();
    this.#calls.set(keyOf(from, id), { from, id, arrivedMs: now, answer: null });
    // After this time nobody waits for the answer any more.
    const over = now - this.#limits.callTimeoutMs;
    for (const [key, call] of this.#calls) {
      const tooMany =
        this.#calls.size > this.#limits.callsInFlightMax || this.#bytes > this.#limits.answersKeptBytes;
      if (call.arrivedMs > over && !tooMany) break;
      this.#calls.delete(key);
      this.#bytes -= call.answer?.byteLength ?? 0;
    }
  }

  /** Keeps what was answered, unless the call is forgotten already. */
  answered(from: Term, id: number, answer: Uint8Array): void {
    const call = this.#calls.get(keyOf(from, id));
    if (call === undefined || call.answer !== null) return;
    if (answer.byteLength > this.#limits.answersKeptBytes / 10) {
      this.#calls.delete(keyOf(from, id));
      return;
    }
    call.answer = answer;
    this.#bytes += answer.byteLength;
  }
}

function keyOf(from: Term, id: number): string {
  return `${from} ${id}`;
}
