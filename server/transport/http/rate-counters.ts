// Where rate limits are counted: the port, and the counters of one process.
import type { Clock } from "../../platform/clock.ts";

export interface Counted {
  /** Names limit, window and subject, none of them in clear. */
  id: string;
  amount: number;
  /** When the window ends, and the counter may be forgotten. */
  endsAtMs: number;
}

export interface CounterStore {
  /** Adds to each and answers each one's new sum. Rejects where it cannot be counted. */
  add(counts: readonly Counted[]): Promise<number[]>;
}

const maxCounters = 50_000;

export function createMemoryCounters(clock: Clock): CounterStore {
  const counters = new Map<string, { sum: number; endsAtMs: number }>();

  function forget(): void {
    const nowMs = clock.now().getTime();
    for (const [id, counter] of counters) if (counter.endsAtMs <= nowMs) counters.delete(id);
    // Still full: so many callers at once are better served anew than refused.
    if (counters.size >= maxCounters) counters.clear();
  }

  return {
    add: (counts) =>
      Promise.resolve(
        counts.map(({ id, amount, endsAtMs }) => {
          const known = counters.get(id);
          if (known !== undefined) return (known.sum += amount);
          if (counters.size >= maxCounters) forget();
          counters.set(id, { sum: amount, endsAtMs });
          return amount;
        }),
      ),
  };
}
