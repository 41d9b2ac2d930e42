// For tests: runs in memory, with the same conditions on every write.
import { AppError } from "../../../../shared/errors.ts";
import type { Rubric } from "../../../../shared/schemas/career/rubric.ts";
import type { RunTailored } from "../../../../shared/schemas/career/runs.ts";
import type { SelectionPlan } from "../../../../shared/schemas/career/selection.ts";
import type { CareerOwner } from "../career.policy.ts";
import {
  writerOf,
  type RunLease,
  type RunSource,
  type RunsRepository,
  type StoredRun,
} from "./runs.repository.ts";

interface Made<Value> {
  value: Value;
  runId: string;
  edition: number;
  writer: number;
}

export function runsInMemory(): RunsRepository {
  const runs = new Map<string, StoredRun>();
  const rubrics = new Map<string, Made<{ rubric: Rubric; rubricHash: string }>>();
  const plans = new Map<string, Made<SelectionPlan>>();
  const tailored = new Map<string, Made<RunTailored>>();

  function put<Value>(into: Map<string, Made<Value>>, id: string, lease: RunLease, value: Value): boolean {
    const there = into.get(id);
    const writer = writerOf(lease);
    if (there !== undefined && there.writer > writer) return false;
    const { runId, edition } = lease;
    into.set(id, structuredClone({ value, runId, edition, writer }));
    return true;
  }
  const isOf = (run: StoredRun, { userId, orgId }: CareerOwner) =>
    run.userId === userId && run.orgId === orgId;
  const isMadeOf = (run: StoredRun, source: RunSource) =>
    "jobId" in source ? run.jobId === source.jobId : run.masterResumeId === source.masterResumeId;
  const isOpen = ({ status }: StoredRun) => status === "pending" || status === "running";
  const newestFirst = (a: StoredRun, b: StoredRun) =>
    b.createdAt.getTime() - a.createdAt.getTime() || (a.runId < b.runId ? 1 : -1);
  function remove(found: StoredRun[]): string[] {
    for (const { runId } of found) {
      runs.delete(runId);
      rubrics.delete(runId);
      for (const made of [plans, tailored])
        for (const [id, one] of made) if (one.runId === runId) made.delete(id);
    }
    return found.map(({ runId }) => runId);
  }

  return {
    async insert(run) {
      if (runs.has(run.runId)) throw new AppError("CONFLICT", "There is such a run already.");
      runs.set(run.runId, structuredClone(run));
    },
    async find(owner, runId) {
      const run = runs.get(runId);
      return run === undefined || !isOf(run, owner) ? null : structuredClone(run);
    },
    async load(runId) {
      return structuredClone(runs.get(runId) ?? null);
    },
    async list(owner, { masterResumeId, jobId, status, deleted = false, before, limit }) {
      return [...runs.values()]
        .filter(
          (run) =>
            isOf(run, owner) &&
            (run.deletedAt !== null) === deleted &&
            (masterResumeId === undefined || run.masterResumeId === masterResumeId) &&
            (jobId === undefined || run.jobId === jobId) &&
            (status === undefined || run.status === status),
        )
        .sort(newestFirst)
        .filter(
          ({ createdAt, runId }) =>
            before === null ||
            createdAt < before.createdAt ||
            (createdAt.getTime() === before.createdAt.getTime() && runId < before.runId),
        )
        .slice(0, limit)
        .map((run) => structuredClone(run));
    },
    async countOpen(owner) {
      return [...runs.values()].filter((run) => isOf(run, owner) && isOpen(run) && run.deletedAt === null)
        .length;
    },
    async move({ runId, edition, fence }, change) {
      const run = runs.get(runId);
      if (run === undefined || run.edition !== edition || run.fence > fence) return false;
      if (!isOpen(run) || run.deletedAt !== null) return false;
      Object.assign(run, structuredClone(change), { fence });
      return true;
    },
    async end(runId, change) {
      const run = runs.get(runId);
      if (run === undefined || !isOpen(run)) return false;
      Object.assign(run, structuredClone(change));
      return true;
    },
    async stalled(before, limit) {
      const found = [...runs.values()].filter((run) => isOpen(run) && run.updatedAt < before);
      return found.slice(0, limit).map(({ runId }) => runId);
    },
    async reopen(owner, { runId, edition, next }, change) {
      const run = runs.get(runId);
      if (run === undefined || !isOf(run, owner) || isOpen(run) || run.edition !== edition) return false;
      if (run.deletedAt !== null) return false;
      Object.assign(run, structuredClone(change), next ? { edition: edition + 1, fence: 0 } : {});
      return true;
    },
    async setDeleted(owner, runId, deletedAt) {
      const run = runs.get(runId);
      if (run === undefined || !isOf(run, owner)) return false;
      if ((run.deletedAt !== null) === (deletedAt !== null)) return false;
      run.deletedAt = deletedAt;
      return true;
    },
    putRubric: async (lease, { rubric, rubricHash }) =>
      put(rubrics, lease.runId, lease, { rubric, rubricHash }),
    putPlan: async (lease, plan) => put(plans, `${lease.runId}/${lease.edition}`, lease, plan),
    putTailored: async (lease, one) => put(tailored, `${lease.runId}/${one.modelKey}`, lease, one),
    rubric: async (runId) => structuredClone(rubrics.get(runId)?.value ?? null),
    plan: async (runId, edition) => structuredClone(plans.get(`${runId}/${edition}`)?.value ?? null),
    tailored: async (runId, edition) =>
      [...tailored.values()]
        .filter((one) => one.runId === runId && one.edition === edition)
        .map(({ value }) => structuredClone(value))
        .sort((a, b) => (a.modelKey < b.modelKey ? -1 : 1)),
    removeOfPerson: async (userId) => remove([...runs.values()].filter((run) => run.userId === userId)),
    removeDeleted: async (before) =>
      remove([...runs.values()].filter(({ deletedAt }) => deletedAt !== null && deletedAt < before)),
    allOf: async (userId) =>
      [...runs.values()]
        .filter((run) => run.userId === userId)
        .sort(newestFirst)
        .map((run) => structuredClone(run)),
    async deletedWith(owner, source, at) {
      for (const run of runs.values()) {
        if (!isMadeOf(run, source) || !isOf(run, owner) || run.deletedAt !== null) continue;
        if (isOpen(run)) {
          const errorMessage = "What it was made of was deleted before it had ended.";
          Object.assign(run, { status: "error", stage: "ERROR", failedStage: "initialized", errorMessage });
          Object.assign(run, { completedAt: at, updatedAt: at });
        }
        run.deletedAt = at;
      }
    },
    async restoredWith(owner, source, at) {
      for (const run of runs.values())
        if (isMadeOf(run, source) && isOf(run, owner) && run.deletedAt?.getTime() === at.getTime())
          run.deletedAt = null;
    },
    removedWith: async (source) => remove([...runs.values()].filter((run) => isMadeOf(run, source))),
  };
}
