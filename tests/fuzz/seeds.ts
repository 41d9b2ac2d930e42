// Many seeds of one history, one after the other: what happened in all of them, and which failed.

export interface SeedsResult<Tally> {
  tally: Tally;
  seeds: number;
  seconds: number;
  failures: { seed: number; message: string }[];
}

export async function runSeeds<Tally>(
  options: { seed: number; seeds: number; tally: Tally; progress?: (line: string) => void },
  run: (seed: number, tally: Tally) => Promise<void>,
): Promise<SeedsResult<Tally>> {
  const startedMs = performance.now();
  const { seed: first, seeds, tally, progress } = options;
  const failures: SeedsResult<Tally>["failures"] = [];
  for (let seed = first; seed < first + seeds; seed += 1) {
    try {
      await run(seed, tally);
    } catch (error) {
      failures.push({ seed, message: error instanceof Error ? error.message : String(error) });
    }
    const done = seed - first + 1;
    if (done % 100 === 0) progress?.(`${done} of ${seeds} seeds, ${failures.length} failures`);
  }
  return { tally, seeds, seconds: (performance.now() - startedMs) / 1000, failures };
}

export function describeSeeds<Tally extends object>(result: SeedsResult<Tally>): string {
  const { tally, seeds, seconds, failures } = result;
  return [
    `${seeds} seeds in ${seconds.toFixed(0)} s, ${failures.length} failures`,
    "",
    ...Object.entries(tally).map(([what, count]) => `${what}: ${count}`),
    ...failures.map(({ seed, message }) => `seed ${seed} failed: ${message}`),
  ].join("\n");
}
