// `npm run bench -- selection`: how good and how fast bullets are chosen, exact and by heuristics, on problems from a seed.
import { availableParallelism, loadavg } from "node:os";
import type { Highs } from "highs";
import { faultsOf, statedValue } from "../../../server/modules/career/selection/check.ts";
import { greedy, greedyAndSwap, topK } from "../../../server/modules/career/selection/greedy.ts";
import {
  prepare,
  type Prepared,
  type SelectionProblem,
} from "../../../server/modules/career/selection/problem.ts";
import { loadHighs } from "../../../server/modules/career/selection/solve-programme.ts";
import { solveExactly } from "../../../server/modules/career/selection/solve.ts";
import { selectionProblem } from "../../../server/modules/career/selection/testing-problems.ts";
import { simpleBound } from "../../../server/modules/career/selection/value.ts";
import { positiveOption, textOption, type Benchmark } from "../benchmark.ts";
import { latencyOf, round, table, type Latency } from "../statistics.ts";

const densities = { sparse: 0.03, dense: 0.3 } as const;
const p95TargetMs = 5_000;
const provenTarget = 0.99;
const warmups = 3;

interface Outcome {
  method: string;
  /** Musts and nices that the best known choice covers and this one does not. */
  mustsMissed: number;
  nicesMissed: number;
  /** Value as a share of the best known, the mean and the least. */
  quality: { mean: number; least: number };
  /** Value as a share of the bound, the least. */
  certified: number;
  accepted: number;
  proven: number;
  latency: Latency;
  /** Of the processor, all threads: what a busy machine does not change. */
  processorP95Ms: number;
}

interface Group {
  bullets: number;
  requirements: number;
  density: keyof typeof densities;
  problems: number;
  outcomes: Outcome[];
}

interface Answer {
  ids: string[];
  ms: number;
  processorMs: number;
  bound: number;
  proven: boolean;
}

export const selectionBenchmark: Benchmark = {
  help: `[--sizes 200x25,350x30,500x40] [--problems 20] [--seconds 60] [--seed 1]
  --sizes     bullets x requirements, each sparse and dense
  --problems  of each size and density
  --seconds   the exact solver's limit, against hanging; after it the best set so far counts, with its bound
  --seed      of the problems`,
  options: {
    sizes: { type: "string", default: "200x25,350x30,500x40" },
    problems: { type: "string", default: "20" },
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
  },
  async run(values, progress) {
    const highs = await loadHighs();
    const settings = {
      problems: positiveOption(values, "problems"),
      timeLimitSeconds: positiveOption(values, "seconds"),
      seed: positiveOption(values, "seed"),
    };
    // As a server's thread that has worked before: what WebAssembly compiles at its first use is no part of a choice.
    progress("Warming up …");
    for (let seed = 1; seed <= warmups; seed += 1)
      solveExactly(
        highs,
        selectionProblem({ seed, bullets: 200, requirements: 25, density: densities.dense }),
        settings,
      );
    const groups: Group[] = [];
    for (const size of sizesOf(textOption(values, "sizes") ?? ""))
      for (const density of ["sparse", "dense"] as const) {
        progress(`${size.bullets} × ${size.requirements}, ${density} …`);
        groups.push(measure(highs, { ...size, density, ...settings }));
      }
    return { text: describe(groups), result: { groups }, failed: groups.some(missesTargets) };
  },
};

function sizesOf(text: string): { bullets: number; requirements: number }[] {
  return text.split(",").map((size) => {
    const [, bullets, requirements] = /^(\d+)x(\d+)$/.exec(size.trim()) ?? [];
    if (bullets === undefined) throw new Error("--sizes must be such as 200x25,350x30.");
    return { bullets: Number(bullets), requirements: Number(requirements) };
  });
}

function measure(
  highs: Highs,
  of: {
    bullets: number;
    requirements: number;
    density: keyof typeof densities;
    problems: number;
    timeLimitSeconds: number;
    seed: number;
  },
): Group {
  const problems = Array.from({ length: of.problems }, (_, at) =>
    selectionProblem({ ...of, density: densities[of.density], seed: of.seed * 10_000 + at }),
  );
  const exact = problems.map((problem): Answer => {
    const { result, ...times } = timed(() => solveExactly(highs, problem, of));
    const { bulletIds, bound, optimal } = result;
    return { ids: bulletIds, bound, proven: optimal, ...times };
  });
  const heuristic = (choose: (prepared: Prepared) => Set<number>) =>
    problems.map((problem): Answer => {
      const { result, ...times } = timed(() => {
        const prepared = prepare(problem);
        return { prepared, chosen: choose(prepared) };
      });
      const ids = problem.bullets.flatMap(({ id }, at) => (result.chosen.has(at) ? [id] : []));
      return { ids, ...times, bound: simpleBound(result.prepared), proven: false };
    });
  const { bullets, requirements, density } = of;
  const methods: [string, Answer[]][] = [
    ["exact", exact],
    ["greedy and swap", heuristic(greedyAndSwap)],
    ["greedy", heuristic((prepared) => greedy(prepared, true))],
    ["top-k", heuristic(topK)],
  ];
  return {
    bullets,
    requirements,
    density,
    problems: problems.length,
    outcomes: methods.map(([method, answers]) =>
      outcomeOf(
        method,
        problems,
        answers,
        methods.map(([, all]) => all),
      ),
    ),
  };
}

