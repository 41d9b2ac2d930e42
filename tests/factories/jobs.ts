// Workers of the job queue on a test store: each as another process would be, with a connection object and a clock of its own.
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { z } from "zod";
import { createJobs } from "../../server/jobs/worker.ts";
import { defineJob, type JobContext, type JobDefinition, type Jobs } from "../../server/jobs/index.ts";
import { FakeClock } from "../../server/platform/clock.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { openTestStore, type TestStore } from "./store.ts";

export const within = { timeout: 30_000, interval: 20 };
const payload = z.object({ n: z.number().int() });

/** For one file of tests: a store with no jobs before each of them, and the workers stopped after it. */
export function jobsOnTestStore() {
  let store: TestStore;
  const workers: Jobs[] = [];
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await store.connection.collection("jobs").deleteMany({});
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.stop(0);
  });
  const collection = () => store.connection.collection("jobs");
  return {
    collection,
    stored: (key: string) => collection().findOne({ key }),
    async worker(definitions: JobDefinition[], clock = new FakeClock()): Promise<Jobs> {
      const jobs = await createJobs({
        connection: store.connection.useDb(store.connection.name),
        clock,
        ids: systemIds,
        logger: silentLogger,
        metrics: createMetrics({ processMetrics: false }),
      });
      for (const definition of definitions) jobs.register(definition);
      workers.push(jobs);
      return jobs;
    },
  };
}

export function countingJob(
  run: (n: number, context: JobContext) => Promise<void>,
  change: Partial<JobDefinition<typeof payload>> = {},
) {
  return defineJob({
    name: "test.count",
    payload,
    maxAttempts: 3,
    leaseMs: 30_000,
    backoffMs: () => 10_000,
    run: ({ n }, context) => run(n, context),
    ...change,
  });
}

export function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
