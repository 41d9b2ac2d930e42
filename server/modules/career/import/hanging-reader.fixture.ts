// A reader that never comes to an end, as a hostile file would make it.
import { parentPort } from "node:worker_threads";

parentPort?.once("message", () => {
  for (;;);
});