function timed<Result>(work: () => Result): { result: Result; ms: number; processorMs: number } {
  const [startMs, before] = [performance.now(), process.cpuUsage()];
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { result, ms: performance.now() - startMs, processorMs: (user + system) / 1_000 };
}

function outcomeOf(
  method: string,
  problems: readonly SelectionProblem[],
  answers: readonly Answer[],
  all: readonly Answer[][],
): Outcome {
  let [mustsMissed, nicesMissed, accepted, certified] = [0, 0, 0, 1];
  const qualities = problems.map((problem, at) => {
    const answer = answers[at] ?? {
      ids: [],
      bound: Infinity,
      ms: 0,
      processorMs: 0,
      proven: false,
    };
    const rivals = all
      .flatMap((one) => one[at] ?? [])
      .filter(({ ids }) => faultsOf(problem, ids).length === 0);
    const best = rivals.reduce(
      (a, b) => (statedValue(problem, b.ids) > statedValue(problem, a.ids) ? b : a),
      rivals[0] ?? answer,
    );
    const value = statedValue(problem, answer.ids);
    const [own, other] = [coveredBy(problem, answer.ids), coveredBy(problem, best.ids)];
    mustsMissed += Math.max(0, other.must - own.must);
    nicesMissed += Math.max(0, other.nice - own.nice);
    accepted += faultsOf(problem, answer.ids).length === 0 ? 1 : 0;
    certified = Math.min(certified, value / answer.bound);
    return value / statedValue(problem, best.ids);
  });
  return {
    method,
    mustsMissed,
    nicesMissed,
    quality: { mean: round(mean(qualities), 4), least: round(Math.min(...qualities), 4) },
    certified: round(certified, 4),
    accepted: round(accepted / problems.length, 4),
    proven: round(answers.filter(({ proven }) => proven).length / answers.length, 4),
    latency: latencyOf(answers.map(({ ms }) => ms)),
    processorP95Ms: latencyOf(answers.map(({ processorMs }) => processorMs)).p95,
  };
}

/** Requirements with an edge over the threshold, by the stated rules. */
function coveredBy(problem: SelectionProblem, ids: readonly string[]): { must: number; nice: number } {
  const prepared = prepare(problem);
  const chosen = new Set(ids);
  const covered = new Set(
    prepared.edges
      .filter(({ bullet, covers }) => covers && chosen.has(problem.bullets[bullet]?.id ?? ""))
      .map(({ requirement }) => requirement),
  );
  const of = (type: "must" | "nice") =>
    problem.requirements.filter((one, at) => one.type === type && covered.has(at)).length;
  return { must: of("must"), nice: of("nice") };
}

function missesTargets({ outcomes }: Group): boolean {
  const [exact] = outcomes;
  return (
    exact === undefined ||
    exact.accepted < 1 ||
    exact.proven < provenTarget ||
    exact.latency.p95 > p95TargetMs
  );
}

function describe(groups: readonly Group[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const head = [
    "problems",
    "method",
    "musts missed",
    "nices missed",
    "quality",
    "least",
    "value/bound",
    "accepted",
    "proven",
    "p50 ms",
    "p95 ms",
    "processor p95 ms",
  ];
  const rows = groups.flatMap(({ bullets, requirements, density, problems, outcomes }) =>
    outcomes.map(({ method, mustsMissed, nicesMissed, quality, certified, accepted, proven, ...times }) => [
      `${problems} of ${bullets} x ${requirements}, ${density}`,
      method,
      ...[mustsMissed, nicesMissed, quality.mean, quality.least, certified].map(String),
      percent(accepted),
      percent(proven),
      ...[times.latency.p50, times.latency.p95, times.processorP95Ms].map(String),
    ]),
  );
  return [
    `${availableParallelism()} cores with a load average of ${round(loadavg()[0] ?? 0)}`,
    "",
    table([head, ...rows]),
    "",
    "musts and nices missed: requirements that the best known choice covers and this one does not, over all problems.",
    "quality: the stated objective's value as a share of the best known choice, mean and least; one figure would hide a lost",
    "must. value/bound: the least share of what is proven to be the most possible. accepted: by the independent check of every",
    `budget, cap and threshold. Wanted: exact proven on ${percent(provenTarget)}, accepted 100 %, p95 below ${p95TargetMs} ms.`,
  ].join("\n");
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
