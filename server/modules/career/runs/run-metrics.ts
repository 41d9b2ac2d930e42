// What is counted of runs: how they end, how long their stages take, and what becomes of bullets; no words.
import { rulesModelKey, type RunTailored } from "../../../../shared/schemas/career/runs.ts";
import type { Metrics } from "../../../platform/metrics.ts";

export type RunMetrics = ReturnType<typeof createRunMetrics>;

export function createRunMetrics(metrics: Metrics) {
  return {
    ended: metrics.counter("career_runs_ended_total", "Career runs by how they ended", ["outcome"]),
    seconds: metrics.histogram("career_run_stage_seconds", "Duration of a career run's stages", ["stage"]),
    bullets: metrics.counter("career_bullets_tailored_total", "Tailored bullets by what became of them", [
      "writer",
      "outcome",
    ]),
  };
}

export function countBullets(metrics: Pick<RunMetrics, "bullets">, made: RunTailored): void {
  const writer = made.generatedBy === rulesModelKey ? "rules" : "model";
  const bullets = [...made.workExperience, ...made.projects].flatMap((parent) => parent.bullets);
  const rewritten = bullets.filter(({ wasRewritten }) => wasRewritten).length;
  metrics.bullets.inc({ writer, outcome: "rewritten" }, rewritten);
  metrics.bullets.inc({ writer, outcome: "as-written" }, bullets.length - rewritten);
  for (const { outcome } of made.findings) metrics.bullets.inc({ writer, outcome });
}
