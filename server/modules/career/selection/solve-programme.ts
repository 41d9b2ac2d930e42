// Solves a programme with HiGHS (WebAssembly): synchronous, so that it belongs into a thread of its own.
import type { Highs, Model, ModelData } from "highs";
import type { Programme } from "./programme.ts";

export interface ProgrammeSolution {
  /** `infeasible` where the rows contradict each other, `stopped` where time or effort was over. */
  status: "optimal" | "infeasible" | "stopped";
  /** The bullets that are chosen; null where no set was found. */
  chosen: number[] | null;
  /** No set is worth more. */
  bound: number;
}

export interface SolverLimits {
  /** Against a solver that hangs: what is slow because the machine is busy must not end it, or the same input has two answers. */
  timeLimitSeconds: number;
  /** Of branches, the same on every machine; those that were seen need some ten. */
  nodesMost?: number;
  /** How many bullets are looked at first. */
  kernelBullets?: number;
}

const nodesMostDefault = 20_000;
/** So many bullets, those nearest to being worth it, find a set that is nearly always the best already. */
const kernelBulletsDefault = 30;
/** What the solver's own tolerances can amount to. */
const tolerance = 1e-6;

let loaded: Promise<Highs> | null = null;

/** Loaded once, at the first use. */
export function loadHighs(): Promise<Highs> {
  loaded ??= import("highs").then(async (module) => {
    // The package's types describe its CommonJS form; as a module its default export is the loader itself.
    const load = module.default as unknown as () => Promise<Highs>;
    return await load();
  });
  return loaded;
}

/**
 * First without integrality, which bounds the value and prices each bullet: a set that goes against a bullet's price is
 * worth less than the bound by at least that. A few bullets of the smallest prices give a good set; then only those can
 * be in a better one whose price is within what is left between that set and the bound. Mostly a tenth of all.
 */
export function solveProgramme(highs: Highs, programme: Programme, limits: SolverLimits): ProgrammeSolution {
  const endMs = performance.now() + 1_000 * limits.timeLimitSeconds;
  const solve = (bounded: Programme, start: Float64Array | null) =>
    solveBounded(highs, bounded, {
      start,
      nodesMost: limits.nodesMost ?? nodesMostDefault,
      secondsLeft: Math.max(0.01, (endMs - performance.now()) / 1_000),
    });
  const relaxed = relax(highs, programme, limits);
  if (relaxed === null) return { status: "infeasible", chosen: null, bound: -Infinity };
  if (relaxed === "stopped") return { status: "stopped", chosen: null, bound: Infinity };

  const { bound, prices } = relaxed;
  const { kernelBullets = kernelBulletsDefault } = limits;
  const kernelPrice = prices.toSorted((a, b) => a - b)[Math.min(kernelBullets, prices.length) - 1] ?? 0;
  const kernel = solve(within(programme, relaxed, kernelPrice), null);
  const gap = bound - kernel.value + tolerance;
  if (kernel.status !== "infeasible" && gap <= kernelPrice)
    return answerOf(programme, kernel, Math.min(bound, Math.max(kernel.bound, bound - kernelPrice)));
  // Whatever is outside is worth no more than the set that is known.
  const rest = solve(within(programme, relaxed, gap), kernel.columns);
  const best = rest.value >= kernel.value ? rest : kernel;
  const status = rest.status === "infeasible" && best.columns !== null ? "optimal" : rest.status;
  return answerOf(programme, { ...best, status }, Math.min(bound, Math.max(rest.bound, kernel.value)));
}

interface Relaxed {
  bound: number;
  /** What it costs at least, of the bound, to have each bullet otherwise than it is here. */
  prices: number[];
  chosen: boolean[];
}

