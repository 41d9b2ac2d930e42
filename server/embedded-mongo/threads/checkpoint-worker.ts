// A thread that takes the write-ahead log into the data file while the writer goes on: its syncs hold up nobody.
import { flushCompileCache } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import { openCheckpointConnection } from "../storage/sqlite-storage.ts";
import type { CheckpointResult } from "./checkpoints.ts";

if (parentPort === null) throw new Error("this program runs as a thread of the store's server");
const port = parentPort;
const database = openCheckpointConnection(workerData as string);
const checkpoint = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
// A thread keeps what it compiled by itself, and not where the process is killed.
flushCompileCache();

port.on("message", (message: "checkpoint" | "close") => {
  if (message === "close") {
    database.close();
    port.close();
    return;
  }
  port.postMessage(takenIn());
});

/** What the disk refuses is left in the log, and tried again with the next commits. */
function takenIn(): CheckpointResult {
  try {
    const { checkpointed } = checkpoint.get() as { checkpointed: number };
    return { framesTaken: checkpointed };
  } catch {
    return { framesTaken: null };
  }
}
