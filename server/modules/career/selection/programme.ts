// The choice as an integer programme: columns, rows and coefficients, for any solver of such.
import type { Prepared } from "./problem.ts";
import { elasticCosts } from "./greedy.ts";

export interface Programme {
  columns: { cost: number; lower: number; upper: number; integer: boolean }[];
  rows: { lower: number; upper: number; entries: { column: number; value: number }[] }[];
  /** The first so many columns are the bullets. */
  bullets: number;
}

/**
 * Maximise. With the bullets fixed the rest has integral optima of itself, so that only they need to be integers. That a
 * requirement is covered is said to be one as well, for cuts and branches on it are strong: the slowest problems of the
 * benchmark take less time by it, and more with edges as integers. Where minimums cannot be kept, `elastic` lets them be
 * missed at a price above everything else.
 */
export function programmeOf(prepared: Prepared, { elastic }: { elastic: boolean }): Programme {
  const { problem, words, fill, headerWords, membersOf, caps, sections, coverValue, edges, edgesTo } =
    prepared;
  const columns: Programme["columns"] = [];
  const rows: Programme["rows"] = [];
  const column = (cost: number, range: { lower?: number; upper?: number; integer?: boolean } = {}) =>
    columns.push({
      cost,
      lower: range.lower ?? 0,
      upper: range.upper ?? 1,
      integer: range.integer ?? false,
    }) - 1;
  const row = (lower: number, upper: number, entries: Programme["rows"][number]["entries"]) =>
    void rows.push({ lower, upper, entries });
  const one = (at: number, value = 1) => ({ column: at, value });
  const sum = (list: readonly number[], value = 1) => list.map((at) => one(at, value));

  fill.forEach((cost, bullet) =>
    column(cost, {
      integer: true,
      lower: prepared.pinned[bullet] === true ? 1 : 0,
      upper: prepared.banned[bullet] === true ? 0 : 1,
    }),
  );
  const used = edges.map(({ value, bullet }) => {
    const at = column(value);
    row(-Infinity, 0, [one(at), one(bullet, -1)]);
    return at;
  });
  coverValue.forEach((value, requirement) => {
    const own = edgesTo[requirement] ?? [];
    if (own.length === 0) return;
    row(-Infinity, problem.config.budgets.maxBulletsPerRequirement, sum(own.map((at) => used[at] ?? 0)));
    const covering = own.filter((at) => edges[at]?.covers === true);
    if (covering.length === 0) return;
    row(-Infinity, 0, [
      one(column(value, { integer: true })),
      ...sum(
        covering.map((at) => used[at] ?? 0),
        -1,
      ),
    ]);
  });
  for (const { a, b } of prepared.blocked) row(-Infinity, 1, [one(a), one(b)]);
  for (const { a, b, penalty } of prepared.penalties)
    row(-Infinity, 1, [one(a), one(b), one(column(-penalty), -1)]);

  const headers = membersOf.flatMap((members, parent) => {
    if (members.length === 0) return [];
    const shown = column(0);
    for (const bullet of members) row(-Infinity, 0, [one(bullet), one(shown, -1)]);
    row(-Infinity, 0, [one(shown), ...sum(members, -1)]);
    const cap = caps[parent] ?? Infinity;
    if (cap < members.length) row(-Infinity, cap, sum(members));
    return [one(shown, headerWords[parent] ?? 0)];
  });
  for (const { members, min, max } of Object.values(sections)) {
    if (members.length > max) row(-Infinity, max, sum(members));
    if (min === 0) continue;
    const missing = elastic ? [one(column(-elasticCosts.bullet, { upper: min }))] : [];
    row(min, Infinity, [...sum(members), ...missing]);
  }
  const written = [...words.map((count, bullet) => one(bullet, count)), ...headers];
  row(-Infinity, prepared.wordsMax - problem.fixedWords, written);
  const least = prepared.wordsMin - problem.fixedWords;
  if (least > 0) {
    const missing = elastic ? [one(column(-elasticCosts.word, { upper: least }))] : [];
    row(least, Infinity, [...written, ...missing]);
  }
  return { columns, rows, bullets: problem.bullets.length };
}
