// The checkpoints' thread with a weak spot for tests: it dies of every checkpoint.
import { parentPort } from "node:worker_threads";

parentPort?.on("message", (message: "checkpoint" | "close") => {
  if (message === "checkpoint") throw new Error("a fault that nothing catches");
  parentPort?.close();
});
