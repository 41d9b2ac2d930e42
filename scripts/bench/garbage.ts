// What servers under test hold when their garbage is collected: what is resident says more of the collector than of them.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cameTrue } from "./load-process.ts";

const collectedWithinMs = 30_000;

export interface GarbageCollection {
  /** For the server's environment: its children get it from there. */
  environment: Readonly<Record<string, string>>;
  /** Bytes of the heaps and buffers of their main threads. Rejects where one does not answer. */
  held(pids: readonly number[]): Promise<number>;
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
    async held(pids) {
      const each = await Promise.all(
        pids.map(async (pid) => {
          const answer = join(directory, String(pid));
          await rm(answer, { force: true });
          process.kill(pid, "SIGUSR2");
          let bytes: number | null = null;
          const look = () => {
            readFile(answer, "utf8").then(
              (text) => (bytes = Number(text)),
              () => undefined,
            );
            return bytes !== null;
          };
          await cameTrue(look, collectedWithinMs);
          if (bytes === null) throw new Error(`Process ${pid} did not collect its garbage.`);
          return Number(bytes);
        }),
      );
      return each.reduce((sum, bytes) => sum + bytes, 0);
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
}
