// Runs of the career pipeline: the sole entrance to their service, their job, and what goes with their person.
import type { Jobs } from "../../../jobs/index.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { EventBus } from "../../../platform/event-bus.ts";
import type { IdSource } from "../../../platform/ids.ts";
import type { Logger } from "../../../platform/logger.ts";
import type { Metrics } from "../../../platform/metrics.ts";
import type { CareerArea } from "../index.ts";
import type { CareerOwner } from "../career.policy.ts";
import { SelectionSolver } from "../selection/solver.ts";
import { createRunMachine, type RunMachineParts } from "./run-machine.ts";
import { createRunMetrics } from "./run-metrics.ts";
import { createRunsJob } from "./runs.jobs.ts";
import type { RunsArtefacts, RunsPostings, RunsResumes, RunsWriters } from "./runs.ports.ts";
import type { RunSource, RunsRepository, StoredRun } from "./runs.repository.ts";
import { createRunsService, type RunsService } from "./runs.service.ts";

export { createRunFiles, type RunFileMaker } from "./run-files.ts";
export { createRunFilesRepository, namesOfRunFiles } from "./run-files.repository.mongo.ts";
export { RunStopped } from "./run-sources.ts";
export { createRunsRepository } from "./runs.repository.mongo.ts";
export type { RunsService } from "./runs.service.ts";
export type * from "./runs.ports.ts";

export interface RunsModuleParts {
  repository: RunsRepository;
  jobs: Jobs;
  resumes: RunsResumes;
  postings: RunsPostings;
  artefacts: RunsArtefacts;
  writers: RunsWriters;
  bus: EventBus;
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  metrics: Metrics;
  hashes: RunMachineParts["hashes"];
  /** For tests. */
  observe?: RunMachineParts["observe"];
  leaseMs?: number;
}

export interface RunsModule {
  service: RunsService;
  area: CareerArea;
  /** For what runs were made of: what is deleted takes its runs with it, and brings them back. */
  dependents: {
    deletedWith(owner: CareerOwner, of: RunSource, at: Date): Promise<void>;
    restoredWith(owner: CareerOwner, of: RunSource, at: Date): Promise<void>;
    removedWith(of: RunSource): Promise<void>;
  };
  /** Whether this run is theirs and there. */
  find(
    owner: CareerOwner,
    runId: string,
  ): Promise<Pick<StoredRun, "runId" | "jobId" | "masterResumeId" | "status"> | null>;
  /** Has what a crash left between two writes go on. */
  start(): Promise<void>;
  /** Of runs that are gone: what a crash has left. */
  removeFilesOf(runIds: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

const stalledMs = 60_000;
const stalledMost = 1_000;

/** Registers its job, so it is called before the jobs start. */
export function createRunsModule(parts: RunsModuleParts): RunsModule {
  const { repository, jobs, artefacts, bus, clock, logger } = parts;
  const planner = new SelectionSolver({
    report: (error) => logger.warn({ error: error as Error }, "heuristics chose, as the solver failed"),
  });
  const changed = ({ runId, userId }: Pick<StoredRun, "runId" | "userId">) =>
    bus.publish("career-run.changed", { runId, userId });
  const machine = createRunMachine({
    ...parts,
    planner,
    changed,
    metrics: createRunMetrics(parts.metrics),
  });
  const job = createRunsJob({ jobs, machine, leaseMs: parts.leaseMs });
  const enqueue = (runId: string) => jobs.rerun(job, { runId }, { key: runId });
  const service = createRunsService({ ...parts, enqueue, changed });

  return {
    service,
    area: {
      async removeOfPerson(userId) {
        await artefacts.removeOfRuns(await repository.removeOfPerson(userId));
      },
      async exportOf(userId) {
        const runs = await repository.allOf(userId);
        const tailored: unknown[] = [];
        const plans: unknown[] = [];
        for (const { runId, edition } of runs) {
          const plan = await repository.plan(runId, edition);
          if (plan !== null) plans.push({ runId, ...plan });
          for (const one of await repository.tailored(runId, edition)) tailored.push({ runId, ...one });
        }
        return { runs: runs.map(exported), "selection-plans": plans, "tailored-resumes": tailored };
      },
      async removeDeleted(before) {
        const removed = await repository.removeDeleted(before);
        await artefacts.removeOfRuns(removed);
        return removed.length;
      },
    },
    dependents: {
      deletedWith: (owner, of, at) => repository.deletedWith(owner, of, at),
      restoredWith: (owner, of, at) => repository.restoredWith(owner, of, at),
      async removedWith(of) {
        await artefacts.removeOfRuns(await repository.removedWith(of));
      },
    },
    async find(owner, runId) {
      const run = await repository.find(owner, runId);
      return run === null || run.deletedAt !== null ? null : run;
    },
    async start() {
      const before = new Date(clock.now().getTime() - stalledMs);
      for (const runId of await repository.stalled(before, stalledMost)) await enqueue(runId);
    },
    removeFilesOf: (runIds) => artefacts.removeOfRuns(runIds),
    stop: () => planner.stop(),
  };
}

/** Without what says nothing to a person. */
function exported({ fence, userId, orgId, ...run }: StoredRun): object {
  void [fence, userId, orgId];
  return run;
}
