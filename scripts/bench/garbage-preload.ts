// Loaded into the servers under test before anything else: on a signal garbage is collected, and a file says that it was.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";

const answersIn = process.env["BENCH_GARBAGE_DIR"];
if (isMainThread && answersIn !== undefined) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options: object) => void;
  process.on("SIGUSR2", () => {
    // Gives back what the heap has room for, too.
    collect({ type: "major", execution: "sync", flavor: "last-resort" });
    writeFileSync(join(answersIn, String(process.pid)), "");
  });
}
