// The checkpoints' thread as it is beside a quick writer, for tests: each round leaves some of the log, the third little.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import type { CheckpointResult } from "./checkpoints.ts";

const taken = [6000, 7000, 1_000_000];
let rounds = 0;

parentPort?.on("message", (message: "checkpoint" | "close") => {
  if (message === "close") {
    parentPort?.close();
    return;
  }
  writeFileSync(join(workerData as string, "rounds"), String(rounds + 1));
  parentPort?.postMessage({ framesTaken: taken[rounds] ?? null } satisfies CheckpointResult);
  rounds += 1;
});
