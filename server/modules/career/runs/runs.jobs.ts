// The job that carries a run: one a run, taken over where its process dies, one at a time in each process.
import { z } from "zod";
import { runIdSchema } from "../../../../shared/schemas/career/runs.ts";
import { defineJob, type Jobs } from "../../../jobs/index.ts";
import type { RunMachine } from "./run-machine.ts";

const retryWaitsMs = [2_000, 10_000, 60_000];
const ownLeaseMs = 30_000;

export function createRunsJob(parts: {
  jobs: Pick<Jobs, "register">;
  machine: RunMachine;
  leaseMs?: number | undefined;
}) {
  const { jobs, machine, leaseMs = ownLeaseMs } = parts;
  const job = defineJob({
    name: "career.run",
    payload: z.object({ runId: runIdSchema }),
    // A process that dies counts as a try, too.
    maxAttempts: retryWaitsMs.length + 3,
    leaseMs,
    atOnce: 1,
    shareMost: 0.2,
    backoffMs: (attempt) => retryWaitsMs[attempt - 1] ?? 60_000,
    run: ({ runId }, { fence, signal }) => machine.run(runId, { fence, signal }),
    async onDead({ runId }, code) {
      await machine.fail(
        runId,
        `It failed several times (${code}). Nothing of it was lost: try again later.`,
      );
    },
  });
  jobs.register(job);
  return job;
}
