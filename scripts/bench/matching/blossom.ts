// The first judge: an optimum by the blossom algorithm as van Rantwijk wrote it down, in another's hand; it shares nothing with ours.
import { createRequire } from "node:module";
import type { Judge } from "./linear-program.ts";

type Edge = [one: number, other: number, weight: number];
/** Each person's partner, -1 for nobody; of all matchings with the most couples the heaviest one. */
type Blossom = (edges: Edge[], mostCouples: boolean) => number[];

const blossom = createRequire(import.meta.url)("edmonds-blossom-fixed") as Blossom;

/** It is exact in whole numbers; a pair's value is below 2, so that sums stay far below what a number holds exactly. */
const scale = 1e9;

/** What the best matching of the most couples reaches: an optimum, where the other judge gives a bound of it. */
export const judgeByBlossom: Judge = ({ pairs, couples }) => {
  const mates = blossom(
    pairs.map(({ one, other, value }) => [one, other, Math.round(value * scale)]),
    true,
  );
  const taken = pairs.filter(({ one, other }) => mates[one] === other);
  if (taken.length < couples) throw new Error("There is no matching of so many couples.");
  return taken.reduce((sum, { value }) => sum + value, 0);
};
