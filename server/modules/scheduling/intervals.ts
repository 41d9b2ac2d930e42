// Sets of moments as sorted intervals that do not touch each other: pure.

/** In ms since the epoch; `endMs` does not belong to it. */
export interface Interval {
  startMs: number;
  endMs: number;
}

/** Sorted, without empty ones; what overlaps or touches is one. */
export function union(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals
    .filter(({ startMs, endMs }) => startMs < endMs)
    .sort((a, b) => a.startMs - b.startMs);
  const joined: Interval[] = [];
  for (const { startMs, endMs } of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && startMs <= last.endMs) last.endMs = Math.max(last.endMs, endMs);
    else joined.push({ startMs, endMs });
  }
  return joined;
}

/** Of two unions what belongs to both. */
export function intersection(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const shared: Interval[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [one, other] = [a[i], b[j]];
    if (one === undefined || other === undefined) return shared;
    const startMs = Math.max(one.startMs, other.startMs);
    const endMs = Math.min(one.endMs, other.endMs);
    if (startMs < endMs) shared.push({ startMs, endMs });
    if (one.endMs < other.endMs) i += 1;
    else j += 1;
  }
}

/** Of a union what does not belong to the other. */
export function without(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  if (b.length === 0) return [...a];
  const gaps: Interval[] = [];
  let startMs = -Infinity;
  for (const taken of b) {
    gaps.push({ startMs, endMs: taken.startMs });
    startMs = taken.endMs;
  }
  gaps.push({ startMs, endMs: Infinity });
  return intersection(a, gaps);
}
