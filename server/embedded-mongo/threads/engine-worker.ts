// An engine thread: the reader or the writer, on its own connection to the data file, answering whole wire messages.
import { flushCompileCache } from "node:module";
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { StorageOpenError } from "../storage/sqlite-storage.ts";
import { openReadEngine } from "./read-engine.ts";
import { Answers, RequestRunner, type ThreadEngine } from "./request-runner.ts";
import type { FromThread, ThreadOptions, ToThread } from "./thread-messages.ts";
import { openWriteEngine } from "./write-engine.ts";

if (parentPort === null) throw new Error("this program runs as a thread of the store's server");
serve(parentPort, workerData as ThreadOptions);

function serve(port: MessagePort, options: ThreadOptions): void {
  const send = (message: FromThread, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  const report = (error: unknown, where: string) => send({ kind: "fault", error, where });
  const answers = new Answers(send);
  let engine: ThreadEngine;
  try {
    engine =
      options.role === "reader"
        ? openReadEngine({ ...options, report })
        : openWriteEngine({ ...options, report, settled: () => answers.flushSoon() });
  } catch (error) {
    if (!(error instanceof StorageOpenError)) throw error;
    send({ kind: "refused", message: error.message });
    return;
  }
  const runner = new RequestRunner({ engine, answers, report });
  port.on("message", (message: ToThread) => {
    if (message.kind === "requests") runner.take(message.batch);
    else
      runner.close().then(
        () => port.close(),
        (error: unknown) => {
          report(error, "stop");
          port.close();
        },
      );
  });
  send({ kind: "ready" });
  // A thread keeps what it compiled by itself, and not where the process is killed.
  flushCompileCache();
}
