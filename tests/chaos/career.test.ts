// Workers on runs are killed in each stage, before and after its work, while a second one waits: each run ends once.
import { defaultRunPage } from "../../shared/schemas/career/runs.ts";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { createJobs } from "../../server/jobs/index.ts";
import { postingId, resumeId, runOwner } from "../../server/modules/career/runs/testing-runs.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { createMemoryBus } from "../../server/platform/event-bus.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { artifactTypeSchema, runStages } from "../../shared/schemas/career/enums.ts";
import { createTestRuns, unprintable } from "../factories/career-runs.ts";
import { openTestStore } from "../factories/store.ts";

const all = runStages.flatMap((stage) => [`${stage}/begun`, `${stage}/worked`]);
/** Short: where most is at stake. Full, by `npm run chaos -- --only career`: every stage, before and after. */
const short = ["selecting/begun", "tailoring/worked", "generating_pdf/worked", "ERROR/begun"];
const places = process.env["CHAOS_ROUNDS"] === undefined ? short : all;

interface Worker {
  process: ChildProcess;
  /** Resolves when it has printed this line; rejects where it ends by itself before. */
  said(line: string): Promise<void>;
  tell(what: { stopAt: string } | "work"): void;
}

function startWorker(uri: string, dbName: string): Worker {
  const path = join(import.meta.dirname, "career-worker.ts");
  const child = spawn(process.execPath, [path, uri, dbName], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
  let complaints = "";
  child.stderr?.on("data", (text: Buffer) => (complaints += text.toString()));
  const lines = new Set<string>();
  const waiting = new Map<string, () => void>();
  if (child.stdout === null) throw new Error("the worker has no output");
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.add(line);
    waiting.get(line)?.();
  });
  return {
    process: child,
    said: (line) =>
      new Promise((resolve, reject) => {
        if (lines.has(line)) resolve();
        waiting.set(line, resolve);
        child.once("exit", () => reject(new Error(`the worker ended by itself: ${complaints}`)));
      }),
    tell: (what) => void child.send(what),
  };
}

async function kill({ process: child }: Worker): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

test(
  `[RUNS-15] killed at ${places.length} places in its stages, each run ends once and with one set of files`,
  { timeout: 1_800_000 },
  async () => {
    const store = await openTestStore();
    const { connection, uri } = store;
    const metrics = createMetrics({ processMetrics: false });
    const jobs = await createJobs({
      connection,
      clock: systemClock,
      ids: systemIds,
      logger: silentLogger,
      metrics,
    });
    const { runs, store: files } = await createTestRuns({
      connection,
      jobs,
      metrics,
      bus: createMemoryBus(silentLogger),
    });
    const database = connection.getClient().db(connection.name);
    const workers: Worker[] = [];
    const start = () => {
      const worker = startWorker(uri, connection.name);
      workers.push(worker);
      return worker;
    };
    try {
      // The first run's pages are what every other one's must be.
      const hashes = new Set<string>();
      let next = start();
      await next.said("ready");
      next.tell("work");
      for (const place of places) {
        const fails = place.startsWith("ERROR");
        // Who took the last run over dies in this one; the one after it is started meanwhile.
        const [dying, other] = [next, start()];
        next = other;
        dying.tell({ stopAt: place });
        await dying.said(`told ${place}`);
        const { runId } = await runs.service.start(runOwner, {
          masterResumeId: resumeId,
          jobId: fails ? unprintable : postingId,
          mockMode: false,
          modelVariants: ["rules"],
          ...defaultRunPage,
          pins: [],
          bans: [],
        });
        await dying.said(place);
        // The other one works before, and takes over when the lease has run out.
        await other.said("ready");
        other.tell("work");
        await other.said("working");
        await kill(dying);
        await expect
          .poll(async () => (await runs.service.get(runOwner, runId)).status, {
            timeout: 600_000,
            interval: 100,
          })
          .toBe(fails ? "error" : "success");
        // Whatever a late one would still write, it would write before its job is done.
        await expect
          .poll(() => database.collection("jobs").countDocuments({ key: runId, state: "done" }), {
            timeout: 600_000,
            interval: 100,
          })
          .toBe(1);
        const view = await runs.service.get(runOwner, runId);
        const count = (name: string) => database.collection(name).countDocuments({ runId });
        expect(await count("runRubrics")).toBe(1);
        expect(await count("selectionPlans")).toBe(1);
        expect(await count("tailoredResumes")).toBe(1);
        const types = view.files.map(({ artifactType }) => artifactType).sort();
        const all = [...artifactTypeSchema.options].sort();
        if (fails) {
          expect(view).toMatchObject({ stage: "ERROR", errorMessage: "It cannot be printed." });
          expect(types).toEqual(all.filter((type) => type !== "pdf"));
        } else {
          expect(types).toEqual(all);
          for (const { tailoredHash } of view.tailored) hashes.add(tailoredHash);
        }
      }
      expect(hashes.size).toBe(1);
      // No bytes are left that no run names.
      const named = await database.collection("generatedArtifacts").distinct("storageId");
      const kept: string[] = [];
      for await (const id of files.ids()) kept.push(id);
      expect(kept.sort()).toEqual(named.sort());
      console.log(`figures: ${places.length} kills, ${named.length} files, one set a run`);
    } finally {
      await Promise.all(workers.map(kill));
      await runs.stop();
      await store.close();
    }
  },
);
