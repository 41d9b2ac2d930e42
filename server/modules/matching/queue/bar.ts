// How well somebody must fit to be proposed now: as long as better ones are likely to come in time, not just anybody.

export interface Patience {
  /** From then on anybody who fits is proposed. */
  targetMs: number;
  /** How much of a score long waiting makes up for at most, when the order of proposals is made. */
  fairnessMost: number;
}

export const defaultPatience: Patience = { targetMs: 40_000, fairnessMost: 0.1 };

/**
 * `hopes`: scores of people who came lately, in rising order. With k more expected within the time that is left, the best
 * of them lies about where only one in k + 1 is better: that is asked for now. It falls to 0 as time runs out, and where
 * nobody is expected it is 0 at once.
 */
export function barOf(
  hopes: Float64Array,
  { waitedMs, arrivingPerMs, patience }: { waitedMs: number; arrivingPerMs: number; patience: Patience },
): number {
  const leftMs = patience.targetMs - waitedMs;
  if (leftMs <= 0 || hopes.length === 0) return 0;
  const expected = arrivingPerMs * leftMs;
  const place = Math.ceil((hopes.length * expected) / (expected + 1)) - 1;
  return place < 0 ? 0 : (hopes[Math.min(place, hopes.length - 1)] ?? 0);
}

/**
 * What may be hoped for by whom: the score that one in ten of those who came lately would reach or pass. `hopes` in rising
 * order; null where too few have come to tell.
 */
export function prospectOf(hopes: Float64Array): number | null {
  return hopes.length < 20 ? null : (hopes[Math.floor(hopes.length * 0.9)] ?? null);
}

/**
 * By how much the patience of somebody is longer or shorter than usual, from 0.1 to 2. Whoever fits fewer people is turned
 * down more often and needs more proposals: they get them sooner, and whoever has a choice waits for a better one. The
 * more so the fewer come: `expected` is how many do while somebody is patient. Of about 13, as with 100 people, it leaves
 * a minority of interests waiting less than a tenth longer than the others in the simulated markets of
 * `npm run bench -- matching`; of about 3, as with 20 people, nearly four in ten longer instead of five; three in ten are left
 * where whoever comes first is served first, as of their pairs one in four comes about, of others two in five.
 */
export function standingOf(
  prospect: number | null,
  typical: number | null,
  expected = Number.POSITIVE_INFINITY,
): number {
  if (prospect === null || typical === null || typical === 0) return 1;
  const exponent = 3 + 8 / Math.max(1, expected);
  return Math.max(0.1, Math.min(2, (prospect / typical) ** exponent));
}
