// Has the garbage of servers under test collected: what is resident then is what they hold, not what is yet to be collected.
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cameTrue } from "./load-process.ts";

const collectedWithinMs = 30_000;

export interface GarbageCollection {
  /** For the server's environment: its children get it from there. */
  environment: Readonly<Record<string, string>>;
  /** Resolves when all of these have collected. Rejects where one does not answer. */
  collect(pids: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

export async function garbageCollection(): Promise<GarbageCollection> {
  const directory = await mkdtemp(join(tmpdir(), "connvo-bench-garbage-"));
  const preload = pathToFileURL(join(import.meta.dirname, "garbage-preload.ts")).href;
  return {
    environment: {
      BENCH_GARBAGE_DIR: directory,
      NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --import=${preload}`.trim(),
    },
    async collect(pids) {
      await Promise.all(
        pids.map(async (pid) => {
          const answer = join(directory, String(pid));
          await rm(answer, { force: true });
          process.kill(pid, "SIGUSR2");
          let collected = false;
          const look = () => {
            access(answer).then(
              () => (collected = true),
              () => undefined,
            );
            return collected;
          };
          if (!(await cameTrue(look, collectedWithinMs)))
            throw new Error(`Process ${pid} did not collect its garbage.`);
        }),
      );
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
}
