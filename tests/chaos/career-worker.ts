// A process that works on runs once it is told to: stops for good where it is told, says so in a line, and waits to be killed.
import mongoose from "mongoose";
import { createJobs } from "../../server/jobs/index.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { createMemoryBus } from "../../server/platform/event-bus.ts";
import { createTestRuns } from "../factories/career-runs.ts";

const [uri = "", dbName = ""] = process.argv.slice(2);
/** Such as `selecting/worked`; empty for nowhere. */
let stopAt = "";
const connection = await mongoose.createConnection(uri, { dbName }).asPromise();
const metrics = createMetrics({ processMetrics: false });
const jobs = await createJobs({
  connection,
  clock: systemClock,
  ids: systemIds,
  logger: silentLogger,
  metrics,
});
const { runs } = await createTestRuns({
  connection,
  jobs,
  metrics,
  bus: createMemoryBus(silentLogger),
  async observe(stage, moment) {
    if (`${stage}/${moment}` !== stopAt) return;
    process.stdout.write(`${stopAt}\n`);
    await new Promise(() => undefined);
  },
});
await runs.start();
process.on("message", (told: { stopAt: string } | "work") => {
  if (told === "work") jobs.start();
  else stopAt = told.stopAt;
  process.stdout.write(told === "work" ? "working\n" : `told ${told.stopAt}\n`);
});
process.stdout.write("ready\n");
