// The daily clearing up: what is over goes, what hangs on nothing goes, tomorrow's is ordered first.
import { expect, test } from "vitest";
import type { JobDefinition } from "../../../jobs/index.ts";
import { createMetrics } from "../../../platform/metrics.ts";
import { careerRelations, createCareerCleanup } from "./index.ts";

function world(
  check: (
    relation: object,
    options: { before?: (parents: readonly string[]) => Promise<void> },
  ) => Promise<number>,
) {
  const now = new Date("2026-03-31T10:00:00Z");
  const ordered: string[] = [];
  const before: Date[] = [];
  const gone: string[] = [];
  let run = () => Promise.resolve();
  const metrics = createMetrics({ processMetrics: false });
  const cleanup = createCareerCleanup({
    area: {
      removeDeleted: (date: Date) => {
        before.push(date);
        return Promise.resolve(2);
      },
    },
    orphans: { check },
    before: { jdRubrics: (parents: readonly string[]) => Promise.resolve(void gone.push(...parents)) },
    relations: [{ child: "jdRubrics", field: "jobId", parent: "jobPostings", otherwise: "remove" }],
    jobs: {
      register: (definition: JobDefinition) => {
        run = () => definition.run({ day: "2026-03-31" }, { signal: new AbortController().signal } as never);
      },
      enqueue: (_job: unknown, { day }: { day: string }) => {
        ordered.push(day);
        return Promise.resolve();
      },
    },
    clock: { now: () => now },
    logger: { warn: () => undefined },
    metrics,
  } as never);
  return { cleanup, ordered, before, gone, metrics, run: () => run() };
}

test("[CAREER-68] each day what was deleted 30 days ago goes, and what hangs on nothing, and it is counted", async () => {
  const { cleanup, ordered, before, metrics, run } = world(() => Promise.resolve(3));
  await cleanup.start();
  await run();
  expect(ordered).toEqual(["2026-03-31", "2026-04-01"]);
  expect(before).toEqual([new Date("2026-03-01T10:00:00Z")]);
  const said = await metrics.registry.metrics();
  expect(said).toContain('connvo_career_orphans_total{child="jdRubrics",parent="jobPostings"} 3');
  expect(said).toContain("connvo_career_deleted_removed_total 2");
});

test("[CAREER-68] tomorrow's comes also where today's fails", async () => {
  const { ordered, run } = world(() => Promise.reject(new Error("the store is away")));
  await expect(run()).rejects.toThrow("the store is away");
  expect(ordered).toEqual(["2026-04-01"]);
});

test("[CAREER-98] what lies elsewhere goes with what has lost its parent", async () => {
  const { gone, run } = world(async (_relation, { before }) => {
    await before?.(["run-1"]);
    return 1;
  });
  await run();
  expect(gone).toEqual(["run-1"]);
});

test("[CAREER-98] every collection that names a run, a résumé or a posting has its relation, parents first", () => {
  const named = careerRelations.map(({ child, parent }) => `${child} of ${parent}`);
  for (const child of ["runRubrics", "selectionPlans", "tailoredResumes", "generatedArtifacts"])
    expect(named.indexOf(`${child} of runs`)).toBeGreaterThan(named.indexOf("runs of masterResumes"));
  expect(named).toContain("runs of jobPostings");
  expect(
    careerRelations.find(({ child, parent }) => child === "applicationTracking" && parent === "runs"),
  ).toMatchObject({ otherwise: "forget", parentField: "runId" });
});
