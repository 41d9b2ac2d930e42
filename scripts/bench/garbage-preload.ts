// Loaded into the servers under test before anything else: on a signal garbage is collected, and a file says what is held.
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getHeapCodeStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";

/** What is not in use is let go only when it has seen several. */
const collections = 10;
const answersIn = process.env["BENCH_GARBAGE_DIR"];
if (isMainThread && answersIn !== undefined) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options: object) => void;
  process.on("SIGUSR2", () => {
    for (let times = 0; times < collections; times += 1)
      collect({ type: "major", execution: "sync", flavor: "last-resort" });
    const { heapUsed, external } = process.memoryUsage();
    // Code is compiled as time goes by, whatever is held.
    const { code_and_metadata_size, bytecode_and_metadata_size } = getHeapCodeStatistics();
    // Renamed into its place, so that nobody reads half of it.
    const file = join(answersIn, String(process.pid));
    writeFileSync(
      `${file}.part`,
      String(heapUsed + external - code_and_metadata_size - bytecode_and_metadata_size),
    );
    renameSync(`${file}.part`, file);
  });
}
