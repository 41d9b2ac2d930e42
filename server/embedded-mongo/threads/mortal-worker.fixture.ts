// The reader's thread with a weak spot for tests: a command named "die" is a fault that nothing catches.
import { parentPort } from "node:worker_threads";
import { commandNameOf } from "../wire/messages.ts";
import { messagesOf, type ToThread } from "./thread-messages.ts";
import "./engine-worker.ts";

parentPort?.on("message", (message: ToThread) => {
  if (message.kind !== "requests") return;
  for (const { message: bytes } of messagesOf(message.batch))
    if (commandNameOf(bytes) === "die") throw new Error("a fault that nothing catches");
});
