// The second judge: what no matching can exceed, by HiGHS as a linear program; it shares nothing with our algorithm.
import { createRequire } from "node:module";
import type { Highs } from "highs";

// Its types describe a CommonJS module, as which it is loaded here.
const highsLoader = createRequire(import.meta.url)("highs") as () => Promise<Highs>;

export interface JudgedPair {
  one: number;
  other: number;
  value: number;
}

interface Question {
  people: number;
  pairs: readonly JudgedPair[];
  /** Matchings of at least so many couples. */
  couples: number;
  /** What a matching of so many couples is known to reach: whatever cannot do better need not be looked at. */
  reached: number;
}

export type Judge = (question: Question) => number;

export async function createJudge(): Promise<Judge> {
  const highs = await highsLoader();
  return (question) => upperBound(highs, question);
}

/** After so many the rest is decided in whole couples. */
const oddSetRoundsMost = 20;
/** Above what the solver takes for kept. */
const tolerance = 1e-6;

/**
 * Each person is in one couple at most; where the program halves couples around odd circles it is told that an odd set
 * holds (size - 1) / 2 couples at most (Edmonds, 1965). Only each person's best pairs are in it at first; the others come
 * in where their reduced cost says that they could matter, so that the bound holds for all of them. What is still halved
 * after that is decided in whole couples, among the pairs that could be in anything better than what is reached.
 */
function upperBound(highs: Highs, question: Question): number {
  const { people, pairs, reached } = question;
  if (pairs.length === 0) return 0;
  let chosen = bestOfEach(people, pairs, 12);
  const oddSets: boolean[][] = [];
  let rounds = 0;
  for (;;) {
    const solved = solve(highs, question, { pairs: chosen, oddSets });
    if (solved === null) {
      if (chosen.length === pairs.length) throw new Error("There is no matching of so many couples.");
      chosen = bestOfEach(people, pairs, Math.ceil((chosen.length / people) * 3));
      continue;
    }
    const missing = pairsAbove(question, new Set(chosen), solved.prices, tolerance);
    if (missing.length > 0) {
      chosen = [...chosen, ...missing];
      continue;
    }
    if (solved.objective <= reached + tolerance) return solved.objective;
    const broken = brokenOddSets(people, chosen, solved.values);
    if (broken.length > 0 && rounds < oddSetRoundsMost) {
      rounds += 1;
      oddSets.push(...broken);
      continue;
    }
    if (solved.values.every((value) => value < tolerance || value > 1 - tolerance)) return solved.objective;
    const gap = solved.objective - reached + tolerance;
    const possible = [...chosen, ...pairsAbove(question, new Set(chosen), solved.prices, -gap)];
    const whole = solve(highs, question, { pairs: possible, oddSets, whole: true });
    if (whole === null) throw new Error("There is no matching of so many couples.");
    return whole.objective;
  }
}

function bestOfEach(people: number, pairs: readonly JudgedPair[], count: number): JudgedPair[] {
  const byPerson: JudgedPair[][] = Array.from({ length: people }, () => []);
  for (const pair of pairs) {
    byPerson[pair.one]?.push(pair);
    byPerson[pair.other]?.push(pair);
  }
  const best = byPerson.flatMap((those) => those.sort((a, b) => b.value - a.value).slice(0, count));
  return [...new Set(best)];
}

interface Solved {
  objective: number;
  values: Float64Array;
  /** Of each person's row, then of the number of couples, then of odd sets. */
  prices: Float64Array;
}

/** Null where no matching of these pairs has so many couples. */
function solve(
  highs: Highs,
  { people, couples }: Question,
  program: { pairs: readonly JudgedPair[]; oddSets: readonly (readonly boolean[])[]; whole?: true },
): Solved | null {
  const { pairs, oddSets } = program;
  const numRows = people + 1 + oddSets.length;
  const columns = pairs.map(({ one, other }) => [
    one,
    other,
    people,
    ...oddSets.flatMap((inside, index) =>
      inside[one] === true && inside[other] === true ? [people + 1 + index] : [],
    ),
  ]);
  const starts = new Int32Array(pairs.length + 1);
  columns.forEach((rows, column) => (starts[column + 1] = (starts[column] ?? 0) + rows.length));
  const indices = Int32Array.from(columns.flat());
  const most = [...new Array<number>(people).fill(1), highs.infinity, ...oddSets.map(roomIn)];
  const least = new Float64Array(numRows).fill(-highs.infinity);
  least[people] = couples;
  return highs.withModel(
    {
      numCols: pairs.length,
      numRows,
      sense: highs.constants.objectiveSense.maximize,
      colCost: Float64Array.from(pairs, ({ value }) => value),
      colLower: new Float64Array(pairs.length),
      colUpper: new Float64Array(pairs.length).fill(highs.infinity),
      rowLower: least,
      rowUpper: Float64Array.from(most),
      matrix: {
        format: "csc",
        numRows,
        numCols: pairs.length,
        starts,
        indices,
        values: new Float64Array(indices.length).fill(1),
      },
      ...(program.whole === true ? { integrality: new Int32Array(pairs.length).fill(1) } : {}),
    },
    (model) => {
      model.options.set({ output_flag: false, mip_rel_gap: 0, mip_abs_gap: tolerance });
      model.run();
      const status = model.getModelStatus();
      if (status === highs.constants.modelStatus.infeasible) return null;
      if (status !== highs.constants.modelStatus.optimal)
        throw new Error(`The judge stopped with status ${status}.`);
      const { colValue, rowDual } = model.getSolution();
      return { objective: model.getObjectiveValue(), values: colValue, prices: rowDual };
    },
  );
}

function roomIn(inside: readonly boolean[]): number {
  return (inside.filter(Boolean).length - 1) / 2;
}

/** Those that are not chosen and cost less than they bring. Were prices turned round, all would be missing: the bound would cost more and still hold. */
function pairsAbove(
  { people, pairs }: Question,
  chosen: ReadonlySet<JudgedPair>,
  prices: Float64Array,
  reducedCost: number,
): JudgedPair[] {
  const price = (row: number) => prices[row] ?? 0;
  return pairs.filter(
    (pair) =>
      !chosen.has(pair) && pair.value - price(pair.one) - price(pair.other) - price(people) > reducedCost,
  );
}

/** Of each odd number of people whom halved couples hold together: those sets that have more couples than they can. */
function brokenOddSets(people: number, pairs: readonly JudgedPair[], values: Float64Array): boolean[][] {
  const part = Int32Array.from({ length: people }, (_, person) => person);
  const partOf = (person: number): number => {
    let at = person;
    while (part[at] !== at) at = part[at] ?? at;
    return at;
  };
  pairs.forEach(({ one, other }, column) => {
    const value = values[column] ?? 0;
    if (value > tolerance && value < 1 - tolerance) part[partOf(one)] = partOf(other);
  });
  const roots = [...part.keys()].filter((person) => part[person] === person);
  return roots
    .map((root) => Array.from({ length: people }, (_, person) => partOf(person) === root))
    .filter((inside) => {
      const size = inside.filter(Boolean).length;
      const sum = pairs.reduce(
        (total, { one, other }, column) =>
          total + (inside[one] === true && inside[other] === true ? (values[column] ?? 0) : 0),
        0,
      );
      return size >= 3 && size % 2 === 1 && sum > roomIn(inside) + tolerance;
    });
}
