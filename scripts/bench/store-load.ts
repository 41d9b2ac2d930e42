// Load for the store benchmark: repeating an operation, and watching a process's memory meanwhile.
import { costOf } from "./server-process.ts";

export interface Load {
  count: number;
  seconds: number;
  latenciesMs: number[];
}

/** Repeats the operation `atOnce` times side by side; each gets a number of its own. */
export async function repeatFor(
  { seconds, atOnce }: { seconds: number; atOnce: number },
  operation: (pick: number) => Promise<void>,
): Promise<Load> {
  const latenciesMs: number[] = [];
  const started = performance.now();
  const ends = started + seconds * 1000;
  let picks = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let sentAt = performance.now(); sentAt < ends; sentAt = performance.now()) {
        await operation(picks++);
        latenciesMs.push(performance.now() - sentAt);
      }
    }),
  );
  return { count: latenciesMs.length, seconds: (performance.now() - started) / 1000, latenciesMs };
}

/** Repeats the operation, one after the other with a pause between, for as long as the work takes. */
export async function repeatUntil(
  work: () => Promise<unknown>,
  operation: (pick: number) => Promise<void>,
): Promise<Load> {
  const latenciesMs: number[] = [];
  const started = performance.now();
  let working = true;
  const done = work().finally(() => (working = false));
  for (let picks = 0; working; picks += 1) {
    const sentAt = performance.now();
    await operation(picks);
    latenciesMs.push(performance.now() - sentAt);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await done;
  return { count: latenciesMs.length, seconds: (performance.now() - started) / 1000, latenciesMs };
}

const sampleMs = 50;

/** Samples what a process holds in memory until `stop`, which answers the most it was, in bytes. */
export function watchMemory(pid: number): { stop(): number } {
  let peak = 0;
  const sample = async () => {
    peak = Math.max(peak, (await costOf(pid))?.residentBytes ?? 0);
  };
  void sample();
  const timer = setInterval(() => void sample(), sampleMs);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}
