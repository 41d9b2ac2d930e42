// A reader with a fault of its own.
import { parentPort } from "node:worker_threads";

parentPort?.once("message", () => void Promise.reject(new Error("a fault of the program")));
