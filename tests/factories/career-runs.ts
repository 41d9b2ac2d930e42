// Runs on a test store over a fixed résumé and posting; their files are documents that count how often they were made.
import type mongoose from "mongoose";
import type { Jobs } from "../../server/jobs/index.ts";
import { createRunFilesRepository } from "../../server/modules/career/runs/run-files.repository.mongo.ts";
import { createRunFiles } from "../../server/modules/career/runs/run-files.ts";
import type { RunMachineParts } from "../../server/modules/career/runs/run-machine.ts";
import { createRunsModule, createRunsRepository } from "../../server/modules/career/runs/index.ts";
import { nurseWorld, runPorts } from "../../server/modules/career/runs/testing-runs.ts";
import { RunStopped } from "../../server/modules/career/runs/run-sources.ts";
import { systemClock } from "../../server/platform/clock.ts";
import type { EventBus } from "../../server/platform/event-bus.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import type { Metrics } from "../../server/platform/metrics.ts";
import { artifactTypeSchema } from "../../shared/schemas/career/enums.ts";
import { createDatabaseFiles } from "../../server/vendors/files/database.mongo.ts";
import { testCipher } from "./cipher.ts";

/** A run for this posting can never be printed. */
export const unprintable = "3".repeat(24);

/** Files of runs in the store: each is what was tailored, as JSON. */
export async function createTestRunFiles(connection: mongoose.Connection) {
  const store = await createDatabaseFiles({ connection, ids: systemIds, now: () => systemClock.now() });
  const artefacts = createRunFiles({
    repository: await createRunFilesRepository(connection, testCipher),
    store,
    clock: systemClock,
    maker: {
      templates: ["classic"],
      templateOf: ({ template }) => ({ version: template, hash: template }),
      warm: () => undefined,
      async makeOthers({ tailored }) {
        const content = Buffer.from(JSON.stringify(tailored));
        const types = artifactTypeSchema.options.filter((type) => type !== "pdf");
        return { files: new Map(types.map((type) => [type, content])), notes: [] };
      },
      async makePdf({ tailored, jobTitle }) {
        if (jobTitle === "Unprintable") throw new RunStopped("It cannot be printed.");
        const page = { pages: 1, length: 0.5, limit: 1 };
        return { pdf: Buffer.from(JSON.stringify(tailored)), page, notes: [] };
      },
    },
  });
  return { store, artefacts };
}

export async function createTestRuns(parts: {
  connection: mongoose.Connection;
  jobs: Jobs;
  metrics: Metrics;
  bus: EventBus;
  observe?: RunMachineParts["observe"];
}) {
  const { connection } = parts;
  const world = nurseWorld();
  const ports = runPorts(world);
  const { store, artefacts } = await createTestRunFiles(connection);
  const runs = createRunsModule({
    ...ports,
    ...parts,
    artefacts,
    postings: {
      ...ports.postings,
      async get(owner, id) {
        const { posting } = world;
        if (id !== unprintable || posting === null) return await ports.postings.get(owner, id);
        return { id, posting: { ...posting.posting, title: "Unprintable" } };
      },
    },
    repository: await createRunsRepository(connection, testCipher),
    hashes: testCipher,
    clock: systemClock,
    ids: systemIds,
    logger: silentLogger,
    leaseMs: 1_500,
  });
  return { runs, store };
}
