// The best choice of bullets: proven by the solver, or good and with a certified bound.
import type { Highs } from "highs";
import { greedyAndSwap, elasticValue } from "./greedy.ts";
import { prepare, type Prepared, type SelectionProblem } from "./problem.ts";
import { programmeOf } from "./programme.ts";
import { solveProgramme, type SolverLimits } from "./solve-programme.ts";
import { shortfallOf, simpleBound, valueOf, type Chosen, type Shortfall } from "./value.ts";

export interface Solved {
  bulletIds: string[];
  method: "exact" | "greedy-and-swap";
  /** Proven that nothing is worth more. */
  optimal: boolean;
  value: number;
  /** Nothing is worth more that falls short of minimums as little as this. */
  bound: number;
  shortfall: Shortfall;
}

/** Blocks its thread, for at most about twice the time given. */
export function solveExactly(highs: Highs, problem: SelectionProblem, limits: SolverLimits): Solved {
  const prepared = prepare(problem);
  const strict = solveProgramme(highs, programmeOf(prepared, { elastic: false }), limits);
  const solution =
    strict.status === "infeasible"
      ? solveProgramme(highs, programmeOf(prepared, { elastic: true }), limits)
      : strict;
  if (solution.status === "optimal" && solution.chosen !== null) {
    const chosen = new Set(solution.chosen);
    const value = valueOf(prepared, chosen);
    return { ...described(prepared, chosen), method: "exact", optimal: true, value, bound: value };
  }
  const fallback = greedyAndSwap(prepared);
  const found = solution.chosen === null ? null : new Set(solution.chosen);
  const useFound = found !== null && elasticValue(prepared, found) >= elasticValue(prepared, fallback);
  const chosen = useFound ? found : fallback;
  const certain = simpleBound(prepared);
  // The elastic programme's own bound counts what minimums cost, and says nothing of the value alone.
  const bound =
    strict.status !== "infeasible" && Number.isFinite(solution.bound)
      ? Math.min(certain, solution.bound)
      : certain;
  return {
    ...described(prepared, chosen),
    method: useFound ? "exact" : "greedy-and-swap",
    optimal: false,
    value: valueOf(prepared, chosen),
    bound,
  };
}

/** Without a solver. */
export function solveGreedily(problem: SelectionProblem): Solved {
  const prepared = prepare(problem);
  const chosen = greedyAndSwap(prepared);
  return {
    ...described(prepared, chosen),
    method: "greedy-and-swap",
    optimal: false,
    value: valueOf(prepared, chosen),
    bound: simpleBound(prepared),
  };
}

function described(prepared: Prepared, chosen: Chosen): { bulletIds: string[]; shortfall: Shortfall } {
  return {
    bulletIds: prepared.problem.bullets.flatMap(({ id }, at) => (chosen.has(at) ? [id] : [])),
    shortfall: shortfallOf(prepared, chosen),
  };
}
