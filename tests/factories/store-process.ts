// The embedded store as a process of its own, started on a disk that fills up or fails.
import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { CommitCounts } from "./failing-commits.ts";

const program = fileURLToPath(new URL("../../server/embedded-mongo/main.ts", import.meta.url));
const secret = "a-secret-of-more-than-sixteen-characters";
const continuousIntegration = process.env["CI"] === "true";

/** Path of fiu-run (Debian's fiu-utils), or null where the machine has none; scripts/test.mjs looks for it. */
export const faultProgram = process.env["CONNVO_FIU"] ?? null;

export interface StoreProcess {
  uri: string;
  pid: number;
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** What it has said on stderr until now. */
  said(): string;
}

export interface LaunchedStore {
  /** Rejects with what the process said on stderr where it does not come up. */
  ready: Promise<StoreProcess>;
  /** May be called before it is ready. */
  kill(): Promise<void>;
}

/** Starts the store, under another program if one is given with its arguments. */
export function launchStore(dataDir: string, under: readonly string[] = []): LaunchedStore {
  const [command = "", ...args] = [
    ...under,
    process.execPath,
    "--disable-warning=ExperimentalWarning",
    program,
  ];
  const child = spawn(command, [...args, "--data-dir", dataDir], { stdio: ["pipe", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdin.on("error", () => undefined);
  child.stdin.write(`${secret}\n`);
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const kill = async () => {
    child.kill("SIGKILL");
    await closed;
  };
  const ready = new Promise<StoreProcess>((resolve, reject) => {
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      const line = /^(\{.*\})\n/.exec(out)?.[1];
      if (line === undefined) return;
      const { port } = JSON.parse(line) as { port: number };
      resolve({
        uri: `mongodb://connvo:${secret}@127.0.0.1:${port}/?directConnection=true&authSource=admin`,
        pid: child.pid ?? 0,
        kill,
        said: () => errors,
        async stop() {
          child.stdin.end();
          await closed;
        },
      });
    });
    child.once("error", reject);
    void closed.then(() => reject(new Error(errors.trim())));
  });
  // Who kills it before it is ready does not wait for that.
  ready.catch(() => undefined);
  return { ready, kill };
}

export function startStoreProcess(dataDir: string, under: readonly string[] = []): Promise<StoreProcess> {
  return launchStore(dataDir, under).ready;
}

/** A store whose calls to the C library can be made to fail while it runs. */
export interface FaultyStore extends StoreProcess {
  /** A command of fiu-ctrl, such as `enable name=posix/io/sync/*,failinfo=5` (the number is the errno). */
  fault(command: string): Promise<void>;
}

/**
 * Runs tests/factories/failing-commits.ts with `fault`, a command of fiu-ctrl, in force once its store is open.
 */
export async function failingCommits(
  dataDir: string,
  { rounds, fault }: { rounds: number; fault: string },
): Promise<CommitCounts> {
  if (faultProgram === null) throw new Error("fiu-run is not installed");
  const controls = mkdtempSync(join(tmpdir(), "embedded-mongo-faults-"));
  const control = join(controls, "control");
  const child = spawn(
    faultProgram,
    [
      ...["-x", "-f", control, process.execPath, "--disable-warning=ExperimentalWarning"],
      ...[fileURLToPath(new URL("failing-commits.ts", import.meta.url)), dataDir, String(rounds)],
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  try {
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    if ((await lines.next()).value !== "open") throw new Error("the store did not open");
    await promisify(execFile)(join(dirname(faultProgram), "fiu-ctrl"), [
      ...["-f", control, "-c", fault, String(child.pid)],
    ]);
    child.stdin.write("\n");
    const { value } = await lines.next();
    if (typeof value !== "string") throw new Error("the program ended before it was through");
    return JSON.parse(value) as CommitCounts;
  } finally {
    child.kill("SIGKILL");
    rmSync(controls, { recursive: true, force: true });
  }
}

export async function startFaultyStore(dataDir: string): Promise<FaultyStore> {
  if (faultProgram === null) throw new Error("fiu-run is not installed");
  const controls = mkdtempSync(join(tmpdir(), "embedded-mongo-faults-"));
  const control = join(controls, "control");
  const store = await startStoreProcess(dataDir, [faultProgram, "-x", "-f", control]);
  const controller = join(dirname(faultProgram), "fiu-ctrl");
  return {
    ...store,
    async fault(command) {
      await promisify(execFile)(controller, ["-f", control, "-c", command, String(store.pid)]);
    },
    async kill() {
      await store.kill();
      rmSync(controls, { recursive: true, force: true });
    },
    async stop() {
      await store.stop();
      rmSync(controls, { recursive: true, force: true });
    },
  };
}

export interface SmallDisk {
  directory: string;
  remove(): void;
}

/** A file system of a few megabytes in memory, or null where mounting is not permitted; under CI it must be. */
export function mountSmallDisk(megabytes: number): SmallDisk | null {
  const directory = mkdtempSync(join(tmpdir(), "embedded-mongo-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", directory], { stdio: "pipe" });
  } catch (error) {
    rmSync(directory, { recursive: true });
    if (continuousIntegration) throw error;
    return null;
  }
  return {
    directory,
    remove() {
      execFileSync("umount", [directory]);
      rmSync(directory, { recursive: true });
    },
  };
}

/** Whether small disks can be had here; tests that need one are skipped otherwise. */
export function canMount(): boolean {
  const disk = process.platform === "linux" ? mountSmallDisk(1) : null;
  disk?.remove();
  return disk !== null;
}