/** Null where the rows contradict each other. */
function relax(
  highs: Highs,
  programme: Programme,
  { timeLimitSeconds }: SolverLimits,
): Relaxed | "stopped" | null {
  const { modelStatus } = highs.constants;
  const columns = programme.columns.map((column) => ({ ...column, integer: false }));
  return highs.withModel(modelData(highs, { ...programme, columns }), (model) => {
    model.options.set({ output_flag: false, time_limit: timeLimitSeconds });
    model.run();
    const status = model.getModelStatus();
    if (status === modelStatus.infeasible) return null;
    if (status !== modelStatus.optimal) return "stopped";
    const { colValue, colDual } = model.getSolution();
    return {
      bound: model.getObjectiveValue(),
      prices: [...colDual.subarray(0, programme.bullets)].map(Math.abs),
      chosen: [...colValue.subarray(0, programme.bullets)].map((value) => value > 0.5),
    };
  });
}

/** Bullets of a higher price stay as they are without integrality. */
function within(programme: Programme, { prices, chosen }: Relaxed, most: number): Programme {
  const columns = programme.columns.map((column, at) => {
    if ((prices[at] ?? 0) <= most + tolerance) return column;
    return chosen[at] === true ? { ...column, lower: column.upper } : { ...column, upper: column.lower };
  });
  return { ...programme, columns };
}

interface Bounded {
  status: ProgrammeSolution["status"];
  /** Of all columns; null where no set was found. */
  columns: Float64Array | null;
  value: number;
  bound: number;
}

function solveBounded(
  highs: Highs,
  programme: Programme,
  { start, nodesMost, secondsLeft }: { start: Float64Array | null; nodesMost: number; secondsLeft: number },
): Bounded {
  const { modelStatus } = highs.constants;
  return highs.withModel(modelData(highs, programme), (model: Model): Bounded => {
    model.options.set({
      output_flag: false,
      mip_rel_gap: 0,
      mip_abs_gap: tolerance,
      mip_max_nodes: nodesMost,
      time_limit: secondsLeft,
      // The bound is tight and a good set is known: searching for others, and starting anew, takes longer than branching.
      mip_heuristic_effort: 0,
      mip_heuristic_run_feasibility_jump: false,
      mip_allow_restart: false,
      mip_detect_symmetry: false,
      // Cuts at the root have done what they can; below it they took time and left as many branches.
      mip_allow_cut_separation_at_nodes: false,
    });
    if (start !== null) model.setSolution({ colValue: start });
    model.run();
    const status = model.getModelStatus();
    if (status === modelStatus.infeasible)
      return { status: "infeasible", columns: null, value: -Infinity, bound: -Infinity };
    const hasSet = model.info.get("primal_solution_status") === 2;
    return {
      status: status === modelStatus.optimal ? "optimal" : "stopped",
      columns: hasSet ? Float64Array.from(model.getSolution().colValue) : null,
      value: hasSet ? model.getObjectiveValue() : -Infinity,
      bound: Number(model.info.get("mip_dual_bound")),
    };
  });
}

function answerOf({ bullets }: Programme, { status, columns }: Bounded, bound: number): ProgrammeSolution {
  const chosen =
    columns === null
      ? null
      : [...columns.subarray(0, bullets)].flatMap((value, bullet) => (value > 0.5 ? [bullet] : []));
  return { status, chosen, bound };
}

function modelData(highs: Highs, { columns, rows }: Programme): ModelData {
  const starts = new Int32Array(rows.length + 1);
  rows.forEach(({ entries }, at) => {
    starts[at + 1] = (starts[at] ?? 0) + entries.length;
  });
  const entries = rows.flatMap((row) => row.entries);
  const { variableType, objectiveSense } = highs.constants;
  return {
    numCols: columns.length,
    numRows: rows.length,
    sense: objectiveSense.maximize,
    colCost: Float64Array.from(columns, ({ cost }) => cost),
    colLower: Float64Array.from(columns, ({ lower }) => lower),
    colUpper: Float64Array.from(columns, ({ upper }) => upper),
    rowLower: Float64Array.from(rows, ({ lower }) => lower),
    rowUpper: Float64Array.from(rows, ({ upper }) => upper),
    integrality: columns.map(({ integer }) => (integer ? variableType.integer : variableType.continuous)),
    matrix: {
      format: "csr",
      numRows: rows.length,
      numCols: columns.length,
      starts,
      indices: Int32Array.from(entries, ({ column }) => column),
      values: Float64Array.from(entries, ({ value }) => value),
    },
  };
}
