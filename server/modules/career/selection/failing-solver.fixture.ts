// For tests: a solver's thread that dies at its first message.
import { parentPort } from "node:worker_threads";

parentPort?.on("message", () => process.exit(3));
