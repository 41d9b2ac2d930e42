// Solves a programme with HiGHS (WebAssembly): synchronous, so that it belongs into a thread of its own.
import type { Highs, ModelData } from "highs";
import type { Programme } from "./programme.ts";

export interface ProgrammeSolution {
  /** `infeasible` where the rows contradict each other, `stopped` where the time was over. */
  status: "optimal" | "infeasible" | "stopped";
  /** The bullets that are chosen; null where no set was found. */
  chosen: number[] | null;
  /** No set is worth more. */
  bound: number;
}

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

export function solveProgramme(
  highs: Highs,
  programme: Programme,
  { timeLimitSeconds }: { timeLimitSeconds: number },
): ProgrammeSolution {
  const { modelStatus } = highs.constants;
  return highs.withModel(modelData(highs, programme), (model): ProgrammeSolution => {
    model.options.set({
      output_flag: false,
      mip_rel_gap: 0,
      mip_abs_gap: 1e-6,
      time_limit: timeLimitSeconds,
    });
    model.run();
    const status = model.getModelStatus();
    if (status === modelStatus.infeasible) return { status: "infeasible", chosen: null, bound: -Infinity };
    const hasSet = model.info.get("primal_solution_status") === 2;
    const bound = Number(model.info.get("mip_dual_bound"));
    const values = hasSet ? [...model.getSolution().colValue.subarray(0, programme.bullets)] : null;
    return {
      status: status === modelStatus.optimal ? "optimal" : "stopped",
      chosen: values?.flatMap((value, bullet) => (value > 0.5 ? [bullet] : [])) ?? null,
      bound,
    };
  });
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
