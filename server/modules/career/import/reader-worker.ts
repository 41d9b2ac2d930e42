// A thread that reads one file and ends: nothing of a hostile one outlives it.
import { parentPort } from "node:worker_threads";
import type { FromReader, ToReader } from "./reader.ts";
import { readFile } from "./read-file.ts";

if (parentPort === null) throw new Error("this program runs as a thread");
const port = parentPort;

port.once(
  "message",
  (message: ToReader) => void readFile(message).then((answer: FromReader) => port.postMessage(answer)),
);
